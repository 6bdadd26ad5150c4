// @ts-check
// The wasm is a file beside this one, streamed by `init`.
import { start } from "../start.mjs";

export { ready } from "../start.mjs"; // the binding itself: another try makes another promise
export * from "./named.mjs";
export { init, init as default };

/** @type {Promise<void> | undefined} */
let started;

async function init(input = new URL("./doorkey.wasm", import.meta.url)) {
  const mine = (started ??= start(() => load(input)));
  try {
    await mine;
  } catch (error) {
    // May be tried again, unless somebody has begun to.
    if (started === mine) started = undefined;
    throw error;
  }
}

/** @param {any} input */
async function load(input) {
  const source = await input;
  return typeof source === "string" || source instanceof URL ? open(source) : source;
}

/** @param {string | URL} url */
function open(url) {
  // Node can't fetch files. Its loader is asked for by a call, which no bundler follows.
  const fs = /^file:/.test(String(url)) && globalThis.process?.getBuiltinModule?.("node:fs");
  return fs ? fs.promises.readFile(new URL(url)) : fetch(url);
}
