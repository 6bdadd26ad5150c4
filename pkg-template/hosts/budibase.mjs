// @ts-check
import { withParams } from "./browser.mjs";
import { orTold } from "./page.mjs";
import { call } from "./told.mjs";

/**
 * Budibase, from a component of a plugin: `hosts.budibase(getContext("sdk"))`.
 *
 * The app's state is the store: bindings read `{{ State.accesstoken }}`. A query is known by its id, which is in its address
 * in the builder; a page by its path, or by an address.
 *
 * @param {any} sdk
 */
export function budibase(sdk) {
  /** The state as it is now, by the contract of Svelte's stores. */
  const values = () => {
    /** @type {any} */
    let seen;
    const end = call(sdk?.stateStore, "stateStore.subscribe", (/** @type {unknown} */ value) => (seen = value));
    (typeof end === "function" ? end : end?.unsubscribe?.bind(end))?.();
    if (typeof seen !== "object" || seen === null) throw new Error("stateStore of Budibase is not available here");
    return seen;
  };
  const state = (/** @type {string} */ name, /** @type {any[]} */ ...args) => call(sdk?.stateStore?.actions, `stateStore.actions.${name}`, ...args);
  const api = (/** @type {string} */ name, /** @type {any[]} */ ...args) => call(sdk?.API, `API.${name}`, ...args);
  return {
    navigateTo(/** @type {string} */ target, /** @type {any} */ params, /** @type {string} */ how) {
      return call(sdk?.routeStore?.actions, "routeStore.actions.navigate", withParams(target, params), false, how === "NEW_WINDOW");
    },
    store: {
      get: (/** @type {string} */ key) => (Object.prototype.hasOwnProperty.call(values(), key) ? (values()[key] ?? undefined) : undefined),
      set: (/** @type {string} */ key, /** @type {unknown} */ value, /** @type {boolean} */ persist) => state("setValue", key, value, persist),
      remove: (/** @type {string} */ key) => state("deleteValue", key),
    },
    run: (/** @type {any} */ query, /** @type {any} */ parameters = {}) =>
      orTold(async () => {
        if (typeof query?.run === "function") return query.run(parameters);
        const { datasourceId } = await api("fetchQueryDefinition", query);
        return api("executeQuery", { datasourceId, queryId: query, parameters });
      }),
    notify: (/** @type {string} */ message, /** @type {string} */ kind) => call(sdk?.notificationStore?.actions, `notificationStore.actions.${kind}`, message),
  };
}
