// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { careful, refuseCode } from "./builder.mjs";
import { statusOf } from "./failures.mjs";

/**
 * Appsmith as a host, from within its evaluation worker.
 *
 * Every global is looked up when it is needed: Appsmith makes `appsmith`, the queries and its functions anew
 * for each evaluation. Its `localStorage` is not used: that is a facade whose `clear()` empties the builder's store.
 *
 * @param {Record<string, any>} [globals] where `storeValue`, `navigateTo`, `appsmith` and the queries are found
 * @returns {Host & { scope(): string }}
 */
export function appsmith(globals = globalThis) {
  globals ??= {};
  /** @param {string} name @param {unknown[]} args */
  const call = (name, ...args) => {
    if (typeof globals[name] !== "function") throw new Error(`${name}() of Appsmith is not available here`);
    return globals[name](...args);
  };
  const values = () => {
    const store = globals.appsmith?.store;
    if (typeof store !== "object" || store === null) throw new Error("appsmith.store is not available here");
    return store;
  };
  return careful({
    // Apps of one Appsmith share an origin, and with it what tabs share: this tells them and their branches apart.
    scope: () => {
      const { pathname = "", queryParams } = globals.appsmith?.URL ?? {};
      return [...pathname.split("/").slice(1, 3), queryParams?.branch ?? ""].join("/");
    },
    navigateTo: (target, params = {}, how) => call("navigateTo", target, params, how),
    // A worker has no page of its own, no windows, and no way to change the address.
    location: () => globals.appsmith?.URL?.fullPath,
    store: {
      get: (key) => (Object.prototype.hasOwnProperty.call(values(), key) ? values()[key] : undefined),
      set: (key, value, persist) => call("storeValue", key, value, persist),
      remove: (key) => call("removeValue", key),
    },
    /** Runs a query, given by its name or as an object, with its parameters, which Appsmith makes a binding of. */
    run: (query, params) => {
      refuseCode("Appsmith", "params", params);
      const target = typeof query === "string" ? globals[query] : query;
      if (typeof target?.run !== "function") throw new Error(`Appsmith has no query ${query} on this page`);
      return new Promise((resolve, reject) => {
        const fail = (/** @type {unknown} */ thrown) => reject(failureOf(thrown));
        // Appsmith tells the answer of a failed query only to an error callback; a rejection may say no more than
        // "failed to execute". Its queries have `clear`; anything else with a `run` gets the parameters alone.
        const args =
          typeof target.clear === "function" ? [resolve, (/** @type {unknown} */ message) => fail({ message }), params] : [params];
        (async () => target.run(...args))().then(resolve, fail);
      });
    },
    notify: (message, kind) => call("showAlert", message, kind),
  });
}

/** What Appsmith throws is `{ message }`, where message is a text or the body of the answer. @param {any} thrown */
function failureOf(thrown) {
  const said = typeof thrown === "object" && thrown !== null && "message" in thrown ? thrown.message : thrown;
  const places = [thrown?.status, thrown?.statusCode, thrown?.responseMeta?.statusCode, said?.status, said?.statusCode, said];
  const status = places.map(statusOf).find((found) => found !== undefined);
  if (typeof said === "object" && said !== null) return { status, body: said };
  return { status, message: typeof said === "string" ? said : "the query failed, and Appsmith does not say why" };
}
