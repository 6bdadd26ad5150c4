// @ts-check
// What shall be run: one flow of the document, its inputs, and whether doorkey's own form asks for them.

import { h } from "../runtime/dom.js";
import { flowsOf } from "./flow.js";
import { createInputs } from "./inputs.js";
import { load, part } from "./page.js";

export class Choice {
  #draft;
  #Doorkey;
  #inputs = createInputs(part("inputs"));
  #flowName = /** @type {HTMLSelectElement} */ (part("flow-name"));
  #ask = /** @type {HTMLInputElement} */ (part("ask"));

  /** @param {import("./draft.js").Draft} draft @param {any} Doorkey @param {{ email: string, password: string } | undefined} user who may sign in */
  constructor(draft, Doorkey, user) {
    this.#draft = draft;
    this.#Doorkey = Doorkey;
    part("demo").hidden = user === undefined;
    if (user) part("demo").addEventListener("click", () => this.#inputs.fill(user));
    for (const choice of [this.#flowName, this.#ask]) choice.addEventListener("change", () => this.#showInputs());
    draft.onTaken(() => {
      if (draft.document !== undefined) this.#showFlows();
    });
  }

  get flow() {
    return this.#flowName.value;
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
    part("asking").hidden = !this.#inputs.show(this.#draft.document, this.flow, !this.#ask.checked);
  }
}
