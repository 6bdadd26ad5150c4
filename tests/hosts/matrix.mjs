// Tests of hosts are named `<host>: <capability>: <what>`; what works with a restriction ends with "(only …)". This makes the
// table of docs/hosts.md from what they gave.
//
//   node --test --test-reporter=./tests/hosts/matrix.mjs tests/hosts/*.test.mjs tests/hosts/*/*.test.mjs
//
// prints the table and fails when the kept one says something else of what ran; with DOORKEY_MATRIX=renew it writes that
// anew, and leaves what did not run. With DOORKEY_MATRIX=whole, for a run of all, the kept table must say the same and no more.

import { readFileSync, writeFileSync } from "node:fs";

const DOCUMENT = new URL("../../docs/hosts.md", import.meta.url);
const [BEGIN, END] = ["<!-- matrix: begin -->", "<!-- matrix: end -->"];

export const CAPABILITIES = [
  "sign in",
  "refresh",
  "retry",
  "logout",
  "store",
  "navigate",
  "guard",
  "two tabs",
  "reload",
  "failure shapes",
  "redirect",
  "popup",
];

/** The host and the capability that a test's name says, if it says them. */
export function placeOf(name) {
  const [host, capability, what] = name.split(": ");
  return what !== undefined && CAPABILITIES.includes(capability) ? { host, capability } : undefined;
}

/** Which of two outcomes counts: a later one of these, a restriction standing before "no". */
const RANKS = ["skipped", "yes", "only", "no"];
const rankOf = (outcome) => RANKS.indexOf(outcome.split(" ")[0]);

/** What is known of each host: by capability "yes", "only …", "no", or "skipped" when nothing else ran. */
export class Matrix {
  rows = new Map();

  add(name, outcome) {
    const place = placeOf(name);
    if (!place) return;
    const row = this.rows.get(place.host) ?? {};
    const known = row[place.capability] ?? "skipped";
    const found = (outcome === "yes" && /\((only [^)]+)\)$/.exec(name)?.[1]) || outcome;
    row[place.capability] = rankOf(found) > rankOf(known) ? found : known;
    this.rows.set(place.host, row);
  }

  lines() {
    const cells = (row) => CAPABILITIES.map((capability) => row[capability] ?? "-");
    return [...this.rows].map(([host, row]) => `| ${[host, ...cells(row)].join(" | ")} |`);
  }
}

const head = [`| host | ${CAPABILITIES.join(" | ")} |`, `|---|${"---|".repeat(CAPABILITIES.length)}`];
const hostOf = (line) => line.split(" | ")[0].slice(2);

/** The kept table with what a run gave, in the order of the hosts' names; nothing is left of it when the run was `whole`. */
export function renewed(text, lines, whole = false) {
  const [before, rest] = split(text, BEGIN);
  const [kept, after] = split(rest, END);
  const rows = new Map();
  if (!whole) for (const line of kept.split("\n")) if (line.startsWith("| ") && !head.includes(line)) rows.set(hostOf(line), line);
  for (const line of lines) {
    const old = (rows.get(hostOf(line)) ?? line).split(" | ");
    rows.set(
      hostOf(line),
      line
        .split(" | ")
        .map((cell, at) => (/^-( \|)?$/.test(cell) ? old[at] : cell))
        .join(" | "),
    );
  }
  const sorted = [...rows.keys()].sort().map((host) => rows.get(host));
  return [before, BEGIN, "\n", [...head, ...sorted].join("\n"), "\n", END, after].join("");
}

function split(text, mark) {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`docs/hosts.md has no ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

/** The reporter. */
export default async function* report(events) {
  const matrix = new Matrix();
  for await (const { type, data } of events) {
    if (type === "test:pass") matrix.add(data.name, data.skip === undefined && data.todo === undefined ? "yes" : "skipped");
    if (type === "test:fail") matrix.add(data.name, "no");
  }
  const lines = matrix.lines();
  if (lines.length === 0) return;
  yield `\n${[...head, ...lines].join("\n")}\n`;
  const kept = readFileSync(DOCUMENT, "utf8");
  const right = renewed(kept, lines, process.env.DOORKEY_MATRIX === "whole");
  if (right === kept) return;
  if (process.env.DOORKEY_MATRIX === "renew") {
    writeFileSync(DOCUMENT, right);
    yield "docs/hosts.md is renewed\n";
    return;
  }
  process.exitCode = 1;
  yield "the table in docs/hosts.md is out of date: run this again with DOORKEY_MATRIX=renew\n";
}
