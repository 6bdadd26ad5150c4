// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { popup, withParams } from "./browser.mjs";
import { call, careful, refuseCode } from "./builder.mjs";
import { failure } from "./failures.mjs";
import { orFailure, steady } from "./page.mjs";

/**
 * Budibase, from a component of a plugin: `hosts.budibase(getContext("sdk"))`.
 *
 * The app's state is the store: bindings read `{{ State.accesstoken }}`. A query is known by its id, which is in its address
 * in the builder; a page by its path, or by an address. Its server evaluates what queries are given: parameters hold no two braces.
 *
 * @param {any} sdk
 * @returns {Host & { scope(): string }}
 */
export function budibase(sdk) {
  /** The state as it is now, by the contract of Svelte's stores. */
  const values = async () => {
    /** @type {any} */
    let seen;
    const end = await call(sdk?.stateStore, "stateStore.subscribe", (/** @type {unknown} */ value) => (seen = value));
    (typeof end === "function" ? end : end?.unsubscribe?.bind(end))?.();
    if (typeof seen !== "object" || seen === null) throw new Error("stateStore of Budibase is not available here");
    return seen;
  };
  const shown = steady(async (key) => {
    const all = await values();
    return Object.prototype.hasOwnProperty.call(all, key) ? all[key] : undefined;
  });
  const state = (/** @type {string} */ name, /** @type {any[]} */ ...args) =>
    call(sdk?.stateStore?.actions, `stateStore.actions.${name}`, ...args);
  const api = (/** @type {string} */ name, /** @type {any[]} */ ...args) => call(sdk?.API, `API.${name}`, ...args);
  const execute = async (/** @type {any} */ queryId, /** @type {any} */ parameters) => {
    const datasourceId = (await api("fetchQueryDefinition", queryId))?.datasourceId;
    if (!datasourceId) throw new Error(`Budibase has no query ${queryId}`);
    return api("executeQuery", { datasourceId, queryId, parameters });
  };
  return careful({
    // Apps of one Budibase share an origin, and with it what tabs share: this tells them apart as Budibase does, whose state
    // is kept under `<app id>.state`.
    scope: () =>
      /** @type {any} */ (globalThis)["##BUDIBASE_APP_ID##"] ??
      /\/(?:(?:app|embed)\/)?([^/]+)/.exec(globalThis.location?.pathname ?? "")?.[1] ??
      "",
    popup,
    navigateTo(target, params, how) {
      return call(sdk?.routeStore?.actions, "routeStore.actions.navigate", withParams(target, params), false, how === "NEW_WINDOW");
    },
    store: {
      get: shown.get,
      async set(key, value, persist) {
        await state("setValue", key, value, persist);
        shown.wrote(key, value);
      },
      async remove(key) {
        await state("deleteValue", key);
        shown.wrote(key, undefined);
      },
    },
    async run(query, parameters = {}) {
      refuseCode("Budibase", "params", parameters);
      if (typeof query?.run === "function") return orFailure(() => query.run(parameters));
      const result = await execute(query, parameters).catch((/** @type {any} */ thrown) => {
        // Its server says 400 when it reached nobody, and its client when it did not reach its server: no word of the API's.
        throw failure({
          status: [thrown?.status >= 500 && thrown.status],
          body: [],
          message: [thrown?.message, thrown, "the query failed, and Budibase does not say why"],
        });
      });
      // What the API refused is resolved, with the status as `code` and the answer as the only row.
      const [row] = Array.isArray(result?.data) ? result.data : [];
      if (result?.code >= 400)
        throw failure({ status: [result.code], body: [row?.value ?? row], message: [`the API answered ${result.code}`] });
      return result;
    },
    notify: (message, kind) => call(sdk?.notificationStore?.actions, `notificationStore.actions.${kind}`, message),
  });
}
