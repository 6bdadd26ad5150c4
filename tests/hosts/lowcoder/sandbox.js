// Lowcoder's sandbox: a `with` block over a proxy that has every name. Runs in the page.

const forFunctions = [
  "top",
  "parent",
  "document",
  "location",
  "chrome",
  "fetch",
  "XMLHttpRequest",
  "importScripts",
  "Navigator",
  "MutationObserver",
];
const forExpressions = [...forFunctions, "setTimeout", "setInterval", "setImmediate"];
const globals = ["window", "globalThis", "self", "global"];

/** Answers every use with itself, and text with nothing. Awaiting it never ends. */
function blackHole() {
  return new Proxy(() => blackHole(), {
    get: (_, key) => (key === "toString" || key === Symbol.toPrimitive ? () => "" : blackHole()),
    apply: () => blackHole(),
  });
}

function native(key) {
  const found = Reflect.get(window, key);
  if (typeof found === "function" && !found.prototype) return found.bind(window);
  return found instanceof Element || found instanceof HTMLCollection ? undefined : found;
}

function mockWindow(base, blocked, onSet, unlimited) {
  const mock = new Proxy(
    { ...base },
    {
      has: () => true,
      set(target, key, value) {
        if (typeof key === "string") onSet?.(key);
        return Reflect.set(target, key, value);
      },
      get(target, key) {
        if (key in target) return Reflect.get(target, key);
        if (globals.includes(key)) return mock;
        return blocked.includes(key) && !unlimited ? blackHole() : native(key);
      },
    },
  );
  return mock;
}

let mock;
let lastUnlimited = false;

/** What leaving an app does. */
export function clear() {
  mock = mockWindow(undefined, forExpressions);
}

/** @param {{ unlimited?: boolean, scope?: "function" | "expression", onSet?: (name: string) => void }} [options] */
export function evaluate(body, context, methods = {}, { unlimited = false, scope = "expression", onSet } = {}) {
  const fixed = (key) => key in context || key in methods || globals.includes(key);
  if (scope === "function" || !mock || unlimited !== lastUnlimited)
    mock = mockWindow(mock, scope === "function" ? forFunctions : forExpressions, onSet, unlimited);
  lastUnlimited = unlimited;
  const seen = {};
  const guarded =
    (act) =>
    (target, key, ...rest) => {
      if (fixed(key)) throw new Error(`${String(key)} can't be modified`);
      return act(target, key, ...rest);
    };
  const sandbox = new Proxy(mock, {
    has: () => true,
    get(target, key, receiver) {
      if (key === Symbol.unscopables) return undefined;
      if (key === "toJSON" || globals.includes(key)) return target;
      if (!(key in context)) return unlimited ? native(key) : Reflect.get(target, key, receiver);
      if (!(key in seen)) {
        let value = context[key];
        if (typeof value === "object" && value !== null) {
          if (key in methods) value = { ...value, ...methods[key] };
          Object.freeze(value);
          Object.values(value).forEach(Object.freeze);
        }
        seen[key] = value;
      }
      return seen[key];
    },
    set: guarded((target, key, value) => Reflect.set(target, key, value)),
    defineProperty: guarded(Reflect.defineProperty),
    deleteProperty: guarded(Reflect.deleteProperty),
    setPrototypeOf() {
      throw new Error("can't invoke setPrototypeOf");
    },
  });
  return new Function(`with (this) { return (function () { 'use strict'; ${body}; }).call(this); }`).call(sandbox);
}
