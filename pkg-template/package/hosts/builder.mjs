// @ts-check
// What an app builder gives, and how its pages are named.
/** @import { Host } from "../types/doorkey.js" */

/**
 * Calls a member of what the builder gave; it is looked up now.
 * @param {any} owner @param {string} path what to call it in the error @param {any[]} args
 */
export function call(owner, path, ...args) {
  const name = /** @type {string} */ (path.split(".").at(-1));
  if (typeof owner?.[name] !== "function") throw new Error(`${path}() is not available here`);
  return owner[name](...args);
}

/** Whether a target is an address rather than a page's or an app's name. @param {string} target */
export const isAddress = (target) => /^(?:[a-z][a-z\d+.-]*:)?\/|^[?#.]/i.test(target);

/**
 * A maker of hosts that go to no address which would run a script or hold a page of its own: most builders pass it on.
 * @template {(...given: any[]) => Host} Make @param {Make} make @returns {Make}
 */
export const careful = (make) =>
  /** @type {Make} */ (
    (...given) => {
      const host = make(...given);
      // What a builder calls a page is in no address.
      host.location ??= () => "";
      const go = host.navigateTo?.bind(host);
      if (!go) return host;
      host.navigateTo = (target, ...rest) => {
        // Browsers pass over white space and control characters.
        const [, scheme] = /^(javascript|data|vbscript|blob):/i.exec(String(target).replace(/[\0-\x20]/g, "")) ?? [];
        if (scheme) return Promise.reject(new Error(`can't navigate to a ${scheme.toLowerCase()}: address`));
        return go(target, ...rest);
      };
      return host;
    }
  );
