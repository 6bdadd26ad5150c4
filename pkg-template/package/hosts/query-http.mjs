// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { parsed } from "./failures.mjs";

/**
 * Sends doorkey's requests by a query of the builder, which has `url`, `method`, `contentType`, `authorization`, `headers` (all
 * of them, in lower case) and `body` (what JSON holds, else the text) as arguments. Its data is taken for the body of a 200.
 * @param {(params: object) => unknown} run rejects with a failure
 * @returns {NonNullable<Host["http"]>}
 */
export function httpBy(run) {
  return async ({ url, method, headers: given, body = "" }) => {
    const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
    const { "content-type": contentType = "", authorization = "" } = headers;
    const params = {
      url,
      method,
      contentType,
      authorization,
      headers,
      body: contentType.includes("json") ? parsed(body) : body,
    };
    try {
      return { status: 200, headers: {}, body: await run(params) };
    } catch (/** @type {any} */ thrown) {
      if (thrown?.status === undefined) throw thrown;
      return { status: thrown.status, headers: {}, body: thrown.body ?? thrown.message };
    }
  };
}
