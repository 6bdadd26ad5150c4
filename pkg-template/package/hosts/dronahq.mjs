// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { browser, popup, withParams } from "./browser.mjs";
import { call, careful, isAddress, refuseCode } from "./builder.mjs";
import { failure } from "./failures.mjs";
import { bodyOf, orFailure, steady, textOf, valueIn } from "./page.mjs";

/**
 * DronaHQ, from a JS code block: `hosts.dronahq(UTILITY)`.
 *
 * A page is a screen's id, which takes no parameters, or an https address. A query is what `UTILITY.CALLRESTAPI` takes, as an
 * object: `{ url, method, headers, data, useProxy, timeout }`; parameters of a run take the place of `data`.
 *
 * @param {any} UTILITY
 * @returns {Host}
 */
export function dronahq(UTILITY) {
  const utility = (/** @type {string} */ name, /** @type {any[]} */ ...args) => call(UTILITY, `UTILITY.${name}`, ...args);
  const shown = steady(async (key) => {
    const text = (await utility("GETLOCALSTORAGE", key)) ?? "";
    if (typeof text !== "string") throw new Error("UTILITY.GETLOCALSTORAGE gave no text");
    return valueIn(text);
  });
  return careful({
    popup,
    navigateTo(target, params, how) {
      if (!isAddress(target)) return utility("NAVIGATE", target, "0", false, false);
      // It opens a new tab, whatever it is asked.
      return how === "NEW_WINDOW" ? utility("OPENURL", withParams(target, params)) : browser().navigateTo(target, params);
    },
    store: {
      get: shown.get,
      async set(key, value, persist) {
        if (!persist) return; // a value of this page's life alone is kept by doorkey
        await utility("SETLOCALSTORAGE", key, textOf(value));
        shown.wrote(key, value);
      },
      async remove(key) {
        await utility("CLEARLOCALSTORAGE", key);
        shown.wrote(key, undefined);
      },
    },
    async run(query, params) {
      refuseCode("DronaHQ", "params", params);
      if (typeof query?.run === "function") return orFailure(() => query.run(params));
      if (typeof query?.url !== "string")
        throw new Error("DronaHQ has no queries by name: give an object with url, method, headers and data");
      const { url, method = "GET", headers = "", data = "", useProxy = false, timeout = "" } = query;
      const result = await orFailure(() =>
        utility("CALLRESTAPI", url, method, headers, params && Object.keys(params).length ? params : data, useProxy, timeout),
      );
      // A failure is resolved like an answer, with its status beside it.
      const status = Number(result?.statusCode ?? result?.status);
      if (status >= 400 && status < 600)
        throw failure({
          status: [status],
          body: [result.body, result.data, result.response],
          message: [result.message, result.error, `HTTP ${status}`],
        });
      return bodyOf(result);
    },
  });
}
