// @ts-check
/** Brings the gRPC-web client of grpc.mjs into a page. */

import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const entry = fileURLToPath(new URL("grpc.mjs", import.meta.url));
/** @type {Promise<string> | undefined} */
let bundled;

/** Gives the page `globalThis.grpc`. @param {import("./tab.mjs").Tab} tab @param {import("./site.mjs").Site} site */
export async function withGrpc(tab, site) {
  bundled ??= build({ entryPoints: [entry], bundle: true, format: "esm", write: false }).then(({ outputFiles }) => outputFiles[0].text);
  site.answer("/grpc.mjs", { headers: { "content-type": "text/javascript" }, body: await bundled });
  await tab.page.addScriptTag({ type: "module", url: "/grpc.mjs" });
  await tab.until(() => Boolean(globalThis.grpc));
}
