import { session } from "./session.js";

// params of an action: what stands under `params` in the YAML.

/** params: the inputs of the sign-in, e.g. { email, password }. */
export const SessionSignin = (given) => session(given).signin(given.params);

/**
 * params: "protected" or "login". Ends when the page may be shown. Else it has gone to another page and does not end, so
 * that nothing runs that comes after it.
 */
export const SessionGuard = async (given) => (await session(given).guard(given.params ?? "protected")) || new Promise(() => {});

/** params: the id of a request of the page, or { id, params }. Gives its response. */
export const SessionRequest = (given) => {
  const { id, params } = typeof given.params === "string" ? { id: given.params } : given.params;
  return session(given).run(id, params);
};

/** params: none, or { force: true }. */
export const SessionRefresh = (given) => session(given).refreshAccessToken(given.params ?? {});

/** params: { key, value }. The value is kept until the sign-out, and is `_global: <key>`. */
export const SessionStore = (given) => session(given).storeValue(given.params.key, given.params.value);

/** params: none, or { keep: [keys that outlive the session] }. */
export const SessionLogout = (given) => session(given).logout(given.params ?? {});
