// @ts-check
// showAlert, as app builders give it: a message that goes away by itself, and is read out.

import { h } from "./dom.js";

const SHOWN_MS = 7000;

/**
 * @param {unknown} message
 * @param {"info" | "success" | "warning" | "error"} [kind]
 */
export function showAlert(message, kind = "info") {
  const region = document.getElementById("toasts");
  if (!region) return;
  const text = String(message);
  // The same message again replaces the old one instead of piling up.
  for (const old of [...region.children]) if (old.firstElementChild?.textContent === text) old.remove();
  const toast = h(
    "div",
    { class: `toast ${kind}`, "data-testid": "alert" },
    h("p", null, text),
    h("button", { type: "button", class: "close", "aria-label": "Dismiss", onClick: () => toast.remove() }, "×"),
  );
  region.append(toast);
  setTimeout(() => toast.remove(), SHOWN_MS);
}
