// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { browser, popup, withParams } from "./browser.mjs";
import { careful, isAddress, member } from "./builder.mjs";
import { kept, ran } from "./page.mjs";

/**
 * Windmill: `hosts.windmill({ state, goto })` from a frontend script of an app, `hosts.windmill()` in a full-code app.
 *
 * Its state ends with the page: what persists is kept in the browser's storage, and shown by `state.<key>`. A query is an
 * object, `{ run: (p) => backend.orders(p) }`. The app editor's `recompute` gives no result, so it can't be one.
 *
 * @param {{ state?: any, goto?: (url: string, newTab?: boolean) => unknown }} [given]
 * @returns {Host}
 */
export function windmill(given) {
  const [state, goto] = [member(given, "state"), member(given, "goto")];
  const show = (/** @type {string} */ key, /** @type {unknown} */ value) => {
    if (state) state[key] = value;
  };
  return careful({
    popup,
    async navigateTo(target, params, how) {
      if (typeof goto !== "function" || (isAddress(target) && /^[#?.]/.test(target))) return browser().navigateTo(target, params, how);
      return goto(withParams(target, params), how === "NEW_WINDOW");
    },
    store: kept(show),
    run: (query, params) => ran(query, params, "Windmill has no queries by name: give an object, { run: (p) => backend.orders(p) }"),
  });
}
