// @ts-check
// What a page gives, copied under one guard before Rust sees it. Whatever it is - getters that throw, proxies, cycles, a
// bigint, a hundred million numbers - it becomes plain data, or an `Unfit` that says what is wrong and where. The work grows
// with the size of what is given, and has an end.

import { defined, isA, isFunction, member, read, tag } from "./own.js";
import { Carried } from "./wire.js";

/** Deeper data is taken for a cycle. */
const DEEPEST = 64;
/** The parts of a path that are shown. */
const SHOWN = 16;
/** More values than this in one piece of data are refused. */
const MOST_VALUES = 200000;
/** More characters than this are refused. */
const MOST_CHARACTERS = 8000000;

const TOO_MUCH = "there is too much of it";
const TOO_DEEP = "it is too deep, or holds itself";
const THROWS = "a getter or toJSON of it throws";
const BINARY = "binary data is no JSON";
const NO_JSON = "a bigint or a symbol is no JSON";
const NOT_FINITE = "NaN and Infinity are no JSON";
const NOT_PLAIN = "only JSON can be stored: text, numbers, true, false, null, arrays and plain objects";

/** Why a value can't be data, and where in it. */
export class Unfit {
  /** @param {string} why @param {string} path */
  constructor(why, path) {
    this.why = why;
    this.path = path;
  }
}

class Copier {
  /** @param {string} path what the value is called @param {boolean} isStrict whether it must be what JSON neither changes nor loses */
  constructor(path, isStrict) {
    /** @type {(string | number)[]} */
    this.path = [path];
    this.isStrict = isStrict;
    this.values = 0;
    this.characters = 0;
  }

  /** @param {string} why @returns {never} */
  fail(why) {
    let path = "";
    for (const part of this.path.slice(0, SHOWN)) path += typeof part === "number" ? `[${part}]` : path && part ? `.${part}` : part;
    if (this.path.length > SHOWN) path += "…";
    throw new Unfit(why, path);
  }

  /** @param {string} text */
  text(text) {
    this.characters += text.length;
    if (this.characters > MOST_CHARACTERS) this.fail(TOO_MUCH);
    return text;
  }

  /** @param {any} value @returns {unknown} */
  value(value) {
    // What is stored is one text to Rust: its size alone counts.
    if (this.isStrict) this.characters++;
    else if (++this.values > MOST_VALUES) this.fail(TOO_MUCH);
    const type = typeof value;
    if (type === "string") return this.text(value);
    if (type === "bigint" || type === "symbol") return this.fail(this.isStrict ? NOT_PLAIN : NO_JSON);
    if (type === "number" && this.isStrict && !Number.isFinite(value)) return this.fail(NOT_FINITE);
    if (type === "function" || (type === "undefined" && this.isStrict))
      return this.isStrict ? this.fail(NOT_PLAIN) : new Carried("FUNCTION", value);
    if (type !== "object" || value === null) return value;
    return this.members(value);
  }

  /** @param {object} value */
  members(value) {
    if (this.path.length >= DEEPEST) return this.fail(TOO_DEEP);
    try {
      if (Array.isArray(value)) return this.list(value);
      // A typed array of a million numbers has a million keys.
      if (ArrayBuffer.isView(value)) return this.fail(this.isStrict ? NOT_PLAIN : BINARY);
      if (this.isStrict) return isPlain(value) ? this.map(value) : this.fail(NOT_PLAIN);
      if (isFunction(member(value, "run")) || isFunction(member(value, "trigger"))) return new Carried("QUERY", value);
      if (isFunction(member(value, "toJSON"))) return this.part("", /** @type {any} */ (value).toJSON());
      return this.map(value);
    } catch (thrown) {
      if (isA(thrown, Unfit)) throw thrown;
      return this.fail(THROWS);
    }
  }

  /** @param {any[]} list */
  list(list) {
    const { length } = list;
    if (typeof length !== "number" || length > (this.isStrict ? MOST_CHARACTERS : MOST_VALUES)) return this.fail(TOO_MUCH);
    const items = [];
    for (let at = 0; at < length; at++) {
      this.path.push(at);
      items.push(this.value(list[at]));
      this.path.pop();
    }
    return items;
  }

  /** @param {any} value */
  map(value) {
    const keys = Object.keys(value);
    if (!keys.length && /^(Shared)?ArrayBuffer$/.test(tag(value))) return this.fail(BINARY);
    if (keys.length > (this.isStrict ? MOST_CHARACTERS : MOST_VALUES)) return this.fail(TOO_MUCH);
    const map = Object.create(null);
    for (const key of keys) {
      this.path.push(this.text(key));
      const member = value[key];
      // To JSON an undefined member is as good as none.
      if (member !== undefined || !this.isStrict) map[key] = this.value(member);
      this.path.pop();
    }
    return map;
  }

  /** What stands for a value that has the same path. @param {string} name @param {unknown} value */
  part(name, value) {
    this.path.push(name);
    const copied = this.value(value);
    this.path.pop();
    return copied;
  }
}

/** @param {object} value */
function isPlain(value) {
  // Another realm's Object.prototype is another object, but like ours it has no prototype.
  const prototype = Object.getPrototypeOf(value);
  return !isFunction(read(value, "toJSON")) && (!prototype || !Object.getPrototypeOf(prototype));
}

/**
 * A value as data: functions and queries are carried, everything else is JSON-like.
 * @param {unknown} value @param {string} [path] what it is called
 */
export const copy = (value, path = "") => new Copier(path, false).value(value);

/** What a value means where nothing but data makes sense; `undefined` for what is none. @param {unknown} value */
export function dataOf(value) {
  try {
    return copy(value);
  } catch {}
}

/** The JSON of what JSON neither changes nor loses. @param {unknown} value @param {string} path what it is called */
export const json = (value, path) => JSON.stringify(new Copier(path, true).value(value));

/** A text, or `undefined` for what is none, or is longer than anything that makes sense. @param {unknown} value */
export const textOf = (value) => (typeof value === "string" && value.length <= MOST_CHARACTERS ? value : undefined);

/** The same for a key: one with half a surrogate pair would be another key to Rust. @param {unknown} value */
export const keyOf = (value) => (/\p{Surrogate}/u.test(textOf(value) ?? "") ? undefined : textOf(value));

/** What something threw, for Rust: its own members, those in which failures say what is wrong, and of an error its name. @param {unknown} thrown */
export function failure(thrown) {
  if (isA(thrown, Unfit)) return { unfit: thrown.path ? `${thrown.path}: ${thrown.why}` : thrown.why };
  let data = told(thrown, dataOf(thrown));
  const named = nameOf(thrown);
  if (named) data = Object.assign(isMap(data) ? data : Object.create(null), named);
  return { thrown: data, cause: thrown === undefined ? undefined : new Carried("OTHER", thrown) };
}

/** @param {unknown} data */
const isMap = (data) => data !== null && typeof data === "object" && !Array.isArray(data) && !(data instanceof Carried);

/** Where failures say what is wrong, and what may hold another one: core looks there. */
const STATUSES = ["status", "statusCode"];
const MEMBERS = [...STATUSES, "code", "message", "body", "data"];
const HOLDERS = ["response", "error"];

/**
 * The data of a failure, with those members that are not its own, or could not be copied with all the others: classes have getters
 * for them, and beside them there may be a request that holds itself.
 * @param {any} thrown @param {any} data what is copied already @param {string[]} [holders] @returns {unknown}
 */
function told(thrown, data, holders = HOLDERS) {
  if (thrown === null || typeof thrown !== "object") return data === undefined ? dataOf(thrown) : data;
  if (Array.isArray(data)) return data;
  const found = isMap(data) ? data : Object.create(null);
  const add = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    if (value !== undefined) found[name] = value;
  };
  // What a response has for a body is a stream.
  for (const name of isFunction(member(thrown, "text")) ? STATUSES : MEMBERS)
    if (found[name] === undefined) add(name, dataOf(member(thrown, name)));
  for (const name of holders) add(name, told(member(thrown, name), found[name], []));
  return Object.keys(found).length ? found : data;
}

/** The name and the message of an error; `undefined` for what is none. @param {any} thrown */
function nameOf(thrown) {
  try {
    // Of this realm or another; a page may have put something else in the place of `Error`.
    if (!/^(Error|DOMException)$/.test(tag(thrown)) && !(thrown instanceof Error)) return;
    return { name: String(member(thrown, "name")), message: dataOf(member(thrown, "message")) };
  } catch {} // A proxy can refuse to be looked at, and a name to be a text.
}

/** Parses JSON; another text stays what it is. @param {string} text @returns {unknown} */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * The inputs that a value means: the fields of a submitted form, whose default is prevented; other events mean nothing; the
 * entries of FormData, URLSearchParams or a Map, those that come more than once as a list.
 * @param {any} given @returns {unknown}
 */
export function inputs(given) {
  try {
    if (isFunction(member(given, "preventDefault"))) return submitted(given);
    if (/^(FormData|URLSearchParams|Map)$/.test(tag(given))) return entries(given);
  } catch {} // What can't be looked at can't be copied either, and that is told.
  return given;
}

/** @param {any} event */
function submitted(event) {
  try {
    if (event.type !== "submit") return;
    event.preventDefault();
    const form = [event.currentTarget, event.target].find((target) => tag(target) === "HTMLFormElement");
    return form && entries(new FormData(form));
  } catch {}
}

/** @param {Iterable<[unknown, unknown]>} given */
function entries(given) {
  /** @type {Map<string, unknown[]>} */
  const found = new Map();
  let count = 0;
  for (const [key, value] of given) {
    if (++count > MOST_VALUES) break;
    const name = String(key);
    const values = found.get(name);
    if (values) values.push(value);
    else found.set(name, [value]);
  }
  const named = {};
  for (const [name, values] of found) defined(named, name, values.length > 1 ? values : values[0]);
  return named;
}
