// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { browser, popup } from "./browser.mjs";
import { call, careful, isAddress } from "./builder.mjs";
import { failure } from "./failures.mjs";

/**
 * NocoBase, from within RunJS: `hosts.nocobase(ctx)`.
 *
 * It has no store for apps: the session is kept in the browser's own storage. A query is a request of `ctx.request`, or its
 * URL; NocoBase then neither sends a 401 to its own sign-in nor shows an error. A page is a path of its router, or an address.
 *
 * @param {any} ctx
 * @returns {Host}
 */
export function nocobase(ctx) {
  return careful({
    popup,
    navigateTo(target, params, how) {
      const isPath = target.startsWith("/") && !target.startsWith("//") && how !== "NEW_WINDOW";
      if (!isPath && isAddress(target)) return browser().navigateTo(target, params, how);
      const query = new URLSearchParams(/** @type {Record<string, string>} */ (params ?? {})).toString();
      return call(ctx?.router, "ctx.router.navigate", query ? `${target}${target.includes("?") ? "&" : "?"}${query}` : target, {
        replace: true,
      });
    },
    async run(query, params) {
      if (typeof query?.run === "function") return query.run(params);
      try {
        const answered = await call(ctx, "ctx.request", {
          skipAuth: true,
          skipNotify: true,
          ...(typeof query === "string" ? { url: query } : query),
          ...params,
        });
        if (!answered) throw new Error("NocoBase gave no answer to the request");
        return answered.data;
      } catch (/** @type {any} */ thrown) {
        throw failure({
          status: [thrown?.response?.status, thrown?.status],
          body: [thrown?.response?.data],
          message: [thrown?.message, thrown],
          code: thrown?.code,
        });
      }
    },
    notify: (text, kind) => call(ctx?.message, `ctx.message.${kind}`, text),
  });
}
