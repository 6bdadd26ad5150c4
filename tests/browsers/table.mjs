// @ts-check
// The tables of docs/browsers.md: what each browser was seen to do. DOORKEY_MATRIX=renew writes them anew.

import { readFileSync, writeFileSync } from "node:fs";

const DOCUMENT = new URL("../../docs/browsers.md", import.meta.url);

export class Table {
  /** @type {Map<string, Record<string, string>>} by what was tried, and then by browser */
  #rows = new Map();

  /** @param {string} what @param {string} browser @param {"yes" | "no" | "in part" | "FAILED"} outcome */
  add(what, browser, outcome) {
    this.#rows.set(what, { ...this.#rows.get(what), [browser]: outcome });
  }

  /** @param {string[]} browsers */
  text(browsers) {
    const rows = [...this.#rows].map(([what, outcomes]) => [what, ...browsers.map((browser) => outcomes[browser] ?? "not tried")]);
    return [["behaviour", ...browsers], browsers.reduce((all) => [...all, "---"], ["---"]), ...rows]
      .map((row) => `| ${row.join(" | ")} |`)
      .join("\n");
  }
}

/** Whether the document holds this table; renewed, it does. @param {string} table @param {string} [name] of several, which */
export function isKept(table, name = "table") {
  const document = readFileSync(DOCUMENT, "utf8");
  const mark = `<!-- ${name}: begin -->`;
  const [begin, end] = [document.indexOf(mark) + mark.length, document.indexOf(`<!-- ${name}: end -->`)];
  if (document.slice(begin, end).trim() === table) return true;
  if (process.env.DOORKEY_MATRIX !== "renew") return false;
  writeFileSync(DOCUMENT, `${document.slice(0, begin)}\n${table}\n${document.slice(end)}`);
  return true;
}
