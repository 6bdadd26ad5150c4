// @ts-check
// Why a call can't be: what the facade makes AuthErrors of.

import { Unfit } from "./copy.js";
import { hasOwn, isA } from "./own.js";

/** The members of an AuthError. */
const MEMBERS = /** @type {const} */ (["retryable", "status", "retryAtMs", "stepId", "path", "body", "cause"]);

/** The members of an AuthError: its `code`, its `message`, and of `MEMBERS` those that apply. */
export class Refusal {
  /** @param {string} code @param {string} message @param {Record<string, unknown>} [more] */
  constructor(code, message, more = {}) {
    this.code = code;
    this.message = message;
    for (const name of MEMBERS) {
      if (hasOwn(more, name) && more[name] !== undefined)
        /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (this))[name] = more[name];
    }
  }

  /** What Rust gives as an error. @param {any} error */
  static from(error) {
    return new Refusal(error.code, error.message, error);
  }
}

/**
 * What copying gave; what can't be copied is refused. What has no name of its own are options, whose paths begin with a member.
 * @template T @param {() => T} copying @param {"ERR_INVALID_VALUE" | "ERR_INVALID_OPTION"} code
 */
export function fit(copying, code) {
  try {
    return copying();
  } catch (thrown) {
    if (isA(thrown, Unfit)) throw new Refusal(code, thrown.why, { path: thrown.path || "options" });
    throw thrown;
  }
}
