// @ts-check
// What shall be run: one flow of the document, its inputs, and whether doorkey's own form asks for them.

import { h, setText } from "../runtime/dom.js";
import { flowsOf, leavesOf, SERVER } from "./flow.js";
import { createInputs } from "./inputs.js";
import { load, part } from "./page.js";

export class Choice {
  #draft;
  #Doorkey;
  #user;
  #inputs = createInputs(part("inputs"));
  #flowName = /** @type {HTMLSelectElement} */ (part("flow-name"));
  #ask = /** @type {HTMLInputElement} */ (part("ask"));
  #way = /** @type {HTMLSelectElement} */ (part("way"));

  /** @param {import("./draft.js").Draft} draft @param {any} Doorkey @param {{ email: string, password: string } | undefined} user who may sign in */
  constructor(draft, Doorkey, user) {
    this.#draft = draft;
    this.#Doorkey = Doorkey;
    this.#user = user;
    if (user) part("demo").addEventListener("click", () => this.#inputs.fill(user));
    for (const choice of [this.#flowName, this.#ask]) choice.addEventListener("change", () => this.#showInputs());
    draft.onTaken(() => {
      if (draft.document !== undefined) this.#showFlows();
    });
  }

  get flow() {
    return this.#flowName.value;
  }

  set flow(name) {
    if (flowsOf(this.#draft.document).includes(name)) this.#flowName.value = name;
    this.#showInputs();
  }

  /** How far a sign-in goes that leaves the page; undefined for one that stays. */
  get way() {
    return part("leaves").hidden ? undefined : /** @type {import("./run.js").Way} */ (this.#way.value);
  }

  /** What is filled in. */
  values() {
    return this.#inputs.values();
  }

  /** doorkey's own form, if it shall ask. */
  async prompt() {
    if (!this.#ask.checked || part("asking").hidden) return undefined;
    await load("doorkey/ui", () => import("/pkg/dist/doorkey.ui.mjs"));
    return this.#Doorkey.hosts.browser().prompt;
  }

  #showFlows() {
    const names = flowsOf(this.#draft.document);
    const before = this.flow;
    this.#flowName.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
    if (names.includes(before)) this.#flowName.value = before;
    part("which").hidden = names.length < 2;
    this.#showInputs();
  }

  #showInputs() {
    this.#showWays();
    const { isAsked, hasForm } = this.#inputs.show(this.#draft.document, this.flow, !this.#ask.checked);
    part("asking").hidden = !hasForm;
    part("demo").hidden = !this.#user || !isAsked;
  }

  #showWays() {
    const leaves = leavesOf(this.#draft.document);
    const modes = leaves.map(({ body }) => body?.mode ?? "redirect").join();
    // The others need a session, which only a sign-in to its end brings.
    /** @type {HTMLOptionElement} */ (this.#way.options.namedItem("only-test")).hidden = this.flow !== "signin";
    // What comes back to a window and does not say to which sign-in is nobody's.
    const isTab = leaves.some(({ body }) => body?.bind === "tab");
    /** @type {HTMLOptionElement} */ (this.#way.options.namedItem("in-window")).hidden = isTab;
    const isOther =
      modes !== this.#way.dataset.modes || (this.flow !== "signin" && this.#way.value === "test") || (isTab && this.#way.value === "popup");
    if (isOther) this.#way.value = leaves[0]?.body?.mode === "popup" ? "popup" : "redirect";
    this.#way.dataset.modes = modes;
    part("leaves").hidden = leaves.length === 0;
    part("returns").hidden = leaves.length === 0;
    const isHere = leaves.length > 0 && JSON.stringify(this.#draft.document).includes(SERVER);
    setText(
      part("known"),
      isHere && this.#user ? ` The embedded server knows ${this.#user.email} by the password ${this.#user.password}.` : "",
    );
  }
}
