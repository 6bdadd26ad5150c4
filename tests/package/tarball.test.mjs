// @ts-check
// What is in the tarball, and what the checkers of packages say of it.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, relative } from "node:path";
import { after, before, test } from "node:test";
import { packedReadme } from "../../pkg-template/build/readme.mjs";
import { anchors, links } from "./markdown.mjs";
import { execute, makeProject, program, root, tarball } from "./project.mjs";

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
before(async () => {
  project = await makeProject();
});
after(() => project?.remove());

/** @param {string} dir */
async function filesOf(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .sort();
}

test("the tarball holds the forms, their types, the schema, the templates and the papers, and nothing else", async () => {
  const templates = await filesOf(join(root, "pkg-template/package/templates"));
  assert.notEqual(templates.length, 0);
  assert.deepEqual(
    await filesOf(project.installed),
    [
      "CHANGELOG.md",
      "LICENSE-APACHE",
      "LICENSE-MIT",
      "README.md",
      "dist/doorkey.bundler.mjs",
      "dist/doorkey.d.mts",
      "dist/doorkey.d.ts",
      "dist/doorkey.error.mjs",
      "dist/doorkey.hosts.d.mts",
      "dist/doorkey.hosts.mjs",
      "dist/doorkey.mjs",
      "dist/doorkey.panel.d.mts",
      "dist/doorkey.panel.mjs",
      "dist/doorkey.providers.d.mts",
      "dist/doorkey.providers.mjs",
      "dist/doorkey.slim.bundler.mjs",
      "dist/doorkey.slim.d.mts",
      "dist/doorkey.slim.mjs",
      "dist/doorkey.ui.d.mts",
      "dist/doorkey.ui.mjs",
      "dist/doorkey.umd.min.d.ts",
      "dist/doorkey.umd.min.js",
      "dist/doorkey.wasm",
      "flow.schema.json",
      "package.json",
      ...templates.map((path) => `templates/${path}`),
      "templates/appsmith/app.json", // made of the others
    ].sort(),
  );
});

test("no link of the package's documents leads to what the package lacks", async () => {
  const documents = (await filesOf(project.installed)).filter((path) => path.endsWith(".md"));
  assert.ok(documents.length > 10, documents.join());
  const dead = [];
  for (const path of documents) {
    for (const link of links(await readFile(join(project.installed, path), "utf8"))) {
      const [file, anchor] = link.split("#");
      const target = file ? join(dirname(path), file) : path;
      const text = await readFile(join(project.installed, target), "utf8").catch(() => undefined);
      if (text === undefined || (anchor && !anchors(text).includes(anchor))) dead.push(`${path}: ${link}`);
    }
  }
  assert.deepEqual(dead, []);
});

test("the README's links to the repository are words, until package.json names it", () => {
  const markdown = `<picture>
  <source srcset="docs/a.png">
  <img src="docs/b.png" alt="">
</picture>

A [\`page\`](docs/c.md#d), alone ([e](f.md)), [changes](CHANGELOG.md#g), an [app](pkg-template/package/templates/h/README.md), [i](https://i.example), \`[j](k)\`.
`;
  const [words, linked] = [undefined, { url: "git+https://git.example/doorkey.git" }].map((repository) =>
    packedReadme(markdown, { version: "1.2.3", repository }),
  );
  const kept = "[changes](CHANGELOG.md#g), an [app](templates/h/README.md), [i](https://i.example), `[j](k)`.";
  assert.equal(words.split("\n")[0], `A \`page\`, alone, ${kept}`);
  const at = (/** @type {string} */ kind, /** @type {string} */ path) => `https://git.example/doorkey/${kind}/v1.2.3/${path}`;
  assert.equal(
    linked,
    `<picture>
  <source srcset="${at("raw", "docs/a.png")}">
  <img src="${at("raw", "docs/b.png")}" alt="">
</picture>

A [\`page\`](${at("blob", "docs/c.md")}#d), alone ([e](${at("blob", "f.md")})), ${kept}
`,
  );
});

test("package.json names a file for every entry of the API and for the CDNs", async () => {
  const manifest = JSON.parse(await readFile(join(project.installed, "package.json"), "utf8"));
  /** @param {any} entry */
  const target = (entry) => entry.default ?? entry;
  assert.deepEqual(Object.fromEntries(Object.entries(manifest.exports).map(([name, entry]) => [name, target(entry)])), {
    ".": "./dist/doorkey.mjs",
    "./slim": "./dist/doorkey.slim.mjs",
    "./umd": "./dist/doorkey.umd.min.js",
    "./hosts": "./dist/doorkey.hosts.mjs",
    "./providers": "./dist/doorkey.providers.mjs",
    "./ui": "./dist/doorkey.ui.mjs",
    "./panel": "./dist/doorkey.panel.mjs",
    "./doorkey.wasm": "./dist/doorkey.wasm",
    "./flow.schema.json": "./flow.schema.json",
    "./package.json": "./package.json",
  });
  const forBundlers = Object.entries(manifest.exports).flatMap(([name, { module }]) => (module ? [[name, module]] : []));
  assert.deepEqual(forBundlers, [
    [".", "./dist/doorkey.bundler.mjs"],
    ["./slim", "./dist/doorkey.slim.bundler.mjs"],
  ]);
  assert.equal(manifest.unpkg, "./dist/doorkey.umd.min.js");
  assert.equal(manifest.jsdelivr, "./dist/doorkey.umd.min.js");
  assert.equal(manifest.dependencies, undefined);
  assert.equal(manifest.scripts, undefined);
});

test("publint finds nothing", async () => {
  const { stdout } = await execute(program("publint"), ["run", "--strict", await tarball()]);
  assert.match(stdout, /All good!/);
});

test("arethetypeswrong finds nothing, but that only the first entry and umd can be required as CommonJS", async () => {
  // `require("doorkey")` gives the UMD form; the others are ES modules alone.
  const { stdout } = await execute(program("attw"), ["--config-path", join(root, ".attw.json"), "--format", "json", await tarball()]);
  const { analysis } = JSON.parse(stdout);
  const problems = analysis.problems.map((/** @type {any} */ { kind, entrypoint }) => `${kind} ${entrypoint}`).sort();
  assert.deepEqual(
    problems,
    ["hosts", "panel", "providers", "slim", "ui"].map((entry) => `CJSResolvesToESM ./${entry}`),
  );
});

test("no script runs text as code, writes markup, or logs", async () => {
  const scripts = (await filesOf(join(project.installed, "dist"))).filter((path) => /js$/.test(path));
  assert.ok(scripts.length >= 10, scripts.join());
  const forbidden =
    /\beval\s*\(|\bFunction\s*\(|\bimportScripts\b|(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|HTMLUnsafe|ContextualFragment|srcdoc|\bconsole\b|set(Timeout|Interval)\(\s*["'`]/;
  for (const sample of ["eval (x)", "new Function(x)", "a.innerHTML = x", "console.log", "setTimeout('x')"])
    assert.match(sample, forbidden);
  for (const path of scripts) {
    const text = await readFile(join(project.installed, "dist", path), "utf8");
    assert.equal(forbidden.exec(text)?.[0], undefined, path);
  }
});

test("no file names the machine that it was built on", async () => {
  for (const path of await filesOf(project.installed)) {
    const text = await readFile(join(project.installed, path), "latin1");
    for (const trace of [root, homedir(), "/.cargo/"]) assert.equal(text.includes(trace), false, `${path} holds ${trace}`);
  }
});
