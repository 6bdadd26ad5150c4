// @ts-check
// Whether the wasm runs yet. Loading never throws: a start that fails is told by `ready` and by every call.
import { imports, root as makeRoot, use } from "doorkey-glue";
import { AuthError } from "./error.mjs";

let usable = false;
/** @type {any} */
let entrance;
/** @type {unknown} Why the last start failed. */
let failure;
/** @type {(value?: unknown) => void} */
let succeed;
/** @type {(error: AuthError) => void} */
let fail;

/** Settles with the start that is under way or to come; another try after a failure makes a new one. */
export let ready = awaited();

function awaited() {
  const promise = new Promise((resolve, reject) => {
    succeed = resolve;
    fail = reject;
  });
  promise.catch(() => {}); // nobody has to listen
  return promise;
}

export const isUsable = () => usable;

/** The way into the wasm. @returns {import("./enter.mjs").Entrance} */
export const root = () => entrance;

/** Whether calls have nothing to wait for: the last start failed, and no other has begun. */
export const hasFailed = () => failure !== undefined;

/** Runs what is compiled at once. @param {Uint8Array} bytes */
export function startSync(bytes) {
  started(new WebAssembly.Instance(new WebAssembly.Module(bytes), imports));
}

/**
 * Runs what `load` gives: a response, bytes or a module.
 * @param {() => Promise<any>} load
 * @returns {Promise<void>} rejects with ERR_NOT_READY
 */
export async function start(load) {
  if (hasFailed()) {
    failure = undefined;
    ready = awaited();
  }
  try {
    const made = await instantiated(await load());
    started(made.instance ?? made);
  } catch (cause) {
    failure = cause ?? new Error("unknown");
    fail(notReady());
    throw notReady();
  }
}

/** @param {any} source @returns {Promise<any>} an instance of a module, or for anything else that and the module */
async function instantiated(source) {
  if (!source?.arrayBuffer) return WebAssembly.instantiate(source, imports);
  if (!source.ok) throw new Error(`${source.url} answers with the status ${source.status}`);
  // Nothing else is taken from a stream, and not every server knows that type.
  const streams = WebAssembly.instantiateStreaming && /^application\/wasm$/i.test(source.headers.get("content-type"));
  return streams ? WebAssembly.instantiateStreaming(source, imports) : WebAssembly.instantiate(await source.arrayBuffer(), imports);
}

/** @param {WebAssembly.Instance} instance */
function started(instance) {
  use(instance);
  entrance = makeRoot();
  usable = true;
  succeed();
}

/** Waits until the wasm runs, or throws ERR_NOT_READY. */
export async function whenUsable() {
  await ready.catch(() => {});
  assertUsable();
}

/** Throws ERR_NOT_READY unless the wasm runs. */
export function assertUsable() {
  if (!usable) throw notReady();
}

function notReady() {
  // A new one each time: hosts annotate what they catch.
  const cause = /** @type {any} */ (failure);
  const why = hasFailed() ? "doorkey could not start: " + (cause.message ?? cause) : "doorkey has not started yet: wait for `ready`";
  return new AuthError("ERR_NOT_READY", why, { cause });
}
