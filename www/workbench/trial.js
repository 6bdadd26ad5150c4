// @ts-check
// The trial of a flow: it is run when it is right, and what it did is shown.

import { setText } from "../runtime/dom.js";
import { Choice } from "./choice.js";
import { flowsOf } from "./flow.js";
import { part } from "./page.js";
import { startRun } from "./run.js";
import { createSteps } from "./steps.js";

/**
 * @typedef {object} Given
 * @property {import("./draft.js").Draft} draft
 * @property {import("./writing.js").Editor} editor
 * @property {any} Doorkey
 * @property {{ email: string, password: string } | undefined} user who may sign in
 */

export class Trial {
  #given;
  #choice;
  #steps;
  /** @type {ReturnType<typeof startRun> | undefined} */
  #running;
  #isBusy = false;
  #wasCancelled = false;
  /** The text that was run. */
  #tried = "";

  /** @param {Given} given */
  constructor(given) {
    this.#given = given;
    this.#choice = new Choice(given.draft, given.Doorkey, given.user);
    this.#steps = createSteps(part("steps"), (path) => given.editor.show(path));
    given.draft.onTaken(() => this.#showButtons());
    part("try").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#run();
    });
    part("cancel").addEventListener("click", () => {
      this.#wasCancelled = true;
      this.#running?.cancel();
    });
    this.clear();
  }

  /** Forgets what was run. */
  clear() {
    this.#steps.clear();
    this.#say("Each step of a run will be listed here.", "none");
  }

  /** A text was checked: what is shown may be another one's. @param {string} text */
  outdate(text) {
    if (text !== this.#tried && !this.#isBusy && /good|bad/.test(part("state").dataset.state ?? ""))
      this.#say("The flow has changed since it was run.", "changed");
  }

  async #run() {
    const { draft, editor } = this.#given;
    draft.take(editor.text()); // what was written a moment ago was not checked yet
    if (draft.document === undefined || this.#isBusy) return;
    this.#tried = editor.text();
    this.#wasCancelled = false;
    this.#steps.clear();
    editor.mark([]);
    this.#say("Running …", "busy");
    this.#isBusy = true;
    this.#showButtons();
    try {
      await this.#runDocument();
    } catch (error) {
      const { code, message } = /** @type {any} */ (error);
      this.#say(this.#wasCancelled ? "Cancelled. Nothing was stored." : `${message} (${code ?? "error"})`, "bad");
    } finally {
      this.#running = undefined;
      this.#isBusy = false;
      this.#showButtons();
      if (document.activeElement === document.body || document.activeElement === part("cancel")) part("run").focus();
    }
  }

  async #runDocument() {
    const { draft, editor, Doorkey } = this.#given;
    const begun = performance.now();
    this.#running = startRun({
      Doorkey,
      document: draft.document,
      flow: this.#choice.flow,
      values: this.#choice.values(),
      prompt: await this.#choice.prompt(),
      say: (text) => this.#say(text, "busy"),
    });
    this.#showButtons();
    const { steps } = await this.#running.done;
    this.#steps.show(steps);
    const failed = steps.find((/** @type {import("./run.js").Step} */ { error }) => error);
    if (failed) editor.mark([{ path: failed.path, message: failed.error.message }]);
    const time = `${steps.length} ${steps.length === 1 ? "step" : "steps"} in ${Math.round(performance.now() - begun)} ms`;
    if (this.#wasCancelled) this.#say("Cancelled. Nothing was stored.", "bad");
    else if (failed) this.#say(`Failed at ${failed.id}: ${failed.error.message}`, "bad");
    else this.#say(`It works: ${time}. Nothing was stored.`, "good");
  }

  #showButtons() {
    const { document } = this.#given.draft;
    /** @type {HTMLButtonElement} */ (part("run")).disabled = this.#isBusy || document === undefined || flowsOf(document).length === 0;
    part("run").setAttribute("aria-busy", String(this.#isBusy));
    part("cancel").hidden = this.#running === undefined;
  }

  /** @param {string} text @param {"none" | "changed" | "good" | "bad" | "busy"} state */
  #say(text, state) {
    setText(part("state"), text);
    part("state").dataset.state = state;
  }
}
