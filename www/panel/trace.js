// @ts-check
// The trace: the steps that doorkey took, newest first, each with its scope to unfold. doorkey has masked the secrets in it.

import { h, keyed, setText } from "../runtime/dom.js";
import { clock, guarded } from "./part.js";

/**
 * @typedef {{ id: string, kind: string, ms: number, flow?: string, status?: number, at: number, reason?: string, scope?: any, error?: any }} Step
 */

export function tracePart(/** @type {any} */ auth) {
  const list = h("ol", { class: "log steps", "data-testid": "trace", "aria-label": "Steps" });
  const empty = h("p", { class: "empty" }, "No step yet. Each request that doorkey sends, and each function that it calls, is one.");
  const body = h("div", null, list, empty);
  const numbers = numbering();

  const update = guarded(body, () => {
    const steps = numbers(auth.trace()).reverse();
    keyed(
      list,
      steps,
      ({ number }) => String(number),
      ({ step }) => item(step),
    );
    steps.forEach(({ step }, at) => fill(list.children[at], step));
    list.hidden = steps.length === 0;
    empty.hidden = steps.length > 0;
  });
  return { body, update };
}

/**
 * Gives each step a number of its own. The trace comes as a fresh copy each time and drops its oldest steps, so what is new is what
 * stands behind the last step that was seen before.
 */
function numbering() {
  /** @type {{ number: number, print: string }[]} */
  let seen = [];
  let count = 0;
  return (/** @type {Step[]} */ trace) => {
    const prints = trace.map(({ id, kind, ms, status, at }) => JSON.stringify([id, kind, ms, status, at]));
    let from = 0;
    while (from < seen.length && !prints.slice(0, seen.length - from).every((print, i) => print === seen[from + i].print)) from += 1;
    const kept = seen.slice(from);
    seen = prints.map((print, i) => kept[i] ?? { number: ++count, print });
    return trace.map((step, i) => ({ number: seen[i].number, step }));
  };
}

/** A step without the texts that a later look may find masked. @param {Step} step */
function item({ id, kind, ms, status, at, error }) {
  const isBad = error !== undefined || (status !== undefined && status >= 400);
  return h(
    "li",
    { "data-kind": kind, class: isBad && "bad" },
    h(
      "details",
      null,
      h(
        "summary",
        null,
        h("time", null, clock(at)),
        h("code", null, id),
        h("span", { class: "kind" }),
        status !== undefined && h("span", { class: "badge", "data-value": isBad ? "bad" : "good" }, status),
        h("span", { class: "ms" }, `${Math.round(ms)} ms`),
      ),
      error !== undefined && h("p", { class: "error" }),
      h("pre", { tabindex: "0", "aria-label": `Scope after ${id}` }),
    ),
  );
}

/** Sets those texts: what was only later known as a token is masked here too. @param {Element} row @param {Step} step */
function fill(row, { kind, reason, scope, error }) {
  const set = (/** @type {string} */ place, /** @type {string} */ text) => setText(/** @type {Element} */ (row.querySelector(place)), text);
  set(".kind", reason ? `${kind}: ${reason}` : kind);
  set("pre", JSON.stringify(scope ?? {}, null, 2));
  if (error) set(".error", `${error.code}: ${error.message}`);
}
