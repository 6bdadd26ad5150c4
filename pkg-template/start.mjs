// @ts-check
// Whether the wasm runs yet. Loading never throws: a start that fails is told by `ready` and by every call.
import { root as makeRoot } from "doorkey-glue";
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

/** To be called when the wasm is instantiated. */
export function started() {
  entrance = makeRoot();
  usable = true;
  succeed();
}

/**
 * Runs `load`, which instantiates the wasm.
 * @param {() => Promise<unknown>} load
 * @returns {Promise<void>} rejects with ERR_NOT_READY
 */
export async function start(load) {
  if (hasFailed()) {
    failure = undefined;
    ready = awaited();
  }
  try {
    await load();
    started();
  } catch (cause) {
    failure = cause ?? new Error("unknown");
    fail(notReady());
    throw notReady();
  }
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
