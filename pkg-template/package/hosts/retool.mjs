// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { apart, call, careful, isAddress, member, refuseCode } from "./builder.mjs";
import { failure } from "./failures.mjs";
import { laggingStore } from "./lagging-store.mjs";
import { httpBy } from "./query-http.mjs";

/**
 * Retool's classic apps, from within a JS query: `hosts.retool({ localStorage, utils })`.
 *
 * Its scripts run in a frame of another origin, without storage of its own: the session lives in Retool's `localStorage`
 * component, which can't remove a key, so null stands for nothing. Pages are apps by UUID, pages of a multi-page app by
 * name, or addresses.
 *
 * @param {{ localStorage: any, utils: any, url?: any, queries?: Record<string, any>, http?: any }} given `url`: Retool's, for a
 *   sign-in by redirect; `queries`: those that are run by name; `http`: a query that sends doorkey's requests, where the server
 *   does not allow the frame's origin (`null`) by CORS
 * @returns {Host}
 */
export function retool(given) {
  given ??= /** @type {any} */ ({});
  const values = () => {
    const found = given.localStorage?.values;
    if (typeof found !== "object" || found === null) throw new Error("localStorage.values of Retool is not available here");
    return found;
  };
  const store = laggingStore((key) => (Object.prototype.hasOwnProperty.call(values(), key) ? (values()[key] ?? undefined) : undefined));
  const set = async (/** @type {string} */ key, /** @type {unknown} */ value) => {
    await call(given.localStorage, "localStorage.setValue", key, value ?? null);
    store.wrote(key, value);
  };
  const run = async (/** @type {any} */ query, /** @type {any} */ params) => {
    refuseCode("Retool", "params", params);
    const target = typeof query === "string" ? given.queries?.[query] : query;
    if (typeof target?.trigger !== "function")
      throw new Error(`Retool has no query ${typeof query === "string" ? query : "like that"}: name it in queries`);
    try {
      return await target.trigger({ additionalScope: params ?? {} });
    } catch (thrown) {
      throw failureOf(thrown);
    }
  };
  return careful({
    navigateTo(target, queryParams, how) {
      const newTab = how === "NEW_WINDOW";
      if (isAddress(target)) return call(given.utils, "utils.openUrl", target, { newTab });
      return call(given.utils, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(target) ? "utils.openApp" : "utils.openPage", target, {
        queryParams,
        newTab,
      });
    },
    location: () => given.url?.href,
    store: {
      get: (key) => store.get(key),
      // A value of this page's life alone is kept by doorkey.
      set: (key, value, persist) => (persist ? set(key, value) : undefined),
      remove: (key) => set(key, undefined),
    },
    run,
    http: member(given, "http") && httpBy((params) => run(given.http, params)),
    notify: (description, notificationType) => call(given.utils, "utils.showNotification", { title: apart(description), notificationType }),
  });
}

/** Retool does not say what a query rejects with: an Error, a text, or an object that has the answer somewhere. @param {any} thrown */
function failureOf(thrown) {
  const data = thrown?.data ?? thrown?.response?.data;
  return failure({
    status: [thrown?.status, thrown?.statusCode, thrown?.response?.status, data?.status, data?.statusCode, thrown?.message, thrown],
    body: [thrown?.body, data],
    message: [thrown, thrown?.message, thrown?.error, "the query failed, and Retool does not say why"],
  });
}
