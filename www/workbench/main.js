// @ts-check
// Starts the workbench and joins its parts: the text is checked as it is written, run when it is right, and copied as it stands.

import { startCode } from "./code.js";
import { Draft } from "./draft.js";
import { cannotStart, getJson, load, part } from "./page.js";
import { watchRequests } from "./run.js";
import { Trial } from "./trial.js";
import { startWriting } from "./writing.js";

try {
  await start();
} catch (error) {
  cannotStart(/** @type {Error} */ (error));
}

async function start() {
  const [Doorkey, schema, settings, { createEditor }] = await Promise.all([
    load("the package", async () => {
      const module = await import("/pkg/dist/doorkey.mjs");
      await module.ready;
      return module;
    }),
    load("the schema", () => getJson("/pkg/flow.schema.json")),
    load("the settings", () => getJson("/config.json")),
    load("the editor", () => import("./editor.mjs")),
  ]);
  watchRequests(settings.authUrl);
  const draft = new Draft(Doorkey, schema);
  /** The text that the problems are about. */
  let checked = "";
  const editor = await startWriting({
    draft,
    schema,
    createEditor,
    onChecked(text) {
      checked = text;
      trial.outdate(text);
    },
    onExample: () => trial.clear(),
  });
  const trial = new Trial({ draft, editor, Doorkey, user: settings.user });
  startCode(draft, () => editor.text());
  part("bench").removeAttribute("aria-busy");
  window.workbench = { editor, isChecked: () => checked === editor.text() };
}
