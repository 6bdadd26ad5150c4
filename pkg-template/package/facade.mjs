// @ts-check
// What JavaScript sees: plain objects of bound functions over the wasm's sessions. No decision about auth is made here.
import { claims as claimsOf, member as own, Session } from "doorkey-shell";
import { asError, DIRECT, DIRECT_OF_AUTH, entered, PROMISED, PROMISED_OF_AUTH } from "./enter.mjs";
import { AuthError, isAuthError } from "./error.mjs";
import { browser } from "./hosts/index.mjs";
import { MARK } from "./mark.mjs";
import { assertUsable, hasFailed, isUsable, module, ready, whenUsable } from "./start.mjs";

const DEFAULT_NAME = "doorkey";

// Before `configure` there is nothing to sign in to, and these flows are missing.
const MISSING = new Map([
  ["refreshAccessToken", "flows.refresh"],
  ["check", "flows.check"],
]);
const SIGNED_OUT = { signedIn: false, expiresAt: null, expiresInSeconds: null, hasRefreshToken: false };

/**
 * A session's place. It outlives `dispose` with its Auth, and with the bare functions, which go on being told ERR_DISPOSED.
 * @typedef {{ auth: Record<string, Function>, options: any, session: Session | undefined, isDisposed: boolean }} Slot `options`: until it is open
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
  const slot = known && !known.isDisposed ? known : makeSlot(name);
  const { session } = slot;
  if (session) entered(() => session.configure(options));
  else slot.options = options;
  if (isUsable()) open(slot);
  else openLater(slot);
  slots.set(name, slot);
  return slot.auth;
}

/** @param {Slot} slot */
async function openLater(slot) {
  try {
    await whenUsable();
    open(slot);
  } catch {} // the calls tell what is wrong
}

/** @param {any} [options] */
function configure(options) {
  const auth = createAuth(options);
  if (slots.get(current)?.isDisposed) slots.delete(current);
  current = nameOf(options);
  return auth;
}

/** @param {any} options */
const nameOf = (options) => own(options, "name") ?? DEFAULT_NAME;

/** @param {unknown} token */
function claims(token) {
  assertUsable();
  return entered(() => claimsOf(module, token));
}

/** @param {unknown} name @returns {Slot} */
function makeSlot(name) {
  /** @type {Slot} */
  const slot = { auth: {}, options: undefined, session: undefined, isDisposed: false };
  slot.auth = {
    ...members([...PROMISED, ...PROMISED_OF_AUTH], [...DIRECT, ...DIRECT_OF_AUTH], () => slot),
    claims,
    dispose() {
      entered(() => slot.session?.dispose());
      slot.isDisposed = true;
      if (name !== current && slots.get(name) === slot) slots.delete(name);
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
      try {
        if (!isUsable()) {
          // Too late when the wait is over: the browser would send the form, secrets and all, by itself.
          if (own(args[0], "type") === "submit") own(args[0], "preventDefault")?.call(args[0]);
          await whenUsable();
        }
        return await open(slotOf(member)).call(member, args);
      } catch (thrown) {
        throw asError(thrown);
      }
    };
  }
  Object.defineProperty(functions.signin, MARK, { value: true });
  for (const member of direct) {
    functions[member] = (/** @type {any[]} */ ...args) => {
      assertUsable();
      const session = /** @type {any} */ (open(slotOf(member)));
      return entered(() => session[member](...args));
    };
  }
  return functions;
}

/** The session of a slot. @param {Slot} slot */
function open(slot) {
  if (!slot.session) {
    slot.session = entered(() => new Session(module, slot.options, browser()));
    slot.options = undefined;
    if (slot.isDisposed) slot.session.dispose();
  }
  return slot.session;
}

const bare = members(PROMISED, DIRECT, (member) => {
  const slot = slots.get(current);
  if (!slot) throw new AuthError("ERR_INVALID_OPTION", "call configure first", { path: MISSING.get(member) ?? "flows.signin" });
  return slot;
});

/** @param {any[]} args */
function status(...args) {
  assertUsable();
  return slots.has(current) ? bare.status(...args) : { ...SIGNED_OUT };
}

/** The public object, but for the hosts and providers: of those a bundler keeps what an app names. */
export const doorkey = /** @type {Record<string, any>} */ ({
  createAuth,
  configure,
  ...bare,
  status,
  claims,
  AuthError,
  isAuthError,
  ready,
  version: __VERSION__,
});
