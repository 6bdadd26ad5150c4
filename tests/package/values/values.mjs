// @ts-check
// Values of every kind that JavaScript has, and what hosts, servers and pages make of them.
import { setFlagsFromString } from "node:v8";

/** @typedef {import("./random.mjs").Random} Random */

/** What our values throw: who sees it in a place where only an AuthError may be knows that it got through. */
export class Ours extends Error {}

/** Thrown at a place of this name. @param {string} where @returns {never} */
export function thrown(where) {
  throw new Ours(where);
}

/** A value like `document.all`: an object whose type is "undefined". */
const undetectable = (() => {
  try {
    setFlagsFromString("--allow-natives-syntax");
    return new Function("return %GetUndetectable()")();
  } catch {
    return undefined;
  }
})();

const CONTROL = String.fromCharCode(...Array.from({ length: 32 }, (_, at) => at));

/** Proxy whose every trap throws. @param {object} target */
function trapping(target) {
  const names = Object.getOwnPropertyNames(Reflect);
  return new Proxy(target, Object.fromEntries(names.map((name) => [name, () => thrown(`trap ${name}`)])));
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** @param {number} depth @param {(inner: any) => any} wrap */
function deep(depth, wrap) {
  let value = /** @type {any} */ ("the bottom");
  for (let at = 0; at < depth; at += 1) value = wrap(value);
  return value;
}

const quiet = (/** @type {Promise<any>} */ promise) => {
  promise.catch(() => {}); // ours: nobody has to listen to it
  return promise;
};

/** Each kind by its name; a function that makes one. @type {Record<string, (random: Random, more: () => any) => any>} */
export const KINDS = {
  undefined: () => undefined,
  null: () => null,
  boolean: (random) => random.chance(2),
  number: (random) =>
    random.pick([
      0,
      -0,
      1,
      -1,
      0.1,
      NaN,
      Infinity,
      -Infinity,
      2 ** 31,
      2 ** 32,
      2 ** 53,
      -(2 ** 53),
      1e21,
      1e308,
      5e-324,
      200,
      401,
      8.64e15 + 1,
    ]),
  bigint: (random) => random.pick([0n, 1n, 200n, -1n, 2n ** 64n, 10n ** 400n]),
  symbol: (random) => random.pick([Symbol("s"), Symbol.iterator, Symbol.for("x"), Symbol()]),
  text: (random) =>
    random.pick([
      "",
      " ",
      "a",
      "true",
      "null",
      "0",
      "__proto__",
      "constructor",
      "toString",
      "a.b",
      "{{",
      "{{ inputs.x }}",
      "}}",
      "[object Object]",
      "javascript:alert(1)",
      "http://127.0.0.1:1/",
      "//",
      "doorkey",
    ]),
  surrogates: (random) => random.pick(["\ud800", "\udfff", "a\ud83d", "\ude00b", "\udc00\ud800", "😀\ud800"]),
  control: (random) => CONTROL.repeat(random.pick([1, 1, 31_250])),
  long: (random) => "a".repeat(random.pick([1000, 1_000_000])),
  json: (random) =>
    random.pick([
      '{"access_token":"a"}',
      '{"a":',
      "[".repeat(10_000),
      '{"__proto__":{"x":1}}',
      '"\\ud800"',
      "1e999",
      '{"v":1,"generation":1e99}',
    ]),
  function: (random, more) =>
    random.pick([
      () => more(),
      async () => more(),
      () => thrown("function"),
      function constructible() {},
      () => {},
      function* () {},
      async () => thrown("async function"),
    ]),
  class: () =>
    class A {
      constructor() {
        thrown("constructor");
      }
      static get x() {
        return thrown("static getter");
      }
    },
  array: (random, more) => Array.from({ length: random.below(4) }, more),
  "array with holes": (random) => Object.assign(new Array(random.pick([3, 1000])), { 1: "x" }),
  "array with getters that throw": () => Object.defineProperty([1, 2, 3], 1, { get: () => thrown("item"), enumerable: true }),
  "array with a wrong length": () =>
    new Proxy([1], { get: (target, key, self) => (key === "length" ? "many" : Reflect.get(target, key, self)) }),
  object: (random, more) =>
    Object.fromEntries(
      Array.from({ length: random.below(4) }, () => [
        random.pick(["a", "url", "status", "body", "message", "run", "code", "__proto__", "type", "access_token"]),
        more(),
      ]),
    ),
  "object with a getter that throws": (random) =>
    Object.defineProperty(
      {},
      random.pick(["a", "url", "status", "then", "name", "message", "code", "type", "run", "body", "preventDefault"]),
      { get: () => thrown("getter"), enumerable: true },
    ),
  "object with toJSON": (random, more) => ({
    toJSON: random.pick([
      () => thrown("toJSON"),
      more,
      () => 1n,
      function () {
        return this;
      },
    ]),
  }),
  "object with toString": (random, more) => ({
    toString: random.pick([() => thrown("toString"), () => more()]),
    valueOf: () => thrown("valueOf"),
  }),
  "object with Symbol.toPrimitive": (random, more) => ({ [Symbol.toPrimitive]: random.pick([() => thrown("toPrimitive"), more, 7]) }),
  "object without prototype": (_, more) => Object.assign(Object.create(null), { a: more() }),
  "object of another prototype": () =>
    Object.create(
      {
        get inherited() {
          return thrown("inherited");
        },
      },
      { own: { value: 1, enumerable: true } },
    ),
  "proxy that throws in every trap": (random) => trapping(random.pick([{}, [], () => {}])),
  "revoked proxy": revoked,
  "proxy without end": () =>
    new Proxy({}, { get: (_, key, self) => (typeof key === "symbol" || key === "then" ? undefined : self), has: () => true }),
  cyclic: (random) => {
    const value = random.pick([() => Object.assign([], { 0: 1 }), () => ({})])();
    return Object.assign(value, { self: value, 1: value });
  },
  deep: (random) => deep(random.pick([100, 100_000]), random.pick([(/** @type {any} */ a) => [a], (/** @type {any} */ a) => ({ a })])),
  "typed array": (random) =>
    random.pick([
      new Uint8Array(random.pick([0, 3, 1000])),
      new Float64Array(2),
      new BigInt64Array(2),
      new Uint8ClampedArray(3),
      Buffer.from("x"),
    ]),
  "array buffer": (random) => random.pick([new ArrayBuffer(8), new SharedArrayBuffer(8), new DataView(new ArrayBuffer(8))]),
  map: (random, more) => random.pick([new Map([["a", more()]]), new Map([[more(), 1]]), new WeakMap(), new Set([1]), new WeakSet()]),
  date: (random) => random.pick([new Date(0), new Date(NaN)]),
  regexp: () => /x/g,
  error: (random, more) =>
    random.pick([
      new Error("e"),
      new TypeError("t"),
      new DOMException("d", "AbortError"),
      Object.assign(new Error("e"), { status: more(), message: more(), name: more() }),
      Object.defineProperty(new Error("e"), "message", { get: () => thrown("message") }),
      new AggregateError([1], "a"),
    ]),
  promise: (random, more) => random.pick([quiet(Promise.resolve(more())), quiet(Promise.reject(more())), new Promise(() => {})]),
  thenable: (random, more) =>
    random.pick([
      { then: () => thrown("then") },
      { then() {} },
      {
        then: (/** @type {any} */ resolve) => {
          resolve(more());
          resolve(1);
        },
      },
      {
        then: (/** @type {any} */ resolve, /** @type {any} */ reject) => {
          reject(more());
          resolve(1);
          thrown("then, after it settled");
        },
      },
      { then: more() },
      Object.defineProperty({}, "then", { get: () => thrown("get then") }),
    ]),
  "like document.all": () => undetectable,
  event: (random, more) => ({
    type: random.pick(["submit", "click", more()]),
    preventDefault: random.pick([() => {}, () => thrown("preventDefault")]),
    target: more(),
    currentTarget: more(),
  }),
  web: (random) =>
    random.pick([
      new URL("http://127.0.0.1:1/"),
      new URLSearchParams("a=1&a=2"),
      new Headers({ a: "1" }),
      new FormData(),
      new Blob(["x"]),
      new Request("http://127.0.0.1:1/", { method: "POST", body: "x" }),
      new Response("x", { status: 401 }),
      new AbortController().signal,
      AbortSignal.abort(1n),
      new ReadableStream(),
    ]),
  boxed: (random) => random.pick([Object(1n), Object(Symbol()), Object("x"), Object(1), Object(false)]),
  globalThis: () => globalThis,
};

/**
 * A value, and the name of its kind.
 * @param {Random} random @param {number} [depth] @returns {{ kind: string, value: any }}
 */
export function any(random, depth = 0) {
  const kind = random.pick(Object.keys(KINDS));
  // Deep in a value small ones are enough.
  const more = () => (depth > 2 ? 1 : any(random, depth + 1).value);
  return { kind, value: KINDS[kind](random, more) };
}
