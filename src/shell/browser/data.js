// JavaScript values looked at for convert.rs. Nothing here throws, whatever it is given.

const WORDS = ["undefined", "object", "boolean", "number", "string", "function"];

export const isFunction = (value) => typeof value === "function";

/** A member of a value; `undefined` when there is none, it can't be read, or this has no members. */
export function member(value, key) {
  try {
    return value[key];
  } catch {}
}

/** What a value is: see `Kind` in convert.rs. */
export function kind(value) {
  const word = WORDS.indexOf(typeof value);
  if (word !== 1 || value === null) return word;
  try {
    if (Array.isArray(value)) return 8;
  } catch {
    return 11;
  }
  if (isFunction(member(value, "run")) || isFunction(member(value, "trigger"))) return 7;
  return isFunction(member(value, "toJSON")) ? 10 : 9;
}

/** What an array holds, an object as keys and values in turn, or what `toJSON` gives; `undefined` when one of them throws. */
export function members(value) {
  try {
    if (Array.isArray(value)) return value;
    return isFunction(member(value, "toJSON")) ? [value.toJSON()] : Object.keys(value).flatMap((key) => [key, value[key]]);
  } catch {}
}

/** Keys and values in turn, as pairs. */
export const pairs = (list) => list.flatMap((key, at) => (at % 2 ? [] : [[key, list[at + 1]]]));

/** An object of keys and values in turn. A key such as `__proto__` is a key. */
export const object = (list) => Object.fromEntries(pairs(list));

/** Adds a value to an array. */
export const push = (list, value) => void list.push(value);

/** A text as it is. */
export const text = (value) => (typeof value === "string" ? value : "");

/** The text in upper case, or in lower case when false. */
export const changeCase = (value, upper) => (upper ? value.toUpperCase() : value.toLowerCase());

/** What JSON means; `undefined` where it is none. */
export function parse(json) {
  try {
    return JSON.parse(json);
  } catch {}
}

/** The JSON of what JSON neither changes nor loses; for anything else "!" and why. */
export function stringify(value) {
  try {
    const unfit = whyUnfit(value, 64);
    return unfit ? "!" + unfit : JSON.stringify(value);
  } catch {
    return "!a getter of it throws";
  }
}

function whyUnfit(value, depth) {
  if (!depth) return "it is too deep, or holds itself";
  const type = typeof value;
  if (type === "number") return Number.isFinite(value) ? "" : "NaN and Infinity are no JSON";
  if (value === null || type === "string" || type === "boolean") return "";
  if (type !== "object" || !(Array.isArray(value) || isPlain(value))) return "only JSON can be stored: text, numbers, true, false, null, arrays and plain objects";
  const isList = Array.isArray(value);
  for (const item of isList ? Array.from(value) : Object.values(value)) {
    // An undefined member is as good as none.
    const unfit = item === undefined && !isList ? "" : whyUnfit(item, depth - 1);
    if (unfit) return unfit;
  }
  return "";
}

function isPlain(value) {
  // Another realm's Object.prototype is another object, but like ours it has no prototype.
  const prototype = Object.getPrototypeOf(value);
  return !isFunction(value.toJSON) && (!prototype || !Object.getPrototypeOf(prototype));
}

/** The name and the message of an error; `undefined` for what is none. */
export function named(thrown) {
  try {
    if (thrown instanceof Error) return [String(member(thrown, "name")), member(thrown, "message")];
  } catch {} // A proxy can refuse to be looked at, and a name to be a text.
}

/** The inputs that a value means: the fields of a submitted form, whose default is prevented; other events mean nothing. */
export function inputs(given) {
  if (!isFunction(member(given, "preventDefault"))) return given;
  try {
    if (given.type !== "submit") return;
    given.preventDefault();
    const form = [given.currentTarget, given.target].find((target) => target instanceof HTMLFormElement);
    return form && Object.fromEntries(new FormData(form));
  } catch {}
}
