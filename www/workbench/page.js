// @ts-check
// The page that the workbench is on: its parts by their ids, what it loads, and what it says when that fails.

import { showAlert } from "../runtime/alerts.js";
import { h } from "../runtime/dom.js";

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
export const part = (id) => /** @type {T} */ (document.getElementById(id));

/** @param {string} url */
export async function getJson(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer.json();
}

/** Names what could not be loaded. @template T @param {string} what @param {() => Promise<T>} get */
export async function load(what, get) {
  try {
    return await get();
  } catch (cause) {
    throw Object.assign(new Error(`The workbench could not load ${what}.`), { cause });
  }
}

/** @param {string} text @param {string} done what to say when it is copied */
export async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    showAlert(done, "success");
  } catch {
    showAlert("The browser does not let this page copy: select the text and copy it.", "warning");
  }
}

/** @param {Error} error */
export function cannotStart(error) {
  console.error(error);
  document.querySelector(".skip")?.remove(); // there is nothing to skip to
  const cause = /** @type {any} */ (error.cause);
  part("bench").removeAttribute("aria-busy");
  part("bench").replaceChildren(
    h(
      "section",
      { class: "card notice", role: "alert", "data-testid": "start-error" },
      h("h1", null, "The workbench can’t start"),
      h("p", null, error.message),
      cause && h("pre", null, [cause.code, cause.message ?? String(cause)].filter(Boolean).join(": ")),
      h("button", { type: "button", onClick: () => location.reload() }, "Try again"),
    ),
  );
}

/** Says what a window is for that has nothing to do but to close. @param {string} title @param {string} text */
export function showWindow(title, text) {
  document.querySelector(".skip")?.remove();
  part("bench").removeAttribute("aria-busy");
  part("bench").replaceChildren(
    h(
      "section",
      { class: "card notice", role: "status", "data-testid": "window" },
      h("h1", null, title),
      h("p", null, text),
      h("button", { type: "button", onClick: () => close() }, "Close this window"),
    ),
  );
}
