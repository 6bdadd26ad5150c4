// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { browser, popup } from "./browser.mjs";
import { call, careful, isAddress, refuseCode } from "./builder.mjs";
import { kept, ran, steady } from "./page.mjs";

/**
 * WeWeb, from a Custom JavaScript action: `hosts.weweb(wwLib, { doorkey: "<variable's id>", accesstoken: "<…>" })`.
 *
 * A variable is known by its id: `ids` names those that the builder made for the session (as the session is named), and for
 * keys that are exposed or stored. Keys without one are kept in the browser's storage. A page is a path, such as `/dashboard`.
 *
 * @param {any} wwLib @param {Record<string, string>} [ids]
 * @returns {Host}
 */
export function weweb(wwLib, ids = {}) {
  const idOf = (/** @type {string} */ key) => (Object.prototype.hasOwnProperty.call(Object(ids), key) ? ids[key] : undefined);
  const variable = (/** @type {"getValue" | "updateValue"} */ name, /** @type {any[]} */ ...args) =>
    call(wwLib?.wwVariable, `wwLib.wwVariable.${name}`, ...args);
  const put = async (/** @type {string} */ key, /** @type {string} */ id, /** @type {unknown} */ value) => {
    await variable("updateValue", id, value);
    // What WeWeb does not know, or what has another type, it leaves out, with a line in the console.
    if (JSON.stringify(await variable("getValue", id)) !== JSON.stringify(value))
      throw new Error(`WeWeb did not take ${key}: look at the variable's id and type`);
  };
  const storage = kept(() => {});
  const shown = steady(async (key) => {
    const value = await variable("getValue", idOf(key));
    return value === "" || value === null ? undefined : value;
  });
  return careful({
    popup,
    navigateTo(target, params = {}, how) {
      if (isAddress(target) && !/^\/(?!\/)/.test(target)) return browser().navigateTo(target, params, how);
      return call(wwLib?.wwApp, "wwLib.wwApp.goTo", target, params, { openInNewTab: how === "NEW_WINDOW" });
    },
    store: {
      get: (key) => (idOf(key) ? shown : storage).get(key),
      async set(key, value, persist) {
        const id = idOf(key);
        if (!id) return storage.set(key, value, persist);
        await put(key, id, value);
        shown.wrote(key, value);
      },
      async remove(key) {
        const id = idOf(key);
        if (!id) return storage.remove(key);
        const value = await variable("getValue", id);
        // A Boolean takes no null.
        if (value !== undefined) await put(key, id, typeof value === "string" ? "" : typeof value === "boolean" ? false : null);
        shown.wrote(key, undefined);
      },
    },
    async run(query, params) {
      // A workflow evaluates formulas in its parameters, which are objects with that member.
      refuseCode("WeWeb", "params", params, "__wwtype");
      return ran(
        query,
        params,
        "WeWeb knows its workflows by id: give a function, such as p => utilsFunctions.executeGlobalFunction[id](p)",
      );
    },
  });
}
