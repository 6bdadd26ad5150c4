// @ts-check
// What the documents say is shown by a test is shown by one that exists.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { citations, testNames } from "./markdown.mjs";
import { root } from "./project.mjs";

const read = (/** @type {string} */ path) => readFile(join(root, path), "utf8");

for (const [path, least] of /** @type {const} */ ([
  ["docs/retool.md", 40],
  ["docs/conformance.md", 40],
  ["SECURITY.md", 30],
])) {
  test(`every test that ${path} names exists`, async () => {
    const cited = citations(await read(path));
    assert.ok(cited.length > least, `${cited.length} tests are named`);
    for (const { file, name } of cited) {
      const names = testNames(await read(file));
      assert.ok(
        names.some((pattern) => pattern.test(name)),
        `${file} has no test "${name}"`,
      );
    }
  });
}

/** The first cell of each row of a table, and the last. @param {string} markdown @param {string} head the table's first cell */
function rows(markdown, head) {
  const table = markdown.split(`| ${head} |`)[1]?.split("\n\n")[0] ?? "";
  const lines = table.split("\n").filter((line) => /^\| [^|-]/.test(line) && line.endsWith(" |"));
  return lines.map((line) => line.slice(2, -2).split(" | ")).map((cells) => [cells[0], cells[cells.length - 1]]);
}

test("each of the 59 modules of the conformance plans is shown, or has a reason", async () => {
  const all = rows(await read("docs/conformance.md"), "module");
  assert.equal(new Set(all.map(([module]) => module)).size, 59);
  assert.equal(all.length, 59);
  for (const [module, shown] of all) assert.ok(citations(shown).length || shown.length > 20, module);
});

test("each promise of the checklist is shown, or says why there is nothing to show", async () => {
  const all = rows(await read("SECURITY.md"), "no.");
  assert.deepEqual(
    all.map(([number]) => Number(number)),
    [...Array.from({ length: 15 }, (_, at) => at + 1), 22, 23, 24, 25, 26, 39],
  );
  for (const [number, shown] of all) assert.ok(citations(shown).length || shown.startsWith("not in this version"), number);
});
