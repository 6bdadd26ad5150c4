// Tables in documents that a run of tests makes. The tests are named `<subject>: <column>: <what>`; what works with a restriction
// ends with "(only …)".
//
// The reporter prints the table, and fails when the kept one says something else of what ran; with DOORKEY_MATRIX=renew it writes that
// anew, and leaves what did not run. With `whole`, for a run of all, the kept table must say the same and no more.

import { readFileSync, writeFileSync } from "node:fs";

const [BEGIN, END] = ["<!-- matrix: begin -->", "<!-- matrix: end -->"];

/** Which of two outcomes counts: a later one of these, a restriction standing before "no". */
const RANKS = ["skipped", "yes", "only", "no"];
const rankOf = (outcome) => RANKS.indexOf(outcome.split(" ")[0]);

/**
 * @param {{ document: string, subject: string, columns: readonly string[], about?: Record<string, (subject: string) => string>,
 *   complete?: (text: string) => string, isWhole?: boolean }} table
 *   document: from the root of the repository; about: further columns, which no test makes; complete: more that belongs into the document;
 *   isWhole: false where a run of all tests leaves out some subjects
 */
export function createTable({ document, subject, columns, about = {}, complete = (text) => text, isWhole = true }) {
  const heads = [subject, ...Object.keys(about), ...columns];
  const head = [`| ${heads.join(" | ")} |`, `|${"---|".repeat(heads.length)}`];
  const subjectOf = (line) => line.split(" | ")[0].slice(2);

  /** The subject and the column that a test's name says, if it says them. */
  function placeOf(name) {
    const [subject, column, what] = name.split(": ");
    return what !== undefined && columns.includes(column) ? { subject, column } : undefined;
  }

  /** What is known of each subject: by column "yes", "only …", "no", or "skipped" when nothing else ran. */
  class Matrix {
    rows = new Map();

    add(name, outcome) {
      const place = placeOf(name);
      if (!place) return;
      const row = this.rows.get(place.subject) ?? {};
      const known = row[place.column] ?? "skipped";
      const found = (outcome === "yes" && /\((only [^)]+)\)$/.exec(name)?.[1]) || outcome;
      row[place.column] = rankOf(found) > rankOf(known) ? found : known;
      this.rows.set(place.subject, row);
    }

    lines() {
      const cells = (name, row) => [...Object.values(about).map((say) => say(name)), ...columns.map((column) => row[column] ?? "-")];
      return [...this.rows].map(([name, row]) => `| ${[name, ...cells(name, row)].join(" | ")} |`);
    }
  }

  /** The kept table with what a run gave, in the order of the names; nothing is left of it when the run was `whole`. */
  function renewed(text, lines, whole = false) {
    const [before, rest] = split(text, BEGIN);
    const [kept, after] = split(rest, END);
    const rows = new Map();
    if (!whole) for (const line of kept.split("\n")) if (line.startsWith("| ") && !head.includes(line)) rows.set(subjectOf(line), line);
    for (const line of lines) {
      const old = (rows.get(subjectOf(line)) ?? line).split(" | ");
      rows.set(
        subjectOf(line),
        line
          .split(" | ")
          .map((cell, at) => (/^-( \|)?$/.test(cell) ? old[at] : cell))
          .join(" | "),
      );
    }
    const sorted = [...rows.keys()].sort().map((name) => rows.get(name));
    return [before, BEGIN, "\n", [...head, ...sorted].join("\n"), "\n", END, after].join("");
  }

  function split(text, mark) {
    const at = text.indexOf(mark);
    if (at < 0) throw new Error(`${document} has no ${mark}`);
    return [text.slice(0, at), text.slice(at + mark.length)];
  }

  async function* report(events) {
    const matrix = new Matrix();
    for await (const { type, data } of events) {
      if (type === "test:pass") matrix.add(data.name, data.skip === undefined && data.todo === undefined ? "yes" : "skipped");
      if (type === "test:fail") matrix.add(data.name, "no");
    }
    const lines = matrix.lines();
    if (lines.length === 0) return;
    yield `\n${[...head, ...lines].join("\n")}\n`;
    const file = new URL(`../${document}`, import.meta.url);
    const kept = readFileSync(file, "utf8");
    const right = complete(renewed(kept, lines, isWhole && process.env.DOORKEY_MATRIX === "whole"));
    if (right === kept) return;
    if (process.env.DOORKEY_MATRIX === "renew") {
      writeFileSync(file, right);
      yield `${document} is renewed\n`;
      return;
    }
    process.exitCode = 1;
    yield `the table in ${document} is out of date: run this again with DOORKEY_MATRIX=renew\n`;
  }

  return { placeOf, Matrix, renewed, report };
}
