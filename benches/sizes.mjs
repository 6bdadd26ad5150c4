// @ts-check
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { buildSync, transformSync } from "esbuild";

/** The files of the package as they lie there, and as an app's bundler would send them, with the floor at the end. */
export function measureSizes(/** @type {string} */ dist, /** @type {string} */ floor) {
  const file = (/** @type {string} */ name) => readFileSync(join(dist, name));
  const minified = (/** @type {string} */ name) => Buffer.from(transformSync(file(name).toString(), { minify: true }).code);
  const wasm = size("doorkey.wasm", file("doorkey.wasm"));
  const glue = size("", minified("doorkey.slim.mjs"));
  return [
    size("doorkey.mjs", file("doorkey.mjs")),
    size("doorkey.mjs, minified", minified("doorkey.mjs")),
    size("doorkey.umd.min.js", file("doorkey.umd.min.js")),
    size("doorkey.slim.mjs", file("doorkey.slim.mjs")),
    wasm,
    {
      name: "slim: doorkey.wasm + doorkey.slim.mjs, minified",
      raw: wasm.raw + glue.raw,
      gzip: wasm.gzip + glue.gzip,
      brotli: wasm.brotli + glue.brotli,
    },
    size("the floor: benches/floor.js, minified", Buffer.from(floor)),
  ];
}

/**
 * The floor as an app would send it.
 * @param {string} path @param {"esm" | "iife"} format  iife: a script that makes the global `Floor`
 */
export function bundleFloor(path, format) {
  const options = /** @type {const} */ ({ bundle: true, minify: true, write: false, target: "es2022" });
  const globalName = format === "iife" ? "Floor" : undefined;
  return buildSync({ ...options, entryPoints: [path], format, globalName }).outputFiles[0].text;
}

/** @param {string} name @param {Buffer} bytes */
export function size(name, bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const gzip = gzipSync(bytes, { level: 9 }).length;
  return { name, raw: bytes.length, gzip, brotli: brotliCompressSync(bytes, { params }).length };
}
