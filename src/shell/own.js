// @ts-check
// Objects looked at in pages where anybody may have put anything on all of them.

const owns = Object.prototype.hasOwnProperty;

/** Native, whatever a page has put in the place of the global. */
export const NativePromise = /** @type {PromiseConstructor} */ ((async () => {})().constructor);

/** Whether an object has a member of its own. @param {object} object @param {PropertyKey} key */
export const hasOwn = (object, key) => owns.call(object, key);

/** It keeps and ends what a page has in ways of its own. */
export const isFirefox = () => "mozInnerScreenX" in globalThis;

/** @param {unknown} value @returns {value is Function} */
export const isFunction = (value) => typeof value === "function";

/**
 * Whether a value is of a class; a proxy can refuse to be asked.
 * @template T @param {unknown} value @param {new (...args: any[]) => T} type @returns {value is T}
 */
export function isA(value, type) {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

/**
 * A member of an object, its own or its class's; `undefined` for what a page has put on all objects. It may throw.
 * @param {any} object @param {string} key
 */
export function read(object, key) {
  if (object === null || (typeof object !== "object" && typeof object !== "function")) return;
  if (!(key in Object.prototype)) return object[key];
  for (let at = object; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    if (hasOwn(at, key)) return object[key];
  }
}

/** The same, and `undefined` where it can't be read. @param {any} object @param {string} key */
export function member(object, key) {
  try {
    return read(object, key);
  } catch {}
}

/** The page's origin: a frame without an address of its own, as of `srcdoc`, has that of the page around it. @returns {string | undefined} */
export function ownOrigin() {
  const origin = member(globalThis.location, "origin");
  const own = origin === "null" ? member(globalThis, "origin") : origin;
  return typeof own === "string" ? own : undefined;
}

/** Gives an object a member: a key such as `__proto__` is a key. @param {object} object @param {string} key @param {unknown} value */
export function defined(object, key, value) {
  Object.defineProperty(object, key, plain(value));
  return object;
}

/** @param {unknown} value @returns {PropertyDescriptor} */
function plain(value) {
  const descriptor = Object.create(null);
  descriptor.value = value;
  descriptor.writable = descriptor.enumerable = descriptor.configurable = true;
  return descriptor;
}

/** An object of names and values in turn. @param {any[]} list @returns {Record<string, any>} */
export function object(list) {
  const made = {};
  for (let at = 0; at < list.length; at += 2) defined(made, list[at], list[at + 1]);
  return made;
}

/** What a value is to `Object.prototype.toString`, such as `Map`. It may throw. @param {unknown} value */
export const tag = (value) => Object.prototype.toString.call(value).slice(8, -1);
