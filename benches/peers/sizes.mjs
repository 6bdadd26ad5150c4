// @ts-check
/** The apps as they are sent: bundled, minified, compressed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { buildSync } from "esbuild";

import { size } from "../sizes.mjs";
import { HERE, peersFolder } from "./peers.mjs";

/** @typedef {{ script: string, raw: number, gzip: number, brotli: number }} Bundle */

/**
 * The app of a peer as a bundler makes it.
 * @param {import("./peers.mjs").Peer} peer @param {string} dist the unpacked package's folder
 * @returns {Bundle} with doorkey's wasm, which is a file of its own
 */
export function bundle({ name }, dist) {
  const { outputFiles } = buildSync({
    entryPoints: [join(HERE, "apps", `${name}.js`)],
    nodePaths: [join(peersFolder(), "node_modules")],
    alias: { "doorkey/slim": join(dist, "doorkey.slim.bundler.mjs") },
    define: { "process.env.NODE_ENV": '"production"' },
    ...{ bundle: true, minify: true, write: false, format: "esm", platform: "browser", target: "es2022", legalComments: "none" },
    // The wasm's address is given to `init`.
    logOverride: { "empty-import-meta": "silent" },
    loader: { ".wasm": "empty" },
  });
  const script = outputFiles[0].text;
  const files = [Buffer.from(script), ...(name === "doorkey" ? [readFileSync(join(dist, "doorkey.wasm"))] : [])].map((file) =>
    size(name, file),
  );
  const sum = (/** @type {"raw" | "gzip" | "brotli"} */ key) => files.reduce((total, file) => total + file[key], 0);
  return { script, raw: sum("raw"), gzip: sum("gzip"), brotli: sum("brotli") };
}
