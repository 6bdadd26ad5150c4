// @ts-check
// docs/compare.md is what the last run of `npm run bench -- peers` has written, with the SDKs that its lock file pins.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { lockedVersions, PEERS } from "../../benches/peers/peers.mjs";
import { report } from "../../benches/peers/report.mjs";
import { SCENARIOS } from "../../benches/peers/scenarios.mjs";
import { root } from "./project.mjs";

const RENEW = "run `npm run bench -- peers`";
const text = await readFile(join(root, "docs/compare.md"), "utf8");
const lines = text.split("\n");

/** The cells of the line that begins with this one. @param {string} first */
const row = (first) =>
  (lines.find((line) => line.startsWith(`| ${first} |`)) ?? "")
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

test("docs/compare.md names the versions that the lock names, and the size of each", async () => {
  const { dependencies } = JSON.parse(await readFile(join(root, "benches/peers/package.json"), "utf8"));
  assert.deepEqual(lockedVersions(), dependencies, "the lock is not that of the package.json beside it");
  const { version } = JSON.parse(await readFile(join(root, "pkg-template/package/package.json"), "utf8"));
  for (const [name, pinned] of Object.entries({ ...lockedVersions(), doorkey: version })) {
    const [, said, ...sizes] = row(`\`${name}\``);
    assert.equal(said, pinned, `${name}: ${RENEW}`);
    assert.ok(sizes.length === 3 && sizes.every((size) => Number(size) > 1000), `${name}: ${sizes}`);
  }
});

test("docs/compare.md has each scenario, with a cell for each SDK", () => {
  for (const { id, name, wanted } of SCENARIOS) {
    const [, said, ...cells] = row(`${id}: ${name}`);
    assert.equal(said, wanted, `${id}: ${RENEW}`);
    assert.equal(cells.length, PEERS.length, id);
    assert.ok(cells.every(Boolean), `${id}: a cell that says nothing`);
  }
});

test("what we lose at stands first, and each scenario that doorkey fails is there", () => {
  const [doorkey, other] = PEERS;
  const bundles = new Map(PEERS.map(({ name }, at) => [name, { raw: 9000, gzip: 5000, brotli: at === 0 ? 4000 : 1000 + at }]));
  const found = new Map([
    [
      doorkey.name,
      new Map([
        ["S1", { text: "two sent", good: false }],
        ["S2", { text: "one", good: true }],
      ]),
    ],
    [other.name, new Map([["S1", { text: "one", good: true }]])],
  ]);
  const versions = { ...lockedVersions(), doorkey: "1.2.3" };
  const made = report({ peers: PEERS, scenarios: SCENARIOS.slice(0, 2), versions, bundles, found, chromium: "1.2", on: "2000-01-01" });
  const [, first] = made.split("\n## ");
  assert.match(first, /^What doorkey loses at\n\n- \*\*Size\.\*\* doorkey is the largest of all: 4 kB/);
  assert.match(first, /\*\*S1\*\*.*two sent/);
  assert.doesNotMatch(first, /S2/);
  assert.match(made, /\| \*\*two sent\*\* \| one \| not run \|/);
  assert.match(made, /\| 1 of 2 \| 1 of 1 \| 0 of 0 \|/);
  assert.equal(text.split("\n## ")[1].split("\n")[0], "What doorkey loses at", RENEW);
});
