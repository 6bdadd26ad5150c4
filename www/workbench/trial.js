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
 * @property {() => import("./away.js").Written} written what is written now
 */

export class Trial {
  #given;
  #choice;
  #steps;
  /** @type {ReturnType<typeof startRun> | undefined} */
  #running;
  #isBusy = false;
  #wasCancelled = false;
  /** Whether another draft has taken the place of what is run. */
  #wasReplaced = false;
  /** The text that was run. */
  #tried = "";
  /** Origins that a flow which came by a link may leave for. @type {Set<string>} */
  #allowed = new Set();
  /** That one which was not asked for yet. @type {string | undefined} */
  #unasked;

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
    part("allow").addEventListener("click", () => {
      if (this.#unasked) this.#allowed.add(this.#unasked);
      this.#run();
    });
    this.clear();
  }

  /** Forgets what was run, and ends what is. */
  clear() {
    this.#wasReplaced = this.#isBusy;
    this.#running?.cancel();
    this.#allowed.clear();
    this.#ask(undefined);
    this.#steps.clear();
    this.#say("Each step of a run will be listed here.", "none");
  }

  /** A text was checked: what is shown may be another one's. @param {string} text */
  outdate(text) {
    if (text !== this.#tried && !this.#isBusy && /good|bad/.test(part("state").dataset.state ?? ""))
      this.#say("The flow has changed since it was run.", "changed");
  }

  /** The page has come up again after a run has left it. @param {import("./away.js").Away} before */
  async resume(before) {
    const { draft, editor } = this.#given;
    draft.take(editor.text());
    if (draft.document === undefined) return;
    this.#choice.flow = before.flow;
    await this.#run(before);
    part("state").scrollIntoView({ block: "center" });
  }

  /** @param {import("./away.js").Away} [before] what was done before the page was left */
  async #run(before) {
    const { draft, editor, written } = this.#given;
    draft.take(editor.text()); // what was written a moment ago was not checked yet
    if (draft.document === undefined || this.#isBusy) return;
    this.#tried = editor.text();
    this.#wasCancelled = this.#wasReplaced = false;
    this.#ask(undefined);
    this.#steps.clear();
    editor.mark([]);
    this.#say("Running …", "busy");
    this.#isBusy = true;
    this.#showButtons();
    try {
      await this.#runDocument(draft.document, written(), before);
    } catch (error) {
      const { code, message } = /** @type {any} */ (error);
      this.#conclude(`${message} (${code ?? "error"})`, "bad");
    } finally {
      this.#running = undefined;
      this.#isBusy = false;
      this.#showButtons();
      this.#ask(this.#wasCancelled || this.#wasReplaced ? undefined : this.#unasked);
      if (document.activeElement === document.body || document.activeElement === part("cancel")) part("run").focus();
    }
  }

  /**
   * @param {any} document what is run @param {import("./away.js").Written} away the same as it is written
   * @param {import("./away.js").Away} [before]
   */
  async #runDocument(document, away, before) {
    const { editor, Doorkey, authUrl } = this.#given;
    const begun = performance.now();
    const { flow, way } = this.#choice;
    const server = standIn(authUrl, document);
    const say = (/** @type {string} */ text) => this.#wasReplaced || this.#say(text, "busy");
    const given = { Doorkey, document, server, flow, say };
    const mayLeave = (/** @type {string} */ url) => this.#mayLeave(new URL(url).origin, away);
    const values = this.#choice.values();
    const prompt = before ? undefined : await this.#choice.prompt();
    if (this.#wasReplaced) return;
    this.#running = before ? resumeRun({ ...given, before }) : startRun({ ...given, way, values, prompt, away, mayLeave });
    this.#showButtons();
    const { steps, waits } = /** @type {{ steps: import("./shown.js").Step[], waits?: boolean }} */ (await this.#running.done);
    if (this.#wasReplaced) return;
    this.#steps.show(steps);
    if (waits) return this.#conclude(unanswered(), "bad");
    const failed = steps.find(({ error }) => error);
    if (failed?.error && editor.text() === this.#tried) editor.mark([{ path: failed.path, message: failed.error.message }]);
    const time = `${steps.length} ${steps.length === 1 ? "step" : "steps"} in ${Math.round(performance.now() - begun)} ms`;
    if (failed?.error) this.#conclude(`Failed at ${failed.id}: ${failed.error.message}`, "bad");
    else if (way === "test" && steps.at(-1)?.kind === "authorize") {
      this.#conclude(
        "The flow is right as far as it was followed: the step shows the address that it would go to. Nothing was stored.",
        "good",
      );
    } else this.#conclude(`It works: ${time}. Nothing was stored.`, "good");
  }

  /** Whether a draft may leave for an origin. One that came by a link asks before it goes elsewhere: no policy of the page holds for that. @param {string} origin @param {import("./away.js").Written} draft */
  #mayLeave(origin, { isLinked }) {
    const isKnown = !isLinked || [location.origin, new URL(this.#given.authUrl).origin, ...this.#allowed].includes(origin);
    if (!isKnown) this.#unasked = origin;
    return isKnown;
  }

  /** Asks whether a flow may leave for an origin. @param {string | undefined} origin */
  #ask(origin) {
    this.#unasked = origin;
    setText(part("whereto"), origin ?? "");
    part("unasked").hidden = origin === undefined;
  }

  /** Says what a run has come to. @param {string} text @param {"good" | "bad"} state */
  #conclude(text, state) {
    if (this.#wasReplaced) return;
    if (this.#wasCancelled) this.#say("Cancelled. Nothing was stored.", "bad");
    else if (this.#given.editor.text() === this.#tried) this.#say(text, state);
    else this.#say(`${text} The flow has changed since it was run.`, "changed");
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

/** That no answer has come, and what to do. */
const unanswered = () =>
  `The page was left, and is here again without an answer. Did the server show an error? Then compare clientId, and register ${location.origin + location.pathname} there as a redirect address. Else run it again.`;
