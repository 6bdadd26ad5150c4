// @ts-check
// Apps that bundlers make of the installed package, loaded in Chromium.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import { launch, open, serve } from "./browser.mjs";
import { makeProject } from "./project.mjs";
import { expected, smoke } from "./smoke.mjs";

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {string} */
let version;

const INDEX = `<!doctype html><title>x</title><script type="module" src="/main.js"></script>`;
const INLINE = `import * as doorkey from "doorkey"; const smoke = ${smoke}; globalThis.report = smoke(doorkey);`;
const SLIM = `import init, * as doorkey from "doorkey/slim"; const smoke = ${smoke}; globalThis.report = init().then(() => smoke(doorkey));`;
const UMD = `import doorkey from "doorkey/umd"; const smoke = ${smoke}; globalThis.report = smoke(doorkey);`;

before(async () => {
  project = await makeProject({
    "inline/index.html": INDEX,
    "inline/main.js": INLINE,
    "slim/index.html": INDEX,
    "slim/main.js": SLIM,
    "umd/index.html": INDEX,
    "umd/main.js": UMD,
    "wasm.js": `import url from "doorkey/doorkey.wasm"; import * as doorkey from "doorkey/slim"; const smoke = ${smoke};
      globalThis.report = doorkey.init(new URL(url, import.meta.url)).then(() => smoke(doorkey));`,
    "unused.js": `import { createAuth } from "doorkey"; console.log("nothing of it is used");`,
  });
  version = JSON.parse((await project.dist("../package.json")).toString()).version;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await project?.remove();
});

/** What a built app reports. @param {string} dir */
async function report(dir) {
  /** @type {Record<string, Buffer>} */
  const files = {};
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files[`/${relative(dir, path)}`] = await readFile(path);
  }
  const server = await serve(files);
  const { page, errors, close } = await open(browser, `${server.url}/index.html`);
  try {
    await page.waitForFunction("globalThis.report", undefined, { timeout: 20_000 });
    const result = await page.evaluate("globalThis.report");
    assert.deepEqual(errors, []);
    return { result, files: Object.keys(files) };
  } finally {
    await close();
    await server.stop();
  }
}

/** @param {string} name */
async function viteBuild(name) {
  const outDir = join(project.dir, name, "dist");
  await vite({ root: join(project.dir, name), configFile: false, logLevel: "error", build: { outDir, emptyOutDir: true } });
  return report(outDir);
}

test("Vite builds an app with doorkey", async () => {
  assert.deepEqual((await viteBuild("inline")).result, expected(version));
});

test("Vite builds an app with doorkey/slim, and takes the wasm along, once", async () => {
  const { result, files } = await viteBuild("slim");
  assert.deepEqual(result, expected(version, ["default", "init"]));
  assert.equal(files.filter((file) => file.endsWith(".wasm")).length, 1);
});

test("Vite builds an app with doorkey/umd", async () => {
  assert.deepEqual((await viteBuild("umd")).result, expected(version));
});

/** @param {string} entry @param {string} name */
async function esbuildBuild(entry, name) {
  const outdir = join(project.dir, name);
  await esbuild({
    entryPoints: { main: join(project.dir, entry) },
    bundle: true,
    minify: true,
    format: "esm",
    outdir,
    loader: { ".wasm": "file" },
    logLevel: "error",
  });
  await project.write(`${name}/index.html`, INDEX);
  return outdir;
}

test("esbuild builds an app with doorkey", async () => {
  assert.deepEqual((await report(await esbuildBuild("inline/main.js", "out-inline"))).result, expected(version));
});

test("esbuild builds an app with doorkey/slim and the file doorkey/doorkey.wasm", async () => {
  assert.deepEqual((await report(await esbuildBuild("wasm.js", "out-wasm"))).result, expected(version, ["default", "init"]));
});

test("an app that uses nothing of it bundles nothing of it", async () => {
  const { length } = await readFile(join(await esbuildBuild("unused.js", "out-unused"), "main.js"));
  assert.ok(length < 200, `${length} bytes`);
});
