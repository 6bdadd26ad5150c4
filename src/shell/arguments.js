// @ts-check
// The arguments of calls as messages: copied here, read by src/core/arguments.rs.

import { copy, dataOf, inputs, json, keyOf, textOf } from "./copy.js";
import { readable, told } from "./ports/request.js";
import { fit } from "./refusal.js";
import { Carried } from "./wire.js";

/** @param {unknown} value @param {string} path */
const data = (value, path) => fit(() => copy(value, path), "ERR_INVALID_VALUE");
/** @param {unknown} given */
const option = (given) => ({ options: fit(() => copy(given), "ERR_INVALID_OPTION") });
/** Of a call on which a page's event may be handed on. @param {any[]} args */
const options = ([given]) => option(inputs(given));
/** @param {any[]} args */
const key = ([given]) => ({ key: keyOf(given) });

/** @type {Map<string, (args: any[]) => Record<string, any>>} */
const READERS = new Map(
  Object.entries({
    signin: ([given, password]) => ({ inputs: data(inputs(given), "inputs"), password: textOf(password) }),
    refreshAccessToken: options,
    logout: options,
    storeValue: ([given, value, persist]) => ({ ...key([given]), json: stored(given, value), persist: persist === undefined || !!persist }),
    removeValue: key,
    accessToken: ([given]) => option(given),
    run: ([query, params]) => ({ query: dataOf(query), params: new Carried("OTHER", params) }),
    guard: ([page]) => ({ page: textOf(page) }),
    fetch: ([made]) => readable(() => told(made)),
    test: ([flow, given, more]) => ({ flow: data(flow, "flow"), inputs: data(given, "inputs"), options: dataOf(more) }),
  }),
);

/** Whether a builder evaluates a binding, in which nothing can be awaited. */
export const isDataField = () => !!(/** @type {any} */ (globalThis).$isDataField);

/**
 * The message of a call; of `fetch` the argument is the request that was made of what it was called with.
 * @param {string} name @param {any[]} args @returns {Record<string, any>}
 */
export function callMessage(name, args) {
  return { isDataField: isDataField(), ...READERS.get(name)?.(args) };
}

/** A bad key is Rust's to refuse, before the value. @param {unknown} key @param {unknown} value */
const stored = (key, value) => (typeof key === "string" ? fit(() => json(value, "value"), "ERR_INVALID_VALUE") : undefined);
