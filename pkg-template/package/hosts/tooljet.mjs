// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { AuthError } from "../error.mjs";
import { browser, popup } from "./browser.mjs";
import { apart, call, careful, holdsBraces, isAddress, refuseCode } from "./builder.mjs";
import { failure } from "./failures.mjs";

/** The keys that are variables already: they end with the page, and so does this. @type {Set<string>} */
const shown = new Set();

/**
 * ToolJet, from within a RunJS query: `hosts.tooljet({ actions, queries })`.
 *
 * Variables end with the page: what persists is kept in the browser's storage too, under `doorkey/<app>/`, since all apps of
 * a ToolJet share it. Bindings see `variables.<key>`; after a reload, from the first call of this function on.
 * A page is named by its handle; an address is opened as it is. What actions and queries are given ToolJet evaluates: nothing
 * of it holds two braces.
 *
 * @param {{ actions: any, queries: any }} given
 * @returns {Host & { scope(): string }}
 */
export function tooljet(given) {
  given ??= /** @type {any} */ ({});
  if (typeof (/** @type {any} */ (globalThis).WorkerGlobalScope) === "function") {
    throw new AuthError("ERR_HOST", "doorkey can't work in ToolJet's worker mode: switch off Run in worker for this query");
  }
  /** The app of this page, by its address in the editor or the viewer. */
  const scope = () => /\/(?:apps|applications)\/([^/?#]+)/.exec(globalThis.location?.pathname ?? "")?.[1] ?? "";
  const place = (/** @type {string} */ key) => `doorkey/${scope()}/${key}`;
  const storage = () => globalThis.localStorage;
  /** A text with braces is no variable. @param {string} key @param {unknown} value */
  const show = async (key, value) => {
    shown.add(place(key));
    if (!holdsBraces([key, value])) await call(given.actions, "actions.setVariable", key, value);
  };
  const read = (/** @type {string} */ place) => {
    const text = storage().getItem(place);
    return text === null ? undefined : JSON.parse(text);
  };
  const showAgain = async () => {
    const prefix = place("");
    const late = Object.keys(storage()).filter((key) => key.startsWith(prefix) && !shown.has(key));
    await Promise.all(late.map((key) => show(key.slice(prefix.length), read(key))));
  };
  const ready = showAgain().catch(() => {}); // the calls tell what is wrong
  return careful({
    scope,
    popup,
    async navigateTo(target, params = {}, how = "SAME_WINDOW") {
      if (isAddress(target)) return browser().navigateTo(target, /** @type {any} */ (params), how);
      refuseCode("ToolJet", "navigateTo", { target, params });
      return call(
        given.actions,
        "actions.switchPage",
        target,
        Object.entries(params).map(([key, value]) => [key, String(value)]),
      );
    },
    store: {
      get: (key) => read(place(key)),
      async set(key, value, persist) {
        await show(key, value);
        if (persist) storage().setItem(place(key), JSON.stringify(value));
      },
      async remove(key) {
        storage().removeItem(place(key));
        if (!holdsBraces(key)) await call(given.actions, "actions.unSetVariable", key);
      },
    },
    async run(query, params) {
      await ready;
      refuseCode("ToolJet", "params", params);
      let result;
      try {
        result = await (typeof query === "string" ? given.queries[query] : query).run(params ?? {});
      } catch (thrown) {
        throw failureOf(thrown);
      }
      if (result === undefined)
        throw new Error("ToolJet ran nothing: the query is not there, is the one that runs, or waits for its debounce");
      if (/^(ok|created|accepted|no content)$/i.test(result?.status) || statusIsGood(result?.status)) return result.data;
      throw failureOf(result);
    },
    notify: (message, kind) => call(given.actions, "actions.showAlert", kind, apart(message)),
  });
}

const statusIsGood = (/** @type {unknown} */ status) => Number(status) >= 200 && Number(status) < 300;

/** ToolJet resolves a failure as `{ status, message, description, data: { responseObject } }`; a preview rejects `{ error, data }`. @param {any} result */
function failureOf(result) {
  const { responseObject, responseBody } = result?.data ?? {};
  const answered = responseObject ?? result?.metadata?.response;
  return failure({
    status: [
      answered?.statusCode,
      result?.data?.statusCode,
      result?.statusCode,
      result?.status,
      NAMES[result?.status],
      result?.description,
    ],
    body: [answered?.responseBody, answered?.body, responseBody],
    message: [
      result?.description,
      result?.data?.description,
      result?.data?.message,
      result?.error,
      result?.message,
      result?.statusText,
      "the query failed, and ToolJet does not say why",
    ],
  });
}

/** Statuses that ToolJet tells by name. @type {Record<string, number>} */
const NAMES = { "Bad Request": 400, Unauthorized: 401, Forbidden: 403, "Not Found": 404, "Unprocessable Entity": 422 };
