// @ts-check
// A response, as Rust sees it: who gives one may be a server, a host, or a function of the app's.

import { copy, parsed, textOf } from "../copy.js";
import { isFunction, member, object } from "../own.js";
import { textIn } from "./body.js";
import { flat } from "./headers.js";

/** Whether a value is a `Response` that can be looked into, of whatever realm or library. @param {unknown} value @returns {value is Response} */
export function isResponse(value) {
  const status = member(value, "status");
  return typeof status === "number" && status > 0 && isFunction(member(value, "text"));
}

/** A longer answer is no answer of an auth server. */
export const LONGEST = 4000000;

/** A response with its body, unless somebody has read that already. @param {Response} response */
export async function answerOf(response) {
  const text = response.bodyUsed ? "" : await textIn(response, LONGEST);
  return answer(response, flat(response.headers), text, text === undefined);
}

/**
 * What a response is to Rust.
 * @param {{ status: unknown, url?: unknown, redirected?: unknown }} response @param {unknown[]} headers names and values in turn
 * @param {unknown} body @param {boolean} isTooLong
 */
export function answer({ status, url, redirected }, headers, body, isTooLong) {
  const value = copy(typeof body === "string" ? parsed(body) : body, "body");
  return {
    status: numberOf(status),
    url: textOf(url),
    redirected: redirected === true,
    headers: copy(object(headers), "headers"),
    isTooLong,
    body: value,
  };
}

/** A status as a number or as digits. @param {unknown} status */
export const numberOf = (status) =>
  typeof status === "number" || (typeof status === "string" && status !== "") ? Number(status) : undefined;
