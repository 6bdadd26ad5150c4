// @ts-check
// What builders whose scripts run in the page itself have in common: queries, failures, and the browser's storage as their own.
/** @import { Host } from "../types/doorkey.js" */
import { isAuthError } from "../error.mjs";
import { failure, parsed, statusOf } from "./failures.mjs";

/**
 * Runs a query, which is an object with a `run` or a `trigger`.
 * @param {any} query @param {any} params @param {string} missing what to say when it is none
 */
export async function ran(query, params, missing) {
  const member = ["run", "trigger"].find((name) => typeof query?.[name] === "function");
  if (!member) throw new Error(missing);
  return orFailure(() => query[member](params ?? {}));
}

/** Calls, and throws what went wrong as a failure, also where that is what was resolved. @param {() => unknown} call @returns {Promise<any>} */
export async function orFailure(call) {
  try {
    const result = await call();
    if (result instanceof Error) throw result;
    return result;
  } catch (thrown) {
    // Who throws a response, or an error that holds one, has left it to be read.
    const held = /** @type {any} */ (thrown)?.response ?? thrown;
    throw isAuthError(thrown) || typeof held?.text === "function" ? thrown : failureOf(thrown);
  }
}

/** An Error, an axios error, jQuery's jqXHR, an object with a status and a body, or a text. @param {any} thrown */
function failureOf(thrown) {
  const answer = thrown?.response ?? thrown;
  return failure({
    status: [answer?.status, answer?.statusCode, thrown?.code, thrown?.message, thrown?.error?.message, thrown],
    body: [answer?.body, answer?.data, thrown?.info, thrown?.json, thrown?.responseJSON, thrown?.responseText],
    message: [
      thrown,
      thrown?.message,
      thrown?.error,
      thrown?.error?.message,
      thrown?.statusText,
      "the query failed, and the app builder does not say why",
    ],
    code: thrown?.code,
  });
}

/** The body where a builder gives an answer with its status, which a failure has been thrown for. @param {any} result */
export const bodyOf = (result) => (statusOf(result?.statusCode) && "body" in result ? result.body : result);

/**
 * A read that knows the last value: what the builder's store can't show for a moment is what it was, or a session without
 * another record would end. It answers at once where `read` does. `wrote` says that something was written.
 * @param {(key: string) => unknown} read
 */
export function steady(read) {
  /** @type {Map<string, unknown>} */
  const known = new Map();
  const learn = (/** @type {string} */ key, /** @type {unknown} */ value) => {
    known.set(key, value);
    return value;
  };
  const last = (/** @type {string} */ key, /** @type {unknown} */ thrown) => {
    if (!known.has(key)) throw thrown;
    return known.get(key);
  };
  return {
    /** @param {string} key */
    get(key) {
      try {
        const value = /** @type {any} */ (read(key));
        if (typeof value?.then !== "function") return learn(key, value);
        return value.then(
          (/** @type {unknown} */ later) => learn(key, later),
          (/** @type {unknown} */ thrown) => last(key, thrown),
        );
      } catch (thrown) {
        return last(key, thrown);
      }
    },
    wrote: learn,
  };
}

/** A stored text as the value that it was. @param {unknown} text */
export const valueIn = (text) => (typeof text === "string" && text !== "" ? parsed(text) : undefined);

/** A value as text: texts stay as they are, for bindings, unless they read as something else. @param {unknown} value */
export const textOf = (value) => (typeof value === "string" && value !== "" && parsed(value) === value ? value : JSON.stringify(value));

/**
 * The browser's storage under the builder's plain keys, where its own local storage has them too; `show` puts what is kept
 * where bindings see it while the page lives.
 * @param {(key: string, value: unknown) => unknown} show
 * @returns {NonNullable<Host["store"]>}
 */
export function kept(show) {
  /** @type {Set<string>} */
  const shown = new Set();
  const showNow = async (/** @type {string} */ key, /** @type {unknown} */ value) => {
    shown.add(key);
    await show(key, value);
  };
  return {
    get(key) {
      const value = valueIn(globalThis.localStorage.getItem(key));
      // What bindings see ends with the page: it comes back when it is first read.
      if (value !== undefined && !shown.has(key)) showNow(key, value).catch(() => {});
      return value;
    },
    async set(key, value, persist) {
      if (persist) globalThis.localStorage.setItem(key, textOf(value));
      await showNow(key, value);
    },
    async remove(key) {
      globalThis.localStorage.removeItem(key);
      await showNow(key, null);
    },
  };
}
