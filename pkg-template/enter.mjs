// @ts-check
// The way into the wasm: functions `(0, 0, isDataField, [name, ...arguments], settle)`, of which `root` gives the first.
import { AuthError } from "./error.mjs";

/** @typedef {(op: 0, id: 0, isDataField: boolean, args: unknown[], settle: (failed: boolean, value: any) => void) => void} Entrance */

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
const call = (entrance, name, args, settle) => entrance(0, 0, !!(/** @type {any} */ (globalThis).$isDataField), [name, ...args], settle);

/** @param {any} details */
const asError = (details) => new AuthError(details.code, details.message, details);
