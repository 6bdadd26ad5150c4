// @ts-check
// The trial of a flow: it is run when it is right, and what it did is shown.

import { setText } from "../runtime/dom.js";
import { Choice } from "./choice.js";
import { flowsOf } from "./flow.js";
import { part } from "./page.js";
import { resumeRun, startRun } from "./run.js";
import { standIn } from "./server.js";
import { createSteps } from "./steps.js";

/**
 * @typedef {object} Given
 * @property {import("./draft.js").Draft} draft
 * @property {import("./writing.js").Editor} editor
 * @property {any} Doorkey
 * @property {{ email: string, password: string } | undefined} user who may sign in
 * @property {string} authUrl the embedded server
 * @property {() => string | undefined} from the preset that the draft was made by
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

  /**
   * The page has come up again after a run has left it.
   * @param {import("./away.js").Away} before @param {boolean} isAnswered whether the address holds an answer
   */
  async resume(before, isAnswered) {
    const { draft, editor } = this.#given;
    draft.take(editor.text());
    if (draft.document === undefined) return;
    this.#choice.flow = before.flow;
    if (isAnswered) {
      await this.#run(before);
      return part("state").scrollIntoView({ block: "center" });
    }
    this.#tried = editor.text();
    this.#steps.show(before.steps ?? []);
    const address = location.origin + location.pathname;
    this.#say(
      `The page was left, and is here again without an answer. Did the server show an error? Then compare clientId, and register ${address} there as a redirect address. Else run it again.`,
      "bad",
    );
    part("state").scrollIntoView({ block: "center" });
  }

  /** @param {import("./away.js").Away} [before] what was done before the page was left */
  async #run(before) {
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
      await this.#runDocument(before);
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

  /** @param {import("./away.js").Away} [before] */
  async #runDocument(before) {
    const { draft, editor, Doorkey, authUrl, from } = this.#given;
    const { document } = draft;
    const begun = performance.now();
    const given = {
      Doorkey,
      document,
      server: standIn(authUrl, document),
      flow: this.#choice.flow,
      say: (/** @type {string} */ text) => this.#say(text, "busy"),
    };
    const { way } = this.#choice;
    this.#running = before
      ? resumeRun({ ...given, before })
      : startRun({
          ...given,
          way,
          values: this.#choice.values(),
          prompt: await this.#choice.prompt(),
          away: { text: editor.text(), from: from() },
        });
    this.#showButtons();
    const { steps } = await this.#running.done;
    this.#steps.show(steps);
    const failed = steps.find((/** @type {import("./shown.js").Step} */ { error }) => error);
    if (failed) editor.mark([{ path: failed.path, message: failed.error.message }]);
    const time = `${steps.length} ${steps.length === 1 ? "step" : "steps"} in ${Math.round(performance.now() - begun)} ms`;
    if (this.#wasCancelled) this.#say("Cancelled. Nothing was stored.", "bad");
    else if (failed) this.#say(`Failed at ${failed.id}: ${failed.error.message}`, "bad");
    else if (way === "test" && steps.at(-1)?.kind === "authorize") {
      this.#say("The flow is right as far as it was followed: the step shows the address that it would go to. Nothing was stored.", "good");
    } else this.#say(`It works: ${time}. Nothing was stored.`, "good");
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
