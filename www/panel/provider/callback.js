// @ts-check
// The callback: what doorkey did with the last answer that came back, step by step, as its trace tells it.

import { h, keyed } from "../../runtime/dom.js";
import { clock } from "../part.js";

/** @typedef {import("../trace.js").Step} Step */
/** @typedef {{ type: string, at: number, reason?: string }} Ending */
/** @typedef {{ name: string, at: number, about?: string, status?: number, ms?: number, error?: { code: string, message: string } }} Line */

/** What each note says, of its scope and the transaction's. @type {Record<string, (scope: any, transaction: any) => Pick<Line, "name" | "about">>} */
const SAID = {
  address: () => ({ name: "Address cleaned", about: "what came back is out of it" }),
  record: () => ({ name: "Record taken out", about: "the same answer can’t be used again" }),
  iss: ({ iss }, { issuer }) => ({
    name: "iss compared",
    about: issuer === undefined ? "with nothing: no issuer is known" : (iss ?? "none came, and none was promised"),
  }),
  error: () => ({ name: "The provider refused" }),
  id_token: () => ({ name: "ID token checked", about: "iss, aud, exp, iat, nonce, sub" }),
};

/** The steps of the last callback, oldest first. @param {Step[]} trace @param {Ending[]} endings @returns {Line[]} */
export function callbackOf(trace, endings) {
  const isNote = (/** @type {Step} */ step, /** @type {string} */ reason) => step.id === "callback" && step.reason === reason;
  let from = trace.findLastIndex((step) => isNote(step, "record"));
  if (from < 0) return [];
  const { at: begun, scope } = trace[from];
  if (from > 0 && isNote(trace[from - 1], "address")) from -= 1;
  const lines = trace.slice(from).flatMap((step) => lineOf(step, scope));
  const byWindow = trace.some((step) => step.id === "leave" && step.reason === "popup" && step.scope.at === scope.at);
  if (byWindow) Object.assign(lines[0], { name: "Answer handed over", about: "by the window, which closes then" });
  // There is nothing to commit after a sign-out.
  const ending = scope.mode === undefined ? undefined : endings.find(({ at }) => at >= begun);
  if (ending?.type === "signedIn") lines.push({ name: "Session committed", at: ending.at, about: "the tokens are stored" });
  if (ending?.type === "failed" && !lines.some(({ error }) => error)) {
    lines.push({ name: "Not committed", at: ending.at, error: { code: ending.reason ?? "", message: "nothing is stored" } });
  }
  return lines;
}

/** @param {Step} step @param {any} transaction that was answered @returns {Line[]} */
function lineOf({ id, kind, flow, at, ms, reason, status, scope, error }, transaction) {
  if (id === "callback") return [{ ...(SAID[reason ?? ""]?.(scope, transaction) ?? { name: String(reason) }), at, error }];
  if (kind === "authorize" && flow === "signin") return [{ name: "Code exchanged", at, ms, status, error }];
  return [];
}

export function callbackView() {
  const list = h("ol", { class: "log callback", "data-testid": "callback", "aria-label": "Steps of the callback" });
  const empty = h("p", { class: "empty" }, "No answer came back to this page since it was loaded.");
  return {
    body: h("div", null, list, empty),
    show(/** @type {Line[]} */ lines) {
      keyed(list, lines, (line) => JSON.stringify(line), item);
      list.hidden = lines.length === 0;
      empty.hidden = lines.length > 0;
    },
  };
}

function item(/** @type {Line} */ { name, at, about, status, ms, error }) {
  return h(
    "li",
    { class: error && "bad", "data-step": name },
    h("span", { class: "mark", role: "img", "aria-label": error ? "failed" : "done" }, error ? "✗" : "✓"),
    h("code", null, name),
    status !== undefined && h("span", { class: "badge", "data-value": error ? "bad" : "good" }, status),
    h("time", null, ms === undefined ? clock(at) : `${clock(at)} · ${Math.round(ms)} ms`),
    h("span", { class: "about" }, error ? [error.code, error.message].filter(Boolean).join(": ") : about),
  );
}
