// @ts-check
// What a run did, step by step. Everything here is masked already.

import { h } from "../runtime/dom.js";

/** @typedef {import("./shown.js").Step} Step */

/** @param {HTMLElement} list @param {(path: string) => void} onPlace shows a place of the flow */
export function createSteps(list, onPlace) {
  return {
    clear: () => list.replaceChildren(),
    /** @param {Step[]} steps */
    show: (steps) => list.replaceChildren(...steps.map((_, index) => item(steps, index, onPlace))),
  };
}

/** What is called so before it gets a number: no two places of a page may have one name. @param {string} name @param {number} before */
const numbered = (name, before) => (before > 0 ? `${name} ${before + 1}` : name);

/** @param {Step[]} steps @param {number} index @param {(path: string) => void} onPlace */
function item(steps, index, onPlace) {
  const { id, kind, ms, status, scope, error, path, sent } = steps[index];
  const before = steps[index - 1]?.scope ?? {};
  const name = numbered(id, steps.slice(0, index).filter((step) => step.id === id).length);
  const isBad = error !== undefined;
  const isNew = (/** @type {[string, unknown]} */ [key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value);
  const added = Object.fromEntries(Object.entries(scope).filter(isNew));
  return h(
    "li",
    { "data-id": id, "data-kind": kind, class: isBad && "bad" },
    h(
      "details",
      { open: isBad },
      h(
        "summary",
        null,
        h("code", null, id),
        h("span", { class: "kind" }, kind),
        status !== undefined && h("span", { class: "badge", "data-value": isBad ? "bad" : "good" }, status),
        isBad && h("span", { class: "badge", "data-value": "bad" }, "failed"),
        h("span", { class: "ms" }, `${Math.round(ms)} ms`),
      ),
      isBad &&
        h(
          "div",
          { class: "error", "data-testid": "step-error" },
          h("p", null, h("code", null, error.code), " ", error.message),
          h("button", { type: "button", class: "quiet", onClick: () => onPlace(path) }, "Show it in the flow"),
        ),
      ...exchanges(name, sent),
      Object.keys(added).length > 0 && block("New in the scope", JSON.stringify(added, null, 2), `${name}: new in the scope`),
      h(
        "details",
        { class: "whole" },
        h("summary", null, "Whole scope after it"),
        pre(JSON.stringify(scope, null, 2), `${name}: whole scope`),
      ),
    ),
  );
}

/** @param {string} name @param {Step["sent"]} sent */
function exchanges(name, sent) {
  const counts = /** @type {Record<string, number>} */ ({});
  return sent.flatMap(({ titles: [asked, came] = ["Request", "Answer"], request, answer }) => {
    const at = counts[asked] ?? 0;
    counts[asked] = at + 1;
    return [
      block(asked, request, numbered(`${name}: ${asked.toLowerCase()}`, at)),
      answer !== undefined && block(came, answer, numbered(`${name}: ${came.toLowerCase()}`, at)),
    ];
  });
}

/** @param {string} title @param {string} text @param {string} label */
function block(title, text, label) {
  return h("div", { class: "block" }, h("h3", null, title), pre(text, label));
}

/** @param {string} text @param {string} label */
function pre(text, label) {
  return h("pre", { tabindex: "0", role: "region", "aria-label": label }, text);
}
