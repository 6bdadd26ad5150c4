// @ts-check
// Makes `dist` of the package, and beside it the README and the templates that are made of others: node pkg-template/build/bundle.mjs --glue <js> --wasm <wasm> --out <dist>
// The ES modules stay readable, since an app's bundler minifies them; the UMD file is used as it is.

import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, transform } from "esbuild";
import { minify } from "terser";
import { appsmithApp } from "./appsmith-app.mjs";
import { packedReadme } from "./readme.mjs";
import { shorten } from "./shorten.mjs";
import { encode } from "./wasm-text.mjs";

const template = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(template);
const shipped = join(template, "package");
const text = /** @type {const} */ ({ type: "string" });
const { glue, wasm, out } = parseArgs({ options: { glue: text, wasm: text, out: text } }).values;
if (!glue || !wasm || !out) throw new Error("--glue, --wasm and --out are needed");
const manifest = JSON.parse(await readFile(join(shipped, "package.json"), "utf8"));
const { version, license } = manifest;

/** Stands for the module's text in what is minified: a minifier would choose its names by the letters in that. */
const HELD = "MODULE_TEXT";

const short = shorten(await readFile(glue, "utf8"), await readFile(wasm));
const inlined = JSON.stringify(encode(short.wasm));

/**
 * `doorkey-glue` is what wasm-bindgen wrote, `doorkey-shell` our side of the seam, and `doorkey-wasm` the module as text.
 * @param {string} text an expression
 */
const generated = (text) => ({
  name: "generated",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^doorkey-glue$/ }, () => ({ path: resolve(glue) }));
    build.onResolve({ filter: /^doorkey-shell$/ }, () => ({ path: join(root, "src/shell/main.js") }));
    // wasm-bindgen copies what Rust names: it must be the same module as ours.
    build.onResolve({ filter: /[\\/]snippets[\\/]doorkey-\w+[\\/]src[\\/]/ }, ({ path }) => ({
      path: join(root, path.replace(/^.*snippets[\\/]doorkey-\w+[\\/]/, "")),
    }));
    build.onLoad({ filter: /[\\/]doorkey_bg\.js$/ }, () => ({ contents: short.glue, loader: "js" }));
    build.onResolve({ filter: /^doorkey-wasm$/ }, () => ({ path: "doorkey.wasm", namespace: "text" }));
    build.onLoad({ filter: /.*/, namespace: "text" }, () => ({ contents: `export default ${text};`, loader: "js" }));
  },
});

/** What the files for bundlers share, and import from each other. */
const SHARED = { "error.mjs": "doorkey.error.mjs", "hosts/index.mjs": "doorkey.hosts.mjs", "providers/index.mjs": "doorkey.providers.mjs" };

const shared = {
  name: "shared",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^\..*\.mjs$/ }, ({ path, resolveDir, kind }) => {
      const file = /** @type {Record<string, string>} */ (SHARED)[relative(shipped, resolve(resolveDir, path))];
      return file && kind !== "entry-point" ? { path: `./${file}`, external: true } : undefined;
    });
  },
};

/** Style sheets come as text, for shadow roots. */
const styles = {
  name: "styles",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /[\\/](ui|panel)[\\/]\w+\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** @param {string} entry @param {string} file @param {import("esbuild").BuildOptions} [more] */
async function bundle(entry, file, more) {
  const { metafile } = await build({
    absWorkingDir: root, // the paths in comments begin there
    entryPoints: [join(shipped, entry)],
    outfile: resolve(/** @type {string} */ (out), file),
    bundle: true,
    format: "esm",
    target: "es2020",
    banner: { js: `/*! doorkey ${version} | ${license} */` },
    define: { __VERSION__: JSON.stringify(version) },
    plugins: [generated(inlined), styles],
    ignoreAnnotations: true, // "sideEffects" is said to those who import the package, not to its own parts
    logLevel: "warning",
    ...more,
    metafile: true,
  });
  return Object.values(metafile.outputs)[0].exports;
}

const names = await bundle("entry/inline.mjs", "doorkey.mjs");
await bundle("entry/slim.mjs", "doorkey.slim.mjs");
await bundle("entry/ui.mjs", "doorkey.ui.mjs");
await bundle("entry/panel.mjs", "doorkey.panel.mjs");

// Whose bundler takes the package apart, gets in place of the first two what it can leave parts of.
const forBundlers = { "entry/inline.bundler.mjs": "doorkey.bundler.mjs", "entry/slim.bundler.mjs": "doorkey.slim.bundler.mjs" };
for (const [entry, file] of Object.entries({ ...forBundlers, ...SHARED })) {
  await bundle(entry, file, { plugins: [generated(inlined), shared] });
}

await bundle("entry/umd.mjs", "doorkey.umd.min.js", {
  format: "iife",
  minify: true,
  plugins: [generated(HELD)],
  // Hosts have a `document` of their own making; none is to be looked at.
  define: { __VERSION__: JSON.stringify(version), document: "undefined" },
  logOverride: { "commonjs-variable-in-esm": "silent", "empty-import-meta": "error" },
});
// A second minifier behind the first: 1.1 kB after brotli.
const umd = join(out, "doorkey.umd.min.js");
const { code = "" } = await minify(await readFile(umd, "utf8"), { ecma: 2020, compress: { passes: 2 }, format: { comments: /^!/ } });
const [before, after, ...more] = code.split(HELD);
if (more.length || !after) throw new Error("the module's text has no place, or more than one");
// The last line never runs: it tells Node which names `import { … } from "doorkey/umd"` may ask for.
await writeFile(umd, `${before}${inlined}${after}\n0&&(module.exports={${names.join(",")}});\n`);

await writeFile(join(out, "doorkey.wasm"), short.wasm);
await cp(join(shipped, "types"), out, { recursive: true });

const app = join(out, "../templates/appsmith/app.json");
await mkdir(dirname(app), { recursive: true });
await writeFile(app, `${JSON.stringify(await appsmithApp(join(shipped, "templates/appsmith"), version))}\n`);

await writeFile(join(out, "../README.md"), packedReadme(await readFile(join(root, "README.md"), "utf8"), manifest));
