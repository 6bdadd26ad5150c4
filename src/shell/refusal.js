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

/** What Rust gave as its answer to who asked. @param {import("./module.js").Message[]} messages */
export function given(messages) {
  for (const { op, value, error } of messages) {
    if (op === "refuse") throw Refusal.from(error);
    if (op === "give") return value;
  }
}

/** Why something failed, which may be known. @param {unknown} thrown */
export const asRefusal = (thrown) => (isA(thrown, Refusal) ? thrown : new Refusal("ERR_NOT_READY", "doorkey failed", { cause: thrown }));

/** What is refused for good. */
export const disposed = () => new Refusal("ERR_DISPOSED", "the session was disposed");
