// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { AuthError } from "../error.mjs";
import { call, careful, isAddress, member } from "./builder.mjs";
import { failure } from "./failures.mjs";
import { laggingStore } from "./lagging-store.mjs";
import { httpBy } from "./query-http.mjs";

/**
 * Lowcoder, from within a JS query: `hosts.lowcoder({ localStorage, utils, http, answer, queries })`.
 *
 * Its sandbox swallows `fetch`: requests go out by a REST query, `http`, whose arguments are `url`, `method`, `contentType`,
 * `authorization` and `body`. A failed query says neither status nor body; `answer` is a JS query that looks them up:
 * `const { code, data } = { http: doorkey_http, orders }[query]; return { code, data };`. A page is an app's id, or an address.
 *
 * @param {{ localStorage: any, utils: any, url?: any, message?: any, http?: any, get?: any, answer?: any, queries?: Record<string, any> }} given
 *   `url`: Lowcoder's, and `get`: as `http`, for requests without a body, whose method is another: both for a sign-in by
 *   redirect; `queries`: those that are run by name
 * @returns {Host}
 */
export function lowcoder(given) {
  given ??= /** @type {any} */ ({});
  const values = () => {
    const found = given.localStorage?.values;
    if (typeof found !== "object" || found === null) throw new Error("localStorage.values of Lowcoder is not available here");
    return found;
  };
  const store = laggingStore((key) => (Object.prototype.hasOwnProperty.call(values(), key) ? values()[key] : undefined));
  const run = async (/** @type {any} */ query, /** @type {any} */ params) => {
    const target = query === "http" ? given.http : query === "get" ? given.get : typeof query === "string" ? given.queries?.[query] : query;
    if (typeof target?.run !== "function")
      throw new Error(`Lowcoder has no query ${typeof query === "string" ? query : "like that"}: name it in queries`);
    try {
      // An argument of null breaks the query.
      return await target.run(
        Object.fromEntries(Object.entries(params ?? {}).filter(([, value]) => value !== undefined && value !== null)),
      );
    } catch (thrown) {
      const answer =
        typeof query === "string" && typeof given.answer?.run === "function"
          ? await given.answer.run({ query }).catch(() => undefined)
          : undefined;
      throw failureOf(thrown, answer);
    }
  };
  const noHttp = () => {
    throw new AuthError("ERR_INVALID_OPTION", "Lowcoder lets no library send requests: give hosts.lowcoder a REST query as http", {
      path: "host",
    });
  };
  return careful({
    navigateTo(target, queryParams = {}, how) {
      const newTab = how === "NEW_WINDOW";
      if (isAddress(target)) return call(given.utils, "utils.openUrl", target, { newTab });
      return call(given.utils, "utils.openApp", target, { queryParams, newTab });
    },
    location: () => given.url?.href,
    store: {
      get: (key) => store.get(key),
      async set(key, value, persist) {
        if (!persist) return;
        // Lowcoder writes nothing once it is above that, and empties what the browser has no room for. It says nothing of either.
        if (JSON.stringify({ ...values(), ...store.known(), [key]: value }).length > 1048576)
          throw Object.assign(new Error("the store of Lowcoder is full (1 MB)"), { name: "QuotaExceededError" });
        await call(given.localStorage, "localStorage.setItem", key, value);
        store.wrote(key, value);
      },
      async remove(key) {
        await call(given.localStorage, "localStorage.removeItem", key);
        store.wrote(key, undefined);
      },
    },
    run,
    // With "run JavaScript in host" on, fetch is the browser's, and not what answers everything with nothing.
    http: member(given, "http")
      ? httpBy((params) => run(given.get && /** @type {any} */ (params).method === "GET" ? "get" : "http", params))
      : String(globalThis.fetch) === ""
        ? noHttp
        : undefined,
    notify: member(given, "message") && ((text, kind) => call(given.message, `message.${kind}`, text)),
  });
}

/** Lowcoder's words for a status: "HTTP" and its name. @type {Record<string, number>} */
const STATUSES = {
  HTTPBAD_REQUEST: 400,
  HTTPUNAUTHORIZED: 401,
  HTTPFORBIDDEN: 403,
  HTTPNOT_FOUND: 404,
  HTTPCONFLICT: 409,
  HTTPUNPROCESSABLE_ENTITY: 422,
  HTTPTOO_MANY_REQUESTS: 429,
  HTTPINTERNAL_SERVER_ERROR: 500,
  HTTPBAD_GATEWAY: 502,
  HTTPSERVICE_UNAVAILABLE: 503,
  HTTPGATEWAY_TIMEOUT: 504,
};

/** A query rejects `{ message }`, which is empty when the server refused. @param {any} thrown @param {any} answer */
function failureOf(thrown, answer) {
  const status = STATUSES[answer?.code];
  return failure({
    status: [status, thrown?.message],
    body: status ? [answer.data] : [],
    message: [thrown?.message, thrown, status ? undefined : "the query failed, and Lowcoder does not say why"],
  });
}
