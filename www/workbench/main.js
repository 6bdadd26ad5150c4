// @ts-check
// Starts the workbench and joins its parts: the text is checked as it is written, run when it is right, and copied as it stands.

import { forgetAway, isAnswered, isLink, keepSeen, keptAway } from "./away.js";
import { startCode } from "./code.js";
import { Draft } from "./draft.js";
import { startImporter } from "./importer.js";
import { cannotStart, getJson, load, part, showWindow } from "./page.js";
import { watchRequests } from "./requests.js";
import { handOver } from "./run.js";
import { startServers } from "./servers.js";
import { Trial } from "./trial.js";
import { startWriting } from "./writing.js";

const kept = keptAway();
const hasAnswer = isAnswered();
/** The run that may go on: what came by a link is no answer, and that none has come is told once. */
const before = kept?.text !== undefined && !isLink() && (hasAnswer || !kept.isSeen) ? kept : undefined;

try {
  // A window that a run has opened has nothing to do but to hand its address over.
  const isWindow = hasAnswer && (kept ? kept.text === undefined : window.name === "doorkey");
  if (isWindow) await endWindow();
  else await start();
} catch (error) {
  cannotStart(/** @type {Error} */ (error));
}

async function endWindow() {
  showWindow("One moment", "The answer goes to the workbench, and this window closes.");
  const Doorkey = await loadPackage();
  await handOver(Doorkey, kept?.answer);
  showWindow(
    "This window is of no use any more",
    "The workbench that has opened it is gone, or has given up. Close this window, and run the flow again there.",
  );
}

async function start() {
  const [Doorkey, schema, settings, { createEditor }, presets] = await Promise.all([
    loadPackage(),
    load("the schema", () => getJson("/pkg/flow.schema.json")),
    load("the settings", () => getJson("/config.json")),
    load("the editor", () => import("./editor.mjs")),
    load("the list of servers", () => getJson("/providers.json")),
  ]);
  watchRequests([settings.authUrl, ...(settings.reach ?? [])]);
  const draft = new Draft(Doorkey, schema);
  /** The text that the problems are about. */
  let checked = "";
  const { editor, replace, written } = await startWriting({
    draft,
    schema,
    createEditor,
    presets,
    before,
    onChecked(text) {
      checked = text;
      trial.outdate(text);
    },
    onReplaced: () => trial.clear(),
  });
  startServers({ Doorkey, draft, presets, replace });
  startImporter({ Doorkey, draft, replace });
  const trial = new Trial({ draft, editor, Doorkey, user: settings.user, authUrl: settings.authUrl, written });
  startCode(draft, () => editor.text());
  part("here").textContent = location.origin + location.pathname;
  part("bench").removeAttribute("aria-busy");
  window.workbench = { editor, isChecked: () => checked === editor.text() };
  if (kept?.text === undefined) forgetAway();
  if (before === undefined) return;
  keepSeen(before);
  await trial.resume(before);
}

function loadPackage() {
  return load("the package", async () => {
    const module = await import("/pkg/dist/doorkey.mjs");
    await module.ready;
    return module;
  });
}
