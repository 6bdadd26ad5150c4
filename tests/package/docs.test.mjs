// @ts-check
// What holds of all pages of the documentation: no example is without a test that runs it, and no link leads nowhere.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { anchors, codeBlocks, links } from "./markdown.mjs";
import { root } from "./project.mjs";

/** Which file runs the examples of a page: the first that fits. JSON is run by schema.test.mjs, wherever it stands. @type {[RegExp, RegExp, string][]} */
const RUN = [
  [/^docs\/start\/page\.md$/, /^(session|login|dashboard)$/, "tests/package/recipes.test.mjs"],
  [/^docs\/recipes\//, /^recipe$/, "tests/package/recipes.test.mjs"],
  [/^docs\/recipes\/testing\.md$|^docs\/install\.md$/, /^node$/, "tests/package/readme.test.mjs"],
  [/^docs\/(calls|options)\.md$/, /^types$/, "tests/package/readme.test.mjs"],
  [/^README\.md$/, /^(page|appsmith|form)$/, "tests/package/readme.test.mjs"],
  [/^docs\/providers\//, /^$/, "tests/package/providers-docs.test.mjs"],
  [/^docs\/flows\.md$/, /^$/, "tests/package/schema.test.mjs"],
  [/^docs\/retool\.md$/, /^$/, "tests/e2e/retool.test.mjs"],
  [/^docs\/redirect\.md$/, /^module$/, "tests/e2e/redirect.test.mjs"],
  [/^docs\/ui\.md$/, /^(module|page|types)$/, "tests/ui/docs.test.mjs"],
  [/^docs\/panel\.md$/, /^module$/, "tests/ui/panel-server.test.mjs"],
  [/^docs\/start\/rust\.md$/, /^examples\/yew\/src\/\w+\.rs$/, "tests/example/yew.test.mjs"],
];
const CODE = /^(js|ts|html|rust)$/;
const FOLDERS = ["docs", "examples", "pkg-template"];

const below = await Promise.all(
  FOLDERS.map(async (folder) => (await readdir(join(root, folder), { recursive: true })).map((path) => `${folder}/${path}`)),
);
const documents = [...(await readdir(root)), ...below.flat()].filter((path) => path.endsWith(".md")).sort();

test("no example is without a test that runs it", async () => {
  let examples = 0;
  for (const path of documents.filter((path) => path === "README.md" || path.startsWith("docs/"))) {
    for (const { language, role, line } of await codeBlocks(path)) {
      if (!CODE.test(language)) continue;
      const run = RUN.find(([page, roles]) => page.test(path) && roles.test(role));
      assert.ok(run, `${path}:${line}: nothing runs this ${language} ${role}`);
      const source = await readFile(join(root, run[2]), "utf8");
      assert.ok(language === "rust" || source.includes(path) || source.includes(dirname(path)), `${run[2]} does not speak of ${path}`);
      examples += 1;
    }
  }
  assert.ok(examples > 60, String(examples));
});

test("the files of the example in Rust stand in docs/start/rust.md as they are", async () => {
  const blocks = (await codeBlocks("docs/start/rust.md")).filter(({ language }) => language === "rust");
  assert.equal(blocks.length, 3);
  for (const { role, code } of blocks) assert.equal(code, await readFile(join(root, role), "utf8"), role);
});

test("no link of a document leads nowhere: files are there, and headings in them", async () => {
  const dead = [];
  let checked = 0;
  for (const path of documents) {
    const text = await readFile(join(root, path), "utf8");
    for (const link of links(text)) {
      const [file, anchor] = link.split("#");
      const target = file ? normalize(join(dirname(path), file)) : path;
      checked += 1;
      if (!existsSync(join(root, target))) dead.push(`${path}: ${link}: there is no ${target}`);
      else if (anchor && !anchors(await readFile(join(root, target), "utf8")).includes(anchor))
        dead.push(`${path}: ${link}: no such heading`);
    }
  }
  assert.deepEqual(dead, []);
  assert.ok(checked > 150, String(checked));
});

test("each column of a table has a heading", async () => {
  const bare = [];
  for (const path of documents) {
    const lines = (await readFile(join(root, path), "utf8")).split("\n");
    for (const [at, line] of lines.entries()) {
      const isHead = line.startsWith("|") && /^\|[-:| ]+\|$/.test(lines[at + 1] ?? "");
      if (
        isHead &&
        line
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .some((cell) => cell.trim() === "")
      )
        bare.push(`${path}:${at + 1}: ${line}`);
    }
  }
  assert.deepEqual(bare, []);
});

test("a dead link is found", () => {
  assert.deepEqual(links('[a](b.md#c) ![d](e.svg) `[f](g.md)` [h](https://i.example)\n```js\n[j](k)\n```\n<img src="l.png">'), [
    "b.md#c",
    "e.svg",
    "l.png",
  ]);
  assert.deepEqual(anchors("# One\n## Two, and `three`!\n```\n# no\n```\n## One"), ["one", "two-and-three", "one-1"]);
});
