// @ts-check
// A response, as Rust sees it: who gives one may be a server, a host, or a function of the app's.

import { copy, failure, parsed, textOf } from "../copy.js";
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

/** A response with its body, unless somebody has read that already. @param {Response} response @param {boolean} [isShared] whether others may still read it */
export async function answerOf(response, isShared) {
  const text = response.bodyUsed ? "" : await textIn(response, LONGEST, isShared);
  return answer(response, flat(response.headers), text, text === undefined);
}

/**
 * What something threw, for Rust. A response, or one that an error holds, is read as one that was given; not where that was done
 * already, since the error has then what was in it. It is the cause, of which nothing is taken away.
 * @param {any} thrown
 */
export async function failed(thrown) {
  const fields = failure(thrown);
  const response = isResponse(thrown) ? thrown : member(thrown, "response");
  if (!isResponse(response) || member(response, "bodyUsed")) return fields;
  // One that can't be read has said nothing but its status, as one that is too long.
  const answered = await answerOf(response, true).catch(() => ({ status: numberOf(member(response, "status")), isTooLong: true }));
  return { ...fields, isAnswer: true, thrown: { .../** @type {any} */ (fields.thrown), ...answered } };
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
