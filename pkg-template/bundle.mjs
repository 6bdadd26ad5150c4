// @ts-check
// Makes `dist` of the package from the glue and the wasm: node pkg-template/bundle.mjs --glue <js> --wasm <wasm> --out <dist>
import { build } from "esbuild";
import { copyFile, cp, mkdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { encode } from "./wasm-text.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { glue: { type: "string" }, wasm: { type: "string" }, out: { type: "string" } } });
const { glue, wasm, out } = values;
if (!glue || !wasm || !out) throw new Error("--glue, --wasm and --out are needed");

/** The glue, without the address at which it would look for the wasm: the entries know better, and scripts have no import.meta. */
const gluePlugin = {
  name: "doorkey-glue",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^doorkey-glue$/ }, () => ({ path: resolve(glue), namespace: "doorkey-glue" }));
    build.onLoad({ filter: /.*/, namespace: "doorkey-glue" }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/new URL\([^()]*, import\.meta\.url\)/, "undefined"),
    }));
  },
};

const wasmPlugin = {
  name: "doorkey-wasm",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^doorkey-wasm$/ }, () => ({ path: resolve(wasm), namespace: "doorkey-wasm" }));
    build.onLoad({ filter: /.*/, namespace: "doorkey-wasm" }, async ({ path }) => ({
      contents: encode(await readFile(path)),
      loader: "text",
    }));
  },
};

const { version, license } = JSON.parse(await readFile(join(here, "package.json"), "utf8"));

/** @param {string} entry @param {string} file @param {import("esbuild").BuildOptions} [more] */
async function bundle(entry, file, more) {
  const { metafile } = await build({
    entryPoints: [join(here, "entry", entry)],
    outfile: join(out, file),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    metafile: true,
    banner: { js: `/*! doorkey ${version} | ${license} */` },
    plugins: [gluePlugin, wasmPlugin],
    ignoreAnnotations: true, // "sideEffects": false is for those who import the package, not for its own parts
    logOverride: { "empty-import-meta": "error" },
    ...more,
  });
  return Object.values(metafile.outputs)[0].exports;
}

await mkdir(out, { recursive: true });
const names = await bundle("inline.mjs", "doorkey.mjs");
await bundle("slim.mjs", "doorkey.slim.mjs");
await bundle("umd.mjs", "doorkey.umd.min.js", {
  format: "iife",
  // Hosts have documents of their own making; none is to be looked at.
  define: { document: "undefined" },
  // Never run: tells Node the names that `import { … } from "doorkey/umd"` may have.
  footer: { js: `0&&(module.exports={${names.join(",")}});` },
  logOverride: { "empty-import-meta": "error", "commonjs-variable-in-esm": "silent" },
});
await copyFile(wasm, join(out, "doorkey.wasm"));
await cp(join(here, "types"), out, { recursive: true });
