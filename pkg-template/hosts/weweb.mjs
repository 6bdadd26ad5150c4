// @ts-check
import { browser } from "./browser.mjs";
import { ran } from "./page.mjs";
import { call, isAddress } from "./told.mjs";

/**
 * WeWeb, from a Custom JavaScript action: `hosts.weweb(wwLib, { doorkey: "<variable's id>", accesstoken: "<…>" })`.
 *
 * Its store has only the variables that the builder made, known by their ids: `ids` names one for the session (as the
 * session is named) and one for each key that is exposed or stored. Without `ids` the session is kept in the browser's
 * own storage. A page is a path, such as `/dashboard`.
 *
 * @param {any} wwLib @param {Record<string, string>} [ids]
 */
export function weweb(wwLib, ids) {
  const idOf = (/** @type {string} */ key) => {
    const id = ids && Object.prototype.hasOwnProperty.call(ids, key) ? ids[key] : undefined;
    if (!id) throw new Error(`WeWeb has no variable for ${key}: make one, and name it in ids`);
    return id;
  };
  const read = (/** @type {string} */ key) => call(wwLib?.wwVariable, "wwLib.wwVariable.getValue", idOf(key));
  const write = (/** @type {string} */ key, /** @type {unknown} */ value) => call(wwLib?.wwVariable, "wwLib.wwVariable.updateValue", idOf(key), value);
  const store = {
    get: (/** @type {string} */ key) => (read(key) === "" ? undefined : (read(key) ?? undefined)),
    set(/** @type {string} */ key, /** @type {unknown} */ value) {
      write(key, value);
      // What it does not know, or what has another type, is left out with a line in the console.
      if (JSON.stringify(read(key)) !== JSON.stringify(value)) throw new Error(`WeWeb did not take ${key}: look at the variable's id and type`);
    },
    remove: (/** @type {string} */ key) => write(key, typeof read(key) === "string" ? "" : null),
  };
  return {
    navigateTo(/** @type {string} */ target, /** @type {any} */ params = {}, /** @type {string} */ how) {
      if (isAddress(target) && !/^\/(?!\/)/.test(target)) return browser().navigateTo(target, params, how);
      return call(wwLib?.wwApp, "wwLib.wwApp.goTo", target, params, { openInNewTab: how === "NEW_WINDOW" });
    },
    ...(ids ? { store } : {}),
    run: (/** @type {any} */ query, /** @type {any} */ params) =>
      ran(query, params, "WeWeb knows its workflows by id: give a function, such as p => utilsFunctions.executeGlobalFunction[id](p)"),
  };
}
