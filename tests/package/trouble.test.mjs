// @ts-check
// What goes wrong beneath doorkey: a module that traps, locks that are missing or refused.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";
import { makeProject } from "./project.mjs";

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
before(async () => {
  project = await makeProject();
});
after(() => project?.remove());

/** A host with a store, which other tabs would share. */
let host;
beforeEach(() => {
  const kept = new Map();
  host = { store: { get: (key) => kept.get(key), set: (key, value) => void kept.set(key, value), remove: (key) => void kept.delete(key) } };
});

let copies = 0;
/** A fresh copy of the module. @returns {Promise<any>} */
const load = () => import(`${pathToFileURL(join(project.installed, "dist/doorkey.mjs"))}?trouble=${++copies}`);

const caught = (/** @type {any} */ promise) =>
  promise.then(
    () => assert.fail("it did not reject"),
    (/** @type {any} */ error) => error,
  );

/** Runs with a global set to something else. */
async function withGlobal(name, value, run) {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  try {
    return await run();
  } finally {
    if (before) Object.defineProperty(globalThis, name, before);
    else delete globalThis[name];
  }
}

/** How long a refresh that the server refuses takes, with these locks. */
async function refusal(locks) {
  const { createAuth } = await load();
  const refused = () => {
    throw { status: 401 };
  };
  return withGlobal("navigator", { locks }, async () => {
    const auth = createAuth({ host, flows: { signin: () => ({ access_token: "a", refresh_token: "r" }), refresh: refused } });
    await auth.signin();
    const start = performance.now();
    // doorkey's own timer lets the process end.
    const awake = setInterval(() => {}, 100);
    const { code } = await caught(auth.refreshAccessToken({ force: true }));
    clearInterval(awake);
    auth.dispose();
    assert.equal(code, "ERR_REFRESH_REJECTED");
    return performance.now() - start;
  });
}

test("a refusal is believed at once under a lock, and after a pause where there is none", async () => {
  const granted = await refusal({ request: async (_name, _options, held) => held({}) });
  const missing = await refusal(undefined);
  const denied = await refusal({ request: () => Promise.reject(new DOMException("denied", "SecurityError")) });
  assert.ok(granted < 900, `${granted} ms under a lock`);
  assert.ok(missing >= 900 && denied >= 900, `${missing} ms without locks, ${denied} ms where they are refused`);
});

/**
 * A copy of the package whose instances can be made to trap, and which can be refused another at once.
 * @returns {Promise<{ createAuth: any, state: { traps: boolean, refuses: boolean, made: number } }>}
 */
async function trapping() {
  const state = { traps: false, refuses: false, made: 0 };
  const { Instance, instantiate } = WebAssembly;
  const wrapped = (instance) => {
    state.made++;
    const exports = Object.entries(instance.exports).map(([name, value]) => {
      if (typeof value !== "function") return [name, value];
      return [
        name,
        (...args) => {
          if (state.traps) throw new WebAssembly.RuntimeError("unreachable");
          return value(...args);
        },
      ];
    });
    return { exports: Object.fromEntries(exports) };
  };
  const replaced = Object.assign(Object.create(WebAssembly), {
    Instance: class {
      constructor(module, imports) {
        if (state.refuses) throw new RangeError("not at once on the main thread");
        // biome-ignore lint/correctness/noConstructorReturn: it stands for another class
        return wrapped(new Instance(module, imports));
      }
    },
    instantiate: async (module, imports) => wrapped(await instantiate(module, imports)),
  });
  const before = globalThis.WebAssembly;
  globalThis.WebAssembly = replaced;
  after(() => void (globalThis.WebAssembly = before));
  const { createAuth } = await load();
  return { createAuth, state };
}

const flows = { signin: () => ({ access_token: "t", refresh_token: "r", expires_in: 3600 }) };

test("when the module traps, the calls that wait are told, and the next call finds a new instance", async () => {
  const { createAuth, state } = await trapping();
  const auth = createAuth({ host, flows: { ...flows, refresh: () => new Promise(() => {}) } });
  await auth.signin();
  const waiting = [auth.refreshAccessToken({ force: true }), auth.run(() => new Promise(() => {}))].map(caught);
  await new Promise((resolve) => setTimeout(resolve, 20));

  state.traps = true;
  assert.throws(
    () => auth.status(),
    ({ name, code, cause }) => name === "AuthError" && code === "ERR_NOT_READY" && cause.message === "unreachable",
  );

  state.traps = false;
  assert.deepEqual(
    (await Promise.all(waiting)).map((error) => error.code),
    ["ERR_NOT_READY", "ERR_NOT_READY"],
  );
  assert.equal(await auth.accessToken(), "t");
  assert.deepEqual([state.made, auth.status().signedIn], [2, true]);
  auth.dispose();
});

test("where no instance can be made at once, calls that take time wait for it, and others say so", async () => {
  const { createAuth, state } = await trapping();
  const auth = createAuth({ host, flows });
  await auth.signin();
  state.traps = state.refuses = true;
  assert.throws(() => auth.status(), { code: "ERR_NOT_READY" });
  state.traps = false;
  assert.throws(() => auth.status(), { code: "ERR_NOT_READY" });
  assert.deepEqual(await Promise.all([auth.accessToken(), auth.accessToken()]), ["t", "t"]);
  assert.deepEqual([state.made, auth.status().signedIn], [2, true]);
  auth.dispose();
});
