// @ts-check
/** @import { Host } from "../types/doorkey.js" */
import { popup } from "./browser.mjs";
import { call, careful } from "./builder.mjs";
import { failure } from "./failures.mjs";
import { steady } from "./page.mjs";

/** Before the keys in local storage of what the app stores. */
const PREFIX = "lowdefy:";

/**
 * Lowdefy, from within an action of a plugin: `hosts.lowdefy({ methods, globals })`, which the action was given.
 *
 * `global` is what the app's YAML binds (`_global: accesstoken`). It lasts until the page is loaded anew, so what is to
 * persist is in local storage too, and comes back into `global` when it is first read. A query is the id of a request of the
 * page; it has no parameters of its own, and finds what it is given in `global` under its id.
 *
 * @param {{ methods: any, globals: any }} given
 * @returns {Host}
 */
export function lowdefy(given) {
  const method = (/** @type {string} */ name, /** @type {any[]} */ ...args) => call(given?.methods, `methods.${name}`, ...args);
  const bind = (/** @type {string} */ key, /** @type {unknown} */ value) => method("setGlobal", { [key]: value });
  const storage = () => {
    const found = given?.globals?.window?.localStorage;
    if (!found) throw new Error("globals.window.localStorage of Lowdefy is not available here");
    return found;
  };
  // At once, and so are the writes: a request may read the binding in the next turn.
  const shown = steady((key) => {
    const bound = method("getGlobal", key) ?? undefined; // Lowdefy says null for what is not there
    const kept = persisted(storage().getItem(PREFIX + key));
    if (bound === undefined && kept !== undefined) Promise.resolve(bind(key, kept)).catch(() => {});
    return kept === undefined ? bound : kept;
  });
  return careful({
    popup,
    navigateTo: (target, urlQuery, how) => method("link", { ...place(target), urlQuery, newTab: how === "NEW_WINDOW" }),
    store: {
      get: shown.get,
      async set(key, value, persist) {
        const local = storage();
        await Promise.all([persist && local.setItem(PREFIX + key, JSON.stringify(value)), bind(key, value)]);
        shown.wrote(key, value);
      },
      async remove(key) {
        const local = storage();
        await Promise.all([bind(key, undefined), local.removeItem(PREFIX + key)]);
        shown.wrote(key, undefined);
      },
    },
    async run(query, params) {
      if (params !== undefined) await bind(query, params);
      try {
        // By a list, which is answered by a list, in most releases; a single id is not in all.
        const answered = await method("request", [query]);
        if (answered === undefined) throw new Error(`Lowdefy gave no answer to the request ${query}`);
        return Array.isArray(answered) && answered.length === 1 ? answered[0] : answered;
      } catch (thrown) {
        throw failureOf(thrown);
      }
    },
    notify: (content, status) => method("displayMessage", { content, status }),
  });
}

/** What a text holds, or undefined: anybody may have written it. @param {unknown} text */
function persisted(text) {
  try {
    return text === null ? undefined : JSON.parse(/** @type {string} */ (text));
  } catch {
    return undefined;
  }
}

/** A page by its id, or an address. @param {string} target */
function place(target) {
  if (/^[a-z][a-z\d+.-]*:/i.test(target)) return { url: target };
  const pageId = target.replace(/^\//, "");
  return pageId ? { pageId } : { home: true };
}

/** Lowdefy's server tells what another server said only within the message. @param {any} thrown */
function failureOf(thrown) {
  const [, status, body] = /Http response "(\d{3})[^"]*"; Data: (.*)\.$/s.exec(thrown?.message) ?? [];
  return failure({ status: [status], body: [body], message: [thrown?.message, thrown] });
}
