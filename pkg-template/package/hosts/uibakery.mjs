// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { browser, popup } from "./browser.mjs";
import { call, careful, isAddress, member, refuseCode } from "./builder.mjs";
import { kept, ran } from "./page.mjs";

/**
 * UI Bakery, from a code step: `hosts.uibakery({ state, actions: { goto: {{actions.goto}}, orders: {{actions.orders}} } })`.
 *
 * State variables end with the page: what persists is kept in the browser's storage, and shown by the state variable of the
 * same name, where the builder declared one. `goto` is an action whose Navigate step goes to `{{params.page}}`.
 *
 * @param {{ state?: any, actions?: Record<string, any> }} [given]
 * @returns {Host}
 */
export function uibakery(given) {
  const [state, actions] = [member(given, "state"), member(given, "actions")];
  const show = (/** @type {string} */ key, /** @type {unknown} */ value) =>
    key in Object(state) ? call(state, "state.setValue", key, value) : undefined;
  const run = async (/** @type {any} */ query, /** @type {any} */ params) => {
    refuseCode("UI Bakery", "params", params);
    const isNamed = typeof query === "string";
    const missing = `UI Bakery has no action ${isNamed ? query : "like that"}: name it in actions`;
    return ran(isNamed ? actions?.[query] : query, params, missing);
  };
  return careful({
    popup,
    async navigateTo(page, params, how) {
      if (how === "NEW_WINDOW" || isAddress(page)) return browser().navigateTo(page, params, how);
      return run("goto", { page, ...params });
    },
    store: kept(show),
    run,
  });
}
