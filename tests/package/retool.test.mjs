// @ts-check
// docs/retool.md says of each capability which test shows it, and how it is written. Both are held to here.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";

import { importPackage } from "../servers/package.mjs";
import { citations, codeBlocks } from "./markdown.mjs";
import { root } from "./project.mjs";

/** @type {string} */
let page;
/** @type {Record<string, string[]>} */
let tables;
before(async () => {
  page = await readFile(join(root, "docs/retool.md"), "utf8");
  tables = rowsByLabel(page);
});

/** The cells behind the first of each row, by what stands in the first: "A1", "R22". @param {string} markdown */
function rowsByLabel(markdown) {
  const rows = [...markdown.matchAll(/^\| ([A-H]\d?|R\d+) \| (.*) \|$/gm)];
  return Object.fromEntries(rows.map(([, label, cells]) => [label, cells.split(/ ?\| /)]));
}

test("every capability names a test of its number, and every sentence a capability or a test", () => {
  const capabilities = Array.from({ length: 22 }, (_, index) => `R${index + 1}`);
  assert.deepEqual(
    Object.keys(tables).filter((label) => label.startsWith("R")),
    capabilities,
  );
  for (const label of capabilities) {
    const cited = citations(/** @type {string} */ (tables[label].at(-1)));
    assert.ok(
      cited.some(({ name }) => name.startsWith(`${label}: `)),
      `${label} names no test of its own`,
    );
  }
  const sentences = Object.keys(tables).filter((label) => !label.startsWith("R"));
  assert.equal(sentences.length, 37);
  for (const label of sentences) {
    const shown = /** @type {string} */ (tables[label].at(-1));
    const known = /^R\d+(, R\d+)*$/.test(shown) ? shown.split(", ").every((name) => name in tables) : citations(shown).length > 0;
    assert.ok(known || shown === "[not done](#what-is-not-done)", `${label} is shown by "${shown}"`);
  }
});

test("createAuth accepts every flow", async () => {
  const { doorkey } = await importPackage();
  const sessions = /** @type {{ dispose(): void }[]} */ ([]);
  const createAuth = (/** @type {object} */ options) => {
    const auth = doorkey.createAuth({ ...options, name: `example${sessions.length}`, storage: "memory" });
    sessions.push(auth);
    auth.status(); // options that are wrong are told at the latest here
    return auth;
  };
  const blocks = await codeBlocks("docs/retool.md");
  assert.deepEqual([...new Set(blocks.map(({ language }) => language))].sort(), ["js", "json"]);
  for (const { language, code } of blocks) {
    if (language === "json") createAuth(JSON.parse(code));
    else new Function("createAuth", code)(createAuth);
  }
  assert.equal(sessions.length, blocks.length);
  assert.throws(() => createAuth({ flows: { signin: [{ form: { titel: "x" } }] } }), { code: "ERR_INVALID_OPTION" });
  for (const auth of sessions) auth.dispose();
});
