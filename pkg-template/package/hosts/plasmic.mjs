// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { browser, popup, withParams } from "./browser.mjs";
import { careful, isAddress, member } from "./builder.mjs";
import { bodyOf, ran } from "./page.mjs";

/**
 * Plasmic, in the app that shows its pages: `hosts.plasmic({ push })`, where `push` is the router's, if there is one.
 *
 * It has no store that outlives the page: the session is kept in the browser's own storage. A query is an object,
 * `{ run: (p) => fetchOrders(p) }`; what Plasmic's fetch gives, `{ statusCode, headers, body }`, and throws,
 * `{ status, info }`, is understood.
 *
 * @param {{ push?: (path: string) => unknown }} [given]
 * @returns {Host}
 */
export function plasmic(given) {
  const push = member(given, "push");
  return careful({
    popup,
    async navigateTo(target, params, how) {
      const isPath = !isAddress(target) || /^\/(?!\/)/.test(target);
      if (typeof push !== "function" || !isPath || how === "NEW_WINDOW") return browser().navigateTo(target, params, how);
      await push(withParams(target, params));
    },
    run: async (query, params) =>
      bodyOf(await ran(query, params, "Plasmic has no queries by name: give an object, { run: (p) => fetchOrders(p) }")),
  });
}
