// @ts-check
// The UMD file under the loaders that it meets: each test loads its text as that loader does.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createContext, Script } from "node:vm";
import { transform } from "esbuild";
import { makeProject } from "./project.mjs";
import { expected, KEYS, smoke } from "./smoke.mjs";

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {string} */
let source;
/** @type {string} */
let version;
before(async () => {
  project = await makeProject();
  source = (await project.dist("doorkey.umd.min.js")).toString();
  version = JSON.parse((await project.dist("../package.json")).toString()).version;
});
after(() => project?.remove());

const WEB = { WebAssembly, TextEncoder, TextDecoder, URL, URLSearchParams, Response, Request, setTimeout, clearTimeout, queueMicrotask };

/** A global scope with what every browser realm has. @param {object} [more] @returns {any} */
function realm(more = {}) {
  const scope = { ...WEB, ...more };
  createContext(scope);
  return scope;
}

test("it is one ES2020 script", async () => {
  new Script(source);
  assert.doesNotMatch(source, /\bimport\.meta\b|\bimport\(/);
  // What esbuild need not lower for ES2020 is ES2020.
  const [as2020, asIs] = await Promise.all(["es2020", "esnext"].map((target) => transform(source, { target, minify: true })));
  assert.equal(as2020.code, asIs.code);
  assert.match(source, /^(\/\*.*\*\/\s*)?"use strict";/);
});

test("a script adds exactly one global, enumerable and at once", () => {
  const scope = realm();
  const before = Object.getOwnPropertyNames(scope);
  new Script(source).runInContext(scope);
  assert.deepEqual(
    Object.getOwnPropertyNames(scope).filter((name) => !before.includes(name)),
    ["Doorkey"],
  );
  assert.equal(Object.getOwnPropertyDescriptor(scope, "Doorkey")?.enumerable, true);
  assert.equal(scope.Doorkey.status().signedIn, false);
});

test("loading looks at no document, location, worker or network, and starts no timer", () => {
  /** @type {string[]} */
  const seen = [];
  const scope = realm();
  for (const name of [
    "document",
    "location",
    "navigator",
    "localStorage",
    "indexedDB",
    "XMLHttpRequest",
    "Worker",
    "fetch",
    "setTimeout",
    "setInterval",
    "addEventListener",
    "BroadcastChannel",
  ]) {
    Object.defineProperty(scope, name, { configurable: true, get: () => void seen.push(name) });
  }
  new Script(source).runInContext(scope);
  assert.equal(typeof scope.Doorkey.signin, "function");
  assert.deepEqual(seen, []);
});

test("running it again makes an instance of its own", async () => {
  const scope = realm();
  const script = new Script(source);
  script.runInContext(scope);
  const first = scope.Doorkey;
  script.runInContext(scope);
  assert.notEqual(scope.Doorkey, first);
  const [one, other] = [first, scope.Doorkey].map((doorkey) => doorkey.createAuth({ name: "again", storage: "memory" }));
  await one.storeValue("theme", "dark");
  assert.equal(other.getValue("theme"), undefined);
  one.dispose();
  await other.storeValue("theme", "light");
});

test("ToolJet's loader gets module.exports, with an AMD define beside it and an empty self", async () => {
  const module = { exports: {} };
  const define = Object.assign(() => assert.fail("CommonJS comes first"), { amd: true });
  const before = Object.keys(globalThis);
  new Function("module", "exports", "define", "self", `"use strict";${source}`)(module, module.exports, define, {});
  assert.deepEqual(Object.keys(globalThis), before);
  assert.deepEqual(await smoke(module.exports), expected(version));
});

test("Lowcoder's loader, a function in a with block, finds the global on its proxy", () => {
  /** @type {any} */
  const sandbox = { ...WEB, String, Object, Map, Set, Error, Promise, Uint8Array, DataView, Math, RegExp, Symbol, Array, JSON, Reflect };
  const proxy = new Proxy(sandbox, {
    has: () => true,
    get: (target, key) =>
      key === Symbol.unscopables ? undefined : ["globalThis", "window", "self"].includes(String(key)) ? proxy : target[key],
    set: (target, key, value) => Reflect.set(target, key, value),
  });
  new Function("scope", `with (scope) { (function () { "use strict"; ${source} }).call(this) }`).call(proxy, proxy);
  assert.equal(sandbox.Doorkey.status().signedIn, false);
});

test("an AMD loader gets the object, and the page its global all the same", () => {
  /** @type {any[]} */
  const defined = [];
  const scope = realm({ define: Object.assign((/** @type {any[]} */ ...args) => defined.push(args), { amd: {} }) });
  new Script(source).runInContext(scope);
  assert.equal(defined.length, 1);
  assert.equal(defined[0].at(-1)(), scope.Doorkey);
});

test("an element with the id module or define does not mislead it", () => {
  const scope = realm({ module: { nodeType: 1 }, exports: { nodeType: 1 }, define: { nodeType: 1 } });
  new Script(source).runInContext(scope);
  assert.equal(typeof scope.Doorkey.signin, "function");
});

test("a builder's autocompletion can walk the object: few nodes, no getter, nothing foreign", () => {
  const scope = realm();
  new Script(source).runInContext(scope);
  const { nodes, accessors, arrays } = walk(scope.Doorkey);
  assert.deepEqual(Object.keys(scope.Doorkey).sort(), KEYS);
  assert.deepEqual(accessors, []);
  assert.deepEqual(arrays, []);
  assert.ok(nodes <= 200, `${nodes} nodes`);
});

test("the object of a session can be walked as well", () => {
  const scope = realm();
  new Script(source).runInContext(scope);
  const { nodes, accessors } = walk(scope.Doorkey.createAuth({ name: "walk", storage: "memory" }));
  assert.deepEqual(accessors, []);
  assert.ok(nodes <= 200, `${nodes} nodes`);
});

/** As Appsmith's makeTernDefs: own names and those of the prototype, breadth first, with no memory of what was seen. @param {any} start */
function walk(start) {
  const IGNORED = ["constructor", "WINDOW", "window", "self", "arguments", "caller", "length", "name"];
  const queue = [{ value: start, path: "Doorkey" }];
  /** @type {string[]} */
  const accessors = [];
  /** @type {string[]} */
  const arrays = [];
  let nodes = 0;
  for (let item = queue.shift(); item; item = queue.shift()) {
    const { value, path } = item;
    if (++nodes > 5000) break;
    if ((typeof value !== "object" && typeof value !== "function") || value === null) continue;
    if (ArrayBuffer.isView(value)) arrays.push(path);
    for (const holder of [value, Object.getPrototypeOf(value)]) {
      if (
        !holder ||
        Object.getPrototypeOf(holder) === null ||
        holder.constructor?.name === "Function" ||
        holder.constructor?.name === "AsyncFunction"
      )
        continue;
      for (const key of Object.getOwnPropertyNames(holder)) {
        if (IGNORED.includes(key)) continue;
        const descriptor = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(holder, key));
        if (descriptor.get) accessors.push(`${path}.${key}`);
        else queue.push({ value: descriptor.value, path: `${path}.${key}` });
      }
    }
  }
  return { nodes, accessors, arrays };
}
