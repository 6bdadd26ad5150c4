// @ts-check
// What the parts of the panel have in common.

import { h } from "../runtime/dom.js";

/** Runs a part's update; its failure is shown in that part, and the others go on. */
export function guarded(/** @type {Element} */ body, /** @type {() => void} */ update) {
  const error = h("p", { class: "error", hidden: true });
  body.prepend(error);
  return () => {
    try {
      update();
      error.hidden = true;
    } catch (thrown) {
      const { code, message } = /** @type {any} */ (thrown);
      error.textContent = `Can't be read now: ${code ?? message ?? thrown}`;
      error.hidden = false;
    }
  };
}

/** The time of day, to the second. */
export function clock(/** @type {number} */ at) {
  return new Date(at).toLocaleTimeString(undefined, { hour12: false });
}
