// The table of docs/servers.md, from the contract's tests, which are named `<server>: <behaviour>: <what>`, and under it why a server
// has no such test. Only `npm test -- matrix` runs all servers, so that the rows of others are kept.
//
//   node --test --test-reporter=./tests/servers/matrix.mjs tests/servers/contract.test.mjs tests/servers/pages.test.mjs

import { readFileSync } from "node:fs";

import { createTable } from "../table.mjs";
import { MATRIX } from "./matrix/registry.mjs";
import { BEHAVIOURS, DEFAULTS } from "./registry.mjs";

const SERVERS = [...DEFAULTS, ...MATRIX];
const [BEGIN, END] = ["<!-- reasons: begin -->", "<!-- reasons: end -->"];
// What both have is used by the first.
// Debian's are those of its release 12, which a test compares with what is installed.
const LISTS = ["matrix/requirements.txt", "django/requirements.txt", "matrix/debian.txt"];
const LOCKS = ["matrix/directus/package-lock.json", "matrix/package-lock.json", "../../package-lock.json"];

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");

/** Of each package that is pinned somewhere. */
function versions() {
  const found = new Map();
  for (const lock of LOCKS)
    for (const [path, { version }] of Object.entries(JSON.parse(read(lock)).packages))
      if (/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path)) found.set(path.slice("node_modules/".length), version);
  for (const list of LISTS) for (const [, name, version] of read(list).matchAll(/^([^=[]+)(?:\[.*\])?==(.*)$/gm)) found.set(name, version);
  return found;
}

const known = versions();

/** The packages of a server, each with its version. */
export function packagesOf(name) {
  const packages = SERVERS.find((server) => server.name === name)?.packages ?? [];
  return packages.map((each) => `${each} ${known.get(each) ?? "of no known version"}`).join(", ");
}

/** What does not apply, and why. */
export function reasons() {
  const lines = SERVERS.map(({ name, cannot = {} }) => {
    const said = BEHAVIOURS.filter((behaviour) => cannot[behaviour]).map((behaviour) => `${behaviour}: ${cannot[behaviour]}`);
    return said.length > 0 ? `- **${name}**. ${said.join("; ")}.` : undefined;
  });
  return lines
    .filter((line) => line !== undefined)
    .sort()
    .join("\n");
}

function complete(text) {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  return from < 0 || to < from ? text : `${text.slice(0, from + BEGIN.length)}\n${reasons()}\n${text.slice(to)}`;
}

export default createTable({
  document: "docs/servers.md",
  subject: "server",
  columns: BEHAVIOURS,
  about: { versions: packagesOf },
  complete,
  isWhole: false,
}).report;
