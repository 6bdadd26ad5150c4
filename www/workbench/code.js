// @ts-check
// The code to take away: the document for one app builder or page, and a button that copies it.

import { h, setText } from "../runtime/dom.js";
import { codeFor, TARGETS } from "./copy.js";
import { copy, part } from "./page.js";

/** @param {import("./draft.js").Draft} draft @param {() => string} text what is written now */
export function startCode(draft, text) {
  const host = /** @type {HTMLSelectElement} */ (part("host"));
  host.append(...Object.entries(TARGETS).map(([value, { name }]) => h("option", { value }, name)));
  const show = () => {
    const { document } = draft;
    setText(part("take-about"), TARGETS[host.value].about);
    setText(part("code"), document === undefined ? "The code is here when the flow has no problem." : codeFor(document, host.value));
    /** @type {HTMLButtonElement} */ (part("copy")).disabled = document === undefined;
  };
  draft.onTaken(show);
  host.addEventListener("change", show);
  part("copy").addEventListener("click", () => {
    draft.take(text());
    if (draft.document !== undefined) copy(part("code").textContent ?? "", "The code is copied.");
  });
}
