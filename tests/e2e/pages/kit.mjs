// @ts-check
/** Runs in a fixture page: makes the session with a recording host, and counts the promises that it gave and has not settled. */

import * as doorkey from "/pkg/dist/doorkey.mjs";

/** Whether a value is a native promise, whatever a page has put in the place of those. @param {any} value @returns {value is Promise<unknown>} */
const isNative = (value) => Object(value) === value && Object.getPrototypeOf(value) === Object.getPrototypeOf((async () => {})());
/** @type {AuthEventType[]} */
const EVENTS = ["signedIn", "refreshed", "signedOut", "expired", "failed"];

/** @import { Auth, AuthEvent, AuthEventType, Host } from "../../../pkg-template/package/types/doorkey.js" */

/** @type {{ navigations: { target: string, params?: object, how?: string }[], notifications: { message: string, kind: string }[], events: AuthEvent[] }} */
const record = { navigations: [], notifications: [], events: [] };
/** How many of the events have been waited for, or are older than one that was. */
let waitedFor = 0;
/** Calls that have not settled. @type {Set<string[]>} */
const pending = new Set();

/** A host that does nothing but remember. @type {Host} */
const recordingHost = {
  navigateTo(target, params, how) {
    record.navigations.push({ target, params, how });
  },
  notify(message, kind) {
    record.notifications.push({ message, kind });
  },
};

/** The same object with every call counted until it settles. @param {Auth} target */
function counted(target) {
  return new Proxy(target, {
    get(object, key) {
      const member = /** @type {any} */ (object)[key];
      if (typeof member !== "function") {
        return member;
      }
      return (/** @type {unknown[]} */ ...args) => {
        const result = member(...args);
        if (isNative(result)) {
          const entry = [String(key), new Error().stack ?? ""];
          pending.add(entry);
          const settled = () => pending.delete(entry);
          result.then(settled, settled);
        }
        return result;
      };
    },
  });
}

/** What a test needs of an error, in a form that leaves the page. @param {unknown} error */
function describe(error) {
  if (!(error instanceof Error)) {
    return { isAuthError: false, message: `not an Error: ${String(error)}` };
  }
  const { name, message, stack, code, status, body, retryable, retryAtMs, stepId, path } = /** @type {any} */ (error);
  const cause = error.cause === undefined ? undefined : String(error.cause);
  const isAuthError = doorkey.isAuthError(error) && error instanceof doorkey.AuthError && Object.isExtensible(error);
  return { isAuthError, name, message, stack, code, status, body, retryable, retryAtMs, stepId, path, cause, json: JSON.stringify(error) };
}

/** Settles with `{ value }` or `{ error }`; what is not a native promise is an error. @param {() => unknown} make */
async function outcome(make) {
  try {
    const promise = make();
    if (!isNative(promise)) {
      return { error: { isAuthError: false, message: "not a native promise" } };
    }
    return { value: await promise };
  } catch (error) {
    return { error: describe(error) };
  }
}

export const kit = {
  doorkey,
  record,
  recordingHost,
  describe,
  outcome,
  /** The page's session as doorkey gave it. @type {any} */
  auth: undefined,
  /** The first event of a type after all that were waited for before, if it has come. @param {string} type */
  nextEvent(type) {
    const at = record.events.findIndex((event, index) => index >= waitedFor && event.type === type);
    if (at < 0) return undefined;
    waitedFor = at + 1;
    return record.events[at];
  },

  pending: () => [...pending].map(([name]) => name),

  /**
   * Makes `window.auth`. `complete` adds to the options what JSON can't carry.
   * @param {any} options
   * @param {(options: any, kit: any, data: any) => any} [complete]
   * @param {any} [data]
   */
  start(options, complete = (given) => given, data = undefined) {
    kit.auth = kit.again(options, complete, data);
    const auth = counted(kit.auth);
    for (const type of EVENTS) {
      auth.on(type, (event) => record.events.push(event));
    }
    return auth;
  },

  /** The page's session with other options. @param {any} options @param {(options: any, kit: any, data: any) => any} complete @param {any} data */
  again: (options, complete, data) => doorkey.createAuth(complete({ host: recordingHost, ...options }, kit, data)),

  /** A session beside the page's own, counted as well. @param {any} options */
  another: (options) => counted(doorkey.createAuth(options)),

  /** Calls `auth[name](...args)`. @param {string} name @param {any[]} args */
  call: (name, args) => outcome(() => /** @type {any} */ (globalThis.auth)[name](...args)),

  /** `auth.fetch` with the answer read. @param {string} url @param {RequestInit} init */
  fetch: (url, init) =>
    outcome(async () => {
      const response = await globalThis.auth.fetch(url, init);
      return { status: response.status, body: await response.text(), isResponse: response instanceof Response };
    }),
};

Object.assign(globalThis, { kit });
