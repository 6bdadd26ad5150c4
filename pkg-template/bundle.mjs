// @ts-check
// Makes the JavaScript of `dist`: node pkg-template/bundle.mjs --glue <js> --wasm <wasm> --version <version> --out <dist>
// The ES modules stay readable, since an app's bundler minifies them; the UMD file is used as it is.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { encode } from "./wasm-text.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const text = /** @type {const} */ ({ type: "string" });
const { glue, wasm, version, out } = parseArgs({ options: { glue: text, wasm: text, version: text, out: text } }).values;
if (!glue || !wasm || !version || !out) throw new Error("--glue, --wasm, --version and --out are needed");

/** `doorkey-glue` is what wasm-bindgen wrote, and `doorkey-wasm` the module as text. */
const generated = {
  name: "generated",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^doorkey-glue$/ }, () => ({ path: resolve(glue) }));
    build.onResolve({ filter: /^doorkey-wasm$/ }, () => ({ path: resolve(wasm), namespace: "wasm-text" }));
    build.onLoad({ filter: /.*/, namespace: "wasm-text" }, async ({ path }) => ({ contents: encode(await readFile(path)), loader: "text" }));
  },
};

/** @param {string} entry @param {string} file @param {import("esbuild").BuildOptions} [more] */
async function bundle(entry, file, more) {
  const { metafile } = await build({
    entryPoints: [join(here, "entry", entry)],
    outfile: join(/** @type {string} */ (out), file),
    bundle: true,
    format: "esm",
    target: "es2020",
    banner: { js: `/*! doorkey ${version} | MIT OR Apache-2.0 */` },
    define: { __VERSION__: JSON.stringify(version) },
    plugins: [generated],
    ignoreAnnotations: true, // "sideEffects": false is said to those who import the package, not to its own parts
    logLevel: "warning",
    metafile: true,
    ...more,
  });
  return Object.values(metafile.outputs)[0].exports;
}

const names = await bundle("inline.mjs", "doorkey.mjs");
await bundle("slim.mjs", "doorkey.slim.mjs");
await bundle("umd.mjs", "doorkey.umd.min.js", {
  format: "iife",
  minify: true,
  // Hosts have a `document` of their own making; none is to be looked at.
  define: { __VERSION__: JSON.stringify(version), document: "undefined" },
  // Never run: tells Node which names `import { … } from "doorkey/umd"` may ask for.
  footer: { js: `0&&(module.exports={${names.join(",")}});` },
  logOverride: { "commonjs-variable-in-esm": "silent", "empty-import-meta": "error" },
});
