// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { parsed } from "./failures.mjs";

/**
 * Sends doorkey's requests by a query of the builder, which has `url`, `method`, `contentType`, `authorization` and `body`
 * (what JSON holds, else the text) as arguments. Its data is taken for the body of a 200.
 * @param {(params: object) => unknown} run rejects with a failure
 * @returns {NonNullable<Host["http"]>}
 */
export function httpBy(run) {
  return async ({ url, method, headers, body = "" }) => {
    const header = (/** @type {string} */ name) => Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
    const contentType = header("content-type");
    const params = {
      url,
      method,
      contentType,
      authorization: header("authorization"),
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
