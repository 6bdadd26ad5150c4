// @ts-check
// Diagnose, as a part of the panel: a button, and what it has found.

import { h, setText } from "../../../../www/runtime/dom.js";

/** @typedef {import("./findings.mjs").Finding} Finding */

/** What a person reads; the colour says it once more. */
const LEVELS = /** @type {Record<Finding["level"], string>} */ ({ fault: "Mend", warning: "Look", unknown: "Unknown", good: "Good" });
const TITLES = /** @type {Record<Finding["about"], string>} */ ({
  session: "Session",
  storage: "Storage",
  locks: "Locks",
  channel: "Channel",
  clock: "Clock",
  cors: "Endpoints (CORS)",
  csp: "Content-Security-Policy",
  origins: "Origins",
  lifetime: "Token lifetime",
  names: "Names",
});

/** @param {() => Promise<Finding[]>} diagnose */
export function diagnosePart(diagnose) {
  const said = h(
    "p",
    { class: "note", role: "status" },
    "Looks at storage, locks, tabs, clock, endpoints and tokens. It sends HEAD requests without tokens.",
  );
  const button = h("button", { type: "button", class: "main", part: "button", onClick: run }, "Diagnose");
  const list = h("ul", { class: "findings", "aria-label": "Findings", hidden: true });
  let isBusy = false;

  async function run() {
    if (isBusy) return;
    isBusy = true;
    button.setAttribute("aria-disabled", "true");
    setText(said, "Looking…");
    try {
      const findings = await diagnose();
      list.replaceChildren(...findings.map(item));
      list.toggleAttribute("hidden", findings.length === 0);
      setText(said, summary(findings));
    } catch (error) {
      setText(said, `Could not look: ${/** @type {any} */ (error)?.message ?? error}. Try again.`);
    } finally {
      isBusy = false;
      button.removeAttribute("aria-disabled");
    }
  }
  return { body: h("div", null, button, said, list) };
}

/** @param {Finding[]} findings */
function summary(findings) {
  const count = (/** @type {Finding["level"]} */ wanted) => findings.filter(({ level }) => level === wanted).length;
  return `${count("fault")} to mend, ${count("warning")} to look at, ${count("unknown")} unknown, ${count("good")} good.`;
}

/** @param {Finding} finding */
function item({ about, level, text, write }) {
  return h(
    "li",
    { "data-level": level, "data-about": about },
    h("p", { class: "heading" }, h("span", { class: "badge" }, LEVELS[level]), " ", h("strong", null, TITLES[about])),
    h("p", null, text),
    write !== undefined && h("pre", { tabindex: "0", role: "group", "aria-label": `What to write: ${TITLES[about]}` }, write),
  );
}
