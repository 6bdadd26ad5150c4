// @ts-check
// docs/ui.md: its code compiles and runs, and its tables name what there is. The word after the language says how a block is run.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open, serve } from "../package/browser.mjs";
import { execute, makeProject, program, root } from "../package/project.mjs";
import { startDjango } from "../servers/lib.mjs";

/** @type {string} */
let text;
/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {Awaited<ReturnType<typeof startDjango>>} */
let server;
before(async () => {
  text = await readFile(join(root, "docs/ui.md"), "utf8");
  [project, server] = await Promise.all([makeProject(), startDjango()]);
});
after(async () => {
  await server?.stop();
  await project?.remove();
});

const blocks = () => [...text.matchAll(/^```(\w+)\b *(.*)\n([^]*?)^```$/gm)].map(([, language, role, code]) => ({ language, role, code }));

/** The one block of a role, with the test server in place of the example's. @param {string} role */
const code = (role) =>
  blocks()
    .find((block) => block.role === role)
    ?.code.replaceAll("https://api.example.com", server.url) ?? assert.fail(`no ${role}`);

test("the code compiles against the packed types", async () => {
  const files = await Promise.all(
    blocks()
      .filter(({ language }) => language === "js")
      .map((block, at) => project.write(`docs/block-${at}.mjs`, block.code)),
  );
  assert.ok(files.length >= 3);
  const compilerOptions = {
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    allowJs: true,
    checkJs: true,
    noEmit: true,
    types: [],
    strict: true,
    strictNullChecks: false,
  };
  const config = await project.write("docs/tsconfig.json", JSON.stringify({ compilerOptions, files }));
  assert.equal(
    await execute(program("tsc"), ["--project", config]).then(
      () => "",
      ({ stdout, message }) => stdout || message,
    ),
    "",
  );
});

for (const [what, page] of /** @type {[string, () => Record<string, string>][]} */ ([
  [
    "module",
    () => ({
      "/page.mjs": code("module"),
      "/": `<!doctype html><html lang="en"><title>x</title><link rel="icon" href="data:,"><doorkey-button></doorkey-button>
      <script type="importmap">{ "imports": { "doorkey": "/doorkey.mjs", "doorkey/ui": "/doorkey.ui.mjs" } }</script><script type="module" src="/page.mjs"></script>`,
    }),
  ],
  [
    "page",
    () => ({
      "/": `<!doctype html><html lang="en"><title>x</title><link rel="icon" href="data:,">${code("page").replaceAll("https://cdn.jsdelivr.net/npm/doorkey/dist", "")}`,
    }),
  ],
])) {
  test(`the example runs: ${what}`, async () => {
    const dist = await Promise.all(
      ["doorkey.mjs", "doorkey.ui.mjs", "doorkey.umd.min.js"].map(async (name) => [`/${name}`, await project.dist(name)]),
    );
    const site = await serve({ ...Object.fromEntries(dist), ...page() });
    const browser = await launch();
    try {
      const { page, errors } = await open(browser, site.url);
      await page.click("doorkey-button");
      await page.getByLabel("Email").fill(server.user.email);
      await page.getByRole("textbox", { name: "Password" }).fill("wrong");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").getByText("No active account").waitFor();
      await page.getByRole("textbox", { name: "Password" }).fill(server.user.password);
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Sign out" }).waitFor();
      assert.equal(await page.locator("dialog[open]").count(), 0);
      assert.deepEqual(errors, []);
    } finally {
      await browser.close();
      await site.stop();
    }
  });
}

test("the tables name every CSS variable, part and word, and no other", async () => {
  const dist = (await project.dist("doorkey.ui.mjs")).toString();
  const named = (/** @type {RegExp} */ pattern, from = text) => [...new Set([...from.matchAll(pattern)].map(([, name]) => name))].sort();
  assert.deepEqual(named(/`(--doorkey-[\w-]+)`/g), named(/var\((--doorkey-[\w-]+)/g, dist));
  assert.deepEqual(
    named(/`text-([\w-]+)`/g),
    named(/^\s+"?([\w-]+)"?: "/gm, dist.slice(dist.indexOf("var TEXTS"), dist.indexOf("};", dist.indexOf("var TEXTS")))),
  );
  const parts = named(/part: "([\w -]+)"/g, dist).flatMap((part) => part.split(" "));
  const documented = [...text.matchAll(/^\| Parts \| (.*) \|$/gm)].flatMap(([, row]) => named(/`([\w-]+)`/g, row));
  assert.deepEqual([...new Set(documented)].sort(), [...new Set(parts)].sort());
});
