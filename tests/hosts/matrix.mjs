// Tests of hosts are named `<host>: <capability>: <what>`. This makes the table of docs/hosts.md from what they gave.
//
//   node --test --test-reporter=./tests/hosts/matrix.mjs tests/hosts/*/*.test.mjs
//
// prints the table and fails when the kept one says something else of the hosts that ran; with DOORKEY_MATRIX=renew it
// writes those hosts' rows anew. The rows of hosts that did not run stay as they are.

import { readFileSync, writeFileSync } from "node:fs";

const DOCUMENT = new URL("../../docs/hosts.md", import.meta.url);
const [BEGIN, END] = ["<!-- matrix: begin -->", "<!-- matrix: end -->"];

export const CAPABILITIES = ["sign in", "refresh", "retry", "logout", "store", "navigate", "guard", "two tabs", "reload", "failure shapes"];

/** The host and the capability that a test's name says, if it says them. */
export function placeOf(name) {
  const [host, capability, what] = name.split(": ");
  return what !== undefined && CAPABILITIES.includes(capability) ? { host, capability } : undefined;
}

/** What is known of each host: by capability "yes", "no", or "skipped" when nothing else ran. */
export class Matrix {
  rows = new Map();

  add(name, outcome) {
    const place = placeOf(name);
    if (!place) return;
    const row = this.rows.get(place.host) ?? {};
    const rank = ["skipped", "yes", "no"];
    const known = row[place.capability] ?? "skipped";
    row[place.capability] = rank[Math.max(rank.indexOf(known), rank.indexOf(outcome))];
    this.rows.set(place.host, row);
  }

  lines() {
    const cells = (row) => CAPABILITIES.map((capability) => row[capability] ?? "-");
    return [...this.rows].map(([host, row]) => `| ${[host, ...cells(row)].join(" | ")} |`);
  }
}

const head = [`| host | ${CAPABILITIES.join(" | ")} |`, `|---|${"---|".repeat(CAPABILITIES.length)}`];
const hostOf = (line) => line.split(" | ")[0].slice(2);

/** The table with new rows in place of those of the same hosts, in the order of the hosts' names. */
export function renewed(text, lines) {
  const [before, rest] = split(text, BEGIN);
  const [kept, after] = split(rest, END);
  const hosts = lines.map(hostOf);
  const others = kept.split("\n").filter((line) => line.startsWith("| ") && !head.includes(line) && !hosts.includes(hostOf(line)));
  const rows = [...others, ...lines].sort((a, b) => (hostOf(a) < hostOf(b) ? -1 : 1));
  return [before, BEGIN, "\n", [...head, ...rows].join("\n"), "\n", END, after].join("");
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
  const right = renewed(kept, lines);
  if (right === kept) return;
  if (process.env.DOORKEY_MATRIX === "renew") {
    writeFileSync(DOCUMENT, right);
    yield "docs/hosts.md is renewed\n";
    return;
  }
  process.exitCode = 1;
  yield "the table in docs/hosts.md is out of date: run this again with DOORKEY_MATRIX=renew\n";
}
