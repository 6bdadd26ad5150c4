// @ts-check

/** Before the keys in local storage of what the app stores. */
const PREFIX = "lowdefy:";

/**
 * Lowdefy as a host, from within an action of a plugin: give it what the action was given.
 *
 * `global` is what the app's YAML binds (`_global: accesstoken`). It lasts until the page is loaded anew, so what is to
 * persist is in local storage too, and comes back into `global` when it is first read.
 *
 * @param {{ methods: Record<string, Function>, globals: Record<string, any> }} given
 */
export function lowdefy({ methods, globals }) {
  const storage = () => globals.window.localStorage;
  return {
    navigateTo: (target, params, how) => methods.link({ ...place(target), urlQuery: params, newTab: how === "NEW_WINDOW" }),
    store: {
      get: (key) => {
        const bound = methods.getGlobal(key) ?? undefined; // Lowdefy says null for what is not there
        const kept = parsed(storage().getItem(PREFIX + key));
        if (kept === undefined) return bound;
        if (bound === undefined) methods.setGlobal({ [key]: kept });
        return kept;
      },
      set: (key, value, persist) => {
        if (persist) storage().setItem(PREFIX + key, JSON.stringify(value));
        methods.setGlobal({ [key]: value });
      },
      remove: (key) => {
        storage().removeItem(PREFIX + key);
        methods.setGlobal({ [key]: undefined });
      },
    },
    /** Calls a request of the page; it has no parameters of its own, and finds what it is given in `global` under its id. */
    run: async (query, params) => {
      if (params !== undefined) methods.setGlobal({ [query]: params });
      // By a list, since a single id is answered by the response alone in some releases and by a list in others.
      const [data] = await methods.request([query]).catch(fail);
      return data;
    },
    notify: (message, kind) => methods.displayMessage({ content: message, status: kind }),
  };
}

/** What a text holds, or undefined: anybody may have written it. @param {string | null | undefined} text */
function parsed(text) {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/** A page by its id, or an address. @param {string} target */
function place(target) {
  if (/^[a-z]+:/i.test(target)) return { url: target };
  const pageId = target.replace(/^\//, "");
  return pageId ? { pageId } : { home: true };
}

/**
 * The server of the app tells what another server said only within the message.
 * @param {any} thrown
 * @returns {never}
 */
function fail(thrown) {
  const message = String(thrown?.message ?? thrown);
  const [, status, body] = /Http response "(\d{3})[^"]*"; Data: (.*)\.$/s.exec(message) ?? [];
  throw status ? { status: Number(status), body: parsed(body) ?? body } : { message };
}
