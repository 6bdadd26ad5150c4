// @ts-check
// Starts the workbench and joins its parts: the text is checked as it is written, run when it is right, and copied as it stands.

import { forgetAway, isAnswered, keptAway } from "./away.js";
import { startCode } from "./code.js";
import { Draft } from "./draft.js";
import { cannotStart, getJson, load, part, showWindow } from "./page.js";
import { watchRequests } from "./requests.js";
import { handOver } from "./run.js";
import { startServers } from "./servers.js";
import { Trial } from "./trial.js";
import { startWriting } from "./writing.js";

const before = keptAway();
const hasAnswer = isAnswered();

try {
  // A window that a run has opened has nothing to do but to hand its address over.
  const isWindow = hasAnswer && (before ? before.text === undefined : window.name === "doorkey");
  if (isWindow) await endWindow();
  else await start();
} catch (error) {
  cannotStart(/** @type {Error} */ (error));
}

async function endWindow() {
  showWindow("One moment", "The answer goes to the workbench, and this window closes.");
  const Doorkey = await loadPackage();
  await handOver(Doorkey, before?.answer);
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
  watchRequests(settings.authUrl);
  const draft = new Draft(Doorkey, schema);
  /** The text that the problems are about. */
  let checked = "";
  const { editor, replace, from } = await startWriting({
    draft,
    schema,
    createEditor,
    presets,
    before: before?.text === undefined ? undefined : before,
    onChecked(text) {
      checked = text;
      trial.outdate(text);
    },
    onReplaced: () => trial.clear(),
  });
  startServers({ Doorkey, draft, presets, replace });
  const trial = new Trial({ draft, editor, Doorkey, user: settings.user, authUrl: settings.authUrl, from });
  startCode(draft, () => editor.text());
  part("here").textContent = location.origin + location.pathname;
  part("bench").removeAttribute("aria-busy");
  window.workbench = { editor, isChecked: () => checked === editor.text() };
  if (before?.text === undefined) forgetAway();
  else await trial.resume(before, hasAnswer);
}

function loadPackage() {
  return load("the package", async () => {
    const module = await import("/pkg/dist/doorkey.mjs");
    await module.ready;
    return module;
  });
}
