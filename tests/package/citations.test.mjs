// @ts-check
// What the documents say is shown by a test is shown by one that exists.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { citations, testNames } from "./markdown.mjs";
import { root } from "./project.mjs";
import { unproved } from "./promises.mjs";

const read = (/** @type {string} */ path) => readFile(join(root, path), "utf8");

for (const [path, least] of /** @type {const} */ ([
  ["docs/retool.md", 40],
  ["docs/conformance.md", 40],
  ["SECURITY.md", 150],
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

test("each of the 47 points is kept and shown, or says why not", async () => {
  const security = await read("SECURITY.md");
  const all = [...security.matchAll(/^\| <a id="n(\d+)"><\/a>(\d+) \| (.+) \| (.*)\| (yes|in part|no|not ours) \| (.+) \|$/gm)];
  const numbers = Array.from({ length: 47 }, (_, at) => String(at + 1));
  assert.deepEqual(
    all.map(([, , number]) => number),
    numbers,
  );
  for (const [, id, number, , , kept, shown] of all) {
    assert.equal(id, number);
    if (kept !== "no") assert.ok(citations(shown).length > 0, `${number} names no test`);
    if (kept !== "yes") assert.match(shown, /not kept|not ours|not in this version/, number);
  }
});

test("each promise of SECURITY.md has a mark, and each mark a test", async () => {
  assert.deepEqual(unproved(await read("SECURITY.md")), []);
});

test("a promise without a mark, a mark without a test, and a test without a promise are found", async () => {
  const security = await read("SECURITY.md");
  const found = (/** @type {string} */ from, /** @type {string} */ to) => {
    assert.ok(security.includes(from), from);
    return unproved(security.replace(from, to)).join("; ");
  };
  assert.match(found("It works offline [[38]].", "It works offline."), /no mark: It works offline/);
  assert.match(found("\n- **Redirects.**", "\n- **Magic.** Nothing is ever stolen.\n- **Redirects.**"), /no mark: Nothing is ever stolen/);
  assert.match(found("| nothing [[s1]] |", "| nothing |"), /no mark: .*nothing; nobody promises s1; a link for s1/);
  assert.match(found("[[g2]]", "[[g99]]"), /no test for the mark g99; the mark g99 leads nowhere/);
  assert.match(found('id="g3"', 'id="gx"'), /the mark g3 leads nowhere/);
  assert.match(found("- Sessions are for browsers.", "- Sessions [[g1]]"), /nothing begins so: Sessions/);
});
