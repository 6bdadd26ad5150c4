// @ts-check
// Whether the wasm runs yet. Loading never throws: a start that fails is told by `ready` and by every call.
import { install } from "doorkey-glue";
import { AuthError, isAuthError } from "./error.mjs";

let usable = false;
/** @type {unknown} Why the last start failed. */
let failure;
/** @type {() => void} */
let succeed;
/** @type {(error: AuthError) => void} */
let fail;

/** Settles with the first start. */
export const ready = new Promise((resolve, reject) => {
  succeed = () => resolve(undefined);
  fail = reject;
});

/** @type {Promise<unknown>} Settles with the start that is under way, and never rejects. */
let attempt = ready.catch(() => {});

export const isUsable = () => usable;

/** Whether calls have nothing to wait for: the last start failed, and no other has begun. */
export const hasFailed = () => failure !== undefined;

/** To be called when the wasm is instantiated. */
export function started() {
  install(AuthError);
  usable = true;
  failure = undefined;
  succeed();
}

/**
 * Runs `load`, which instantiates the wasm.
 * @param {() => Promise<unknown>} load
 * @returns {Promise<void>} rejects with ERR_NOT_READY
 */
export async function start(load) {
  failure = undefined;
  const loaded = load().then(started);
  attempt = loaded.catch((cause) => {
    failure = cause ?? new Error("unknown");
    fail(notReady());
  });
  await attempt;
  assertUsable();
}

/** Waits for the start that is under way. */
export async function whenUsable() {
  await attempt;
  assertUsable();
}

/** Throws ERR_NOT_READY unless the wasm runs. */
export function assertUsable() {
  if (!usable) throw notReady();
}

function notReady() {
  const why = hasFailed() ? "doorkey could not start: " + (/** @type {any} */ (failure).message ?? failure) : "doorkey has not started yet: wait for `ready`";
  return new AuthError("ERR_NOT_READY", why, { cause: failure });
}

/**
 * What a call may throw: an AuthError. Anything else comes from a module that has stopped (a trap).
 * @param {unknown} error
 */
export function asAuthError(error) {
  return isAuthError(error) ? error : new AuthError("ERR_NOT_READY", "doorkey has stopped: reload the page", { cause: error });
}
