// @ts-check
// Whether the wasm runs yet. Loading never throws: a start that fails is told by `ready` and by every call.
import { imports, turn, use } from "doorkey-glue";
import { Module } from "doorkey-shell";
import { AuthError } from "./error.mjs";

let usable = false;
/** @type {unknown} Why the last start failed. */
let failure;
/** @type {WebAssembly.Module} What was compiled, for another instance after a trap. */
let compiled;
/** @type {(value?: unknown) => void} */
let succeed;
/** @type {(error: AuthError) => void} */
let fail;

/** The way into the wasm. */
export const module = new Module(
  turn,
  () => use(new WebAssembly.Instance(compiled, imports)),
  async () => {
    const instance = await WebAssembly.instantiate(compiled, imports);
    return () => use(instance);
  },
);

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

/** Whether calls have nothing to wait for: the last start failed, and no other has begun. */
export const hasFailed = () => failure !== undefined;

/** Runs what is compiled at once. @param {Uint8Array<ArrayBuffer>} bytes */
export function startSync(bytes) {
  const module = new WebAssembly.Module(bytes);
  started(module, new WebAssembly.Instance(module, imports));
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
    const source = await load();
    const made = await instantiated(source);
    // Of a module it is the instance alone.
    started(made.module ?? source, made.instance ?? made);
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
  const streams = "instantiateStreaming" in WebAssembly && /^application\/wasm$/i.test(source.headers.get("content-type"));
  return streams ? WebAssembly.instantiateStreaming(source, imports) : WebAssembly.instantiate(await source.arrayBuffer(), imports);
}

/** @param {WebAssembly.Module} module @param {WebAssembly.Instance} instance */
function started(module, instance) {
  use(instance);
  compiled = module;
  usable = true;
  succeed();
}

/** Waits until the wasm runs, or throws ERR_NOT_READY. */
export async function whenUsable() {
  try {
    await ready;
  } catch {} // told here, as it is now
  assertUsable();
}

/** Throws ERR_NOT_READY unless the wasm runs. */
export function assertUsable() {
  if (!usable) throw notReady();
}

function notReady() {
  // A new one each time: hosts annotate what they catch.
  const cause = /** @type {any} */ (failure);
  const why = hasFailed() ? `doorkey could not start: ${cause.message ?? cause}` : "doorkey has not started yet: wait for `ready`";
  return new AuthError("ERR_NOT_READY", why, { cause });
}
