// @ts-check
// What an app builder gives, and how its pages are named.
/** @import { Host } from "../types/doorkey.js" */
import { AuthError } from "../error.mjs";

/** A member of what is given for a builder, whatever that is: a proxy can refuse to be looked at. @param {any} given @param {string} name */
export function member(given, name) {
  try {
    return given?.[name];
  } catch {}
}

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

/** Whether a builder that evaluates braces would run something of a value: whatever its syntax, it needs two. @param {unknown} value */
export const holdsBraces = (value, mark = "{{") => JSON.stringify(value)?.includes(mark) === true;

/** A text for people in which no two braces stand together. @param {string} text */
export const apart = (text) => text.replace(/\{(?=\{)/g, "{ ");

/**
 * Refuses what a builder would run as code.
 * @param {string} builder @param {string} path what holds the members @param {object | null} [given] by name
 * @param {string} [mark] by what the builder knows it
 */
export function refuseCode(builder, path, given, mark = "{{") {
  for (const member of Object.entries(given ?? {})) {
    if (holdsBraces(member, mark))
      throw new AuthError("ERR_INVALID_VALUE", `it holds ${mark}, which ${builder} may run as code`, { path: `${path}.${member[0]}` });
  }
}

/**
 * A host that goes to no address which would run a script or hold a page of its own: most builders pass it on.
 * @template {Host} T @param {T} host @returns {T}
 */
export function careful(host) {
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
