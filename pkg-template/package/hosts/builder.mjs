// @ts-check
// What an app builder gives, and how its pages are named.

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
