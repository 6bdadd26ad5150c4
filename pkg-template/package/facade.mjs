// @ts-check
// What JavaScript sees: plain objects of bound functions over the wasm's sessions. No decision about auth is made here.
import { DIRECT, DIRECT_OF_AUTH, enter, entered, PROMISED, PROMISED_OF_AUTH } from "./enter.mjs";
import { AuthError, isAuthError } from "./error.mjs";
import * as hosts from "./hosts/index.mjs";
import { simplejwt } from "./providers/index.mjs";
import { assertUsable, hasFailed, isUsable, ready, root, whenUsable } from "./start.mjs";

const DEFAULT_NAME = "doorkey";

// Before `configure` there is nothing to sign in to, and these flows are missing.
const MISSING = /** @type {Record<string, string>} */ ({ refreshAccessToken: "flows.refresh", check: "flows.check" });
const SIGNED_OUT = { signedIn: false, expiresAt: null, expiresInSeconds: null, hasRefreshToken: false };

/**
 * A session's place. It outlives `dispose`, so that what holds its Auth goes on being told ERR_DISPOSED.
 * @typedef {{ auth: Record<string, Function>, options?: any, session?: any, disposed?: boolean }} Slot
 */

/** @type {Map<unknown, Slot>} */
const slots = new Map();
/** The name of the session on which the bare functions act. */
let current = DEFAULT_NAME;

/** @param {any} [options] */
function createAuth(options = {}) {
  if (hasFailed()) assertUsable();
  const name = nameOf(options);
  const known = slots.get(name);
  const slot = known && !known.disposed ? known : makeSlot();
  const given = withHost(options);
  if (slot.session) entered(slot.session, "configure", given);
  slot.options = given;
  if (isUsable()) open(slot);
  else whenUsable().then(() => open(slot)).catch(() => {}); // the calls tell what is wrong
  slots.set(name, slot);
  return slot.auth;
}

/** @param {any} [options] */
function configure(options) {
  const auth = createAuth(options);
  current = nameOf(options);
  return auth;
}

/** @param {any} options */
const nameOf = (options) => options?.name ?? DEFAULT_NAME;

/** @param {any} options */
function withHost(options) {
  return options && typeof options === "object" && !Array.isArray(options) && options.host === undefined ? { ...options, host: hosts.browser() } : options;
}

/** @param {unknown} token */
function claims(token) {
  assertUsable();
  return entered(root(), "claims", token);
}

/** @returns {Slot} */
function makeSlot() {
  /** @type {Slot} */
  const slot = { auth: {} };
  slot.auth = {
    ...members([...PROMISED, ...PROMISED_OF_AUTH], [...DIRECT, ...DIRECT_OF_AUTH], () => slot),
    claims,
    dispose() {
      slot.disposed = true;
      if (slot.session) entered(slot.session, "dispose");
    },
  };
  return slot;
}

/**
 * Functions that call the session of a slot, which is looked up at each call.
 * @param {string[]} promised
 * @param {string[]} direct
 * @param {(member: string) => Slot} slotOf
 * @returns {Record<string, Function>}
 */
function members(promised, direct, slotOf) {
  /** @type {Record<string, Function>} */
  const functions = {};
  for (const member of promised) {
    functions[member] = async (/** @type {any[]} */ ...args) => {
      if (!isUsable()) {
        // Too late when the wait is over: the browser would send the form, secrets and all, by itself.
        if (args[0]?.type === "submit") args[0].preventDefault?.();
        await whenUsable();
      }
      return enter(open(slotOf(member)), member, args);
    };
  }
  for (const member of direct) {
    functions[member] = (/** @type {any[]} */ ...args) => {
      assertUsable();
      return entered(open(slotOf(member)), member, ...args);
    };
  }
  return functions;
}

/** The wasm's session of a slot. @param {Slot} slot */
function open(slot) {
  if (!slot.session) {
    slot.session = entered(root(), "open", slot.options);
    if (slot.disposed) entered(slot.session, "dispose");
  }
  return slot.session;
}

const bare = members(PROMISED, DIRECT, (member) => {
  const slot = slots.get(current);
  if (!slot) throw new AuthError("ERR_INVALID_OPTION", "call configure first", { path: MISSING[member] ?? "flows.signin" });
  return slot;
});

/** @param {any[]} args */
function status(...args) {
  assertUsable();
  return slots.has(current) ? bare.status(...args) : { ...SIGNED_OUT };
}

/** The public object. */
export const doorkey = /** @type {Record<string, any>} */ ({
  createAuth,
  configure,
  ...bare,
  status,
  claims,
  AuthError,
  isAuthError,
  hosts: { ...hosts },
  providers: { simplejwt },
  ready,
  version: __VERSION__,
});
