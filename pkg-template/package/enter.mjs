// @ts-check
// The way into the wasm: functions `(0, member, isDataField, arguments, settle)`, of which `root` gives the first.
import { AuthError } from "./error.mjs";

/** What can be called, by number: in the order of `Member` in src/bindings/member.rs. */
export const MEMBERS = ["open", "claims", "configure", "dispose"];

// Members of a session that answer at once, and those that give a promise; first what the default session has too.
export const DIRECT = ["getValue", "status", "values", "on"];
export const DIRECT_OF_AUTH = ["trace", "watch"];
export const PROMISED = ["signin", "refreshAccessToken", "logout", "storeValue", "removeValue", "clearStore", "accessToken", "headers", "run", "check", "guard"];
export const PROMISED_OF_AUTH = ["fetch", "test"];
MEMBERS.push(...DIRECT, ...DIRECT_OF_AUTH, ...PROMISED, ...PROMISED_OF_AUTH);

/** @typedef {(op: 0, member: number, isDataField: boolean, args: unknown[], settle: (failed: boolean, value: any) => void) => void} Entrance */

/**
 * Calls what may take time. Each call settles exactly once.
 * @param {Entrance} entrance @param {string} name @param {unknown[]} args
 * @returns {Promise<any>} rejects with an AuthError
 */
export function enter(entrance, name, args) {
  return new Promise((resolve, reject) => {
    call(entrance, name, args, (failed, value) => (failed ? reject(asError(value)) : resolve(value)));
  });
}

/**
 * Calls what answers at once, or throws an AuthError.
 * @param {Entrance} entrance @param {string} name @param {unknown[]} args
 */
export function entered(entrance, name, ...args) {
  /** @type {any} */
  let result;
  let error;
  call(entrance, name, args, (failed, value) => {
    if (failed) error = asError(value);
    else result = value;
  });
  if (error) throw error;
  return result;
}

/** @param {Entrance} entrance @param {string} name @param {unknown[]} args @param {(failed: boolean, value: any) => void} settle */
const call = (entrance, name, args, settle) => entrance(0, MEMBERS.indexOf(name), !!(/** @type {any} */ (globalThis).$isDataField), args, settle);

/** @param {any} details */
const asError = (details) => new AuthError(details.code, details.message, details);
