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

test("when the module traps, the calls that wait are told, and so are later ones", async () => {
  let trapped = false;
  const trapping =
    (call) =>
    (...args) => {
      if (trapped) throw new WebAssembly.RuntimeError("unreachable");
      return call(...args);
    };
  const mapped = (object, change) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
  class Instance extends WebAssembly.Instance {
    constructor(module, imports) {
      super(
        module,
        mapped(imports, (calls) => mapped(calls, trapping)),
      );
    }
  }
  const { createAuth } = await withGlobal("WebAssembly", Object.assign(Object.create(WebAssembly), { Instance }), load);
  const auth = createAuth({ storage: "memory", flows: { signin: () => new Promise(() => {}) } });
  const waiting = [auth.signin(), auth.signin({ other: 1 })].map(caught);
  await new Promise((resolve) => setTimeout(resolve, 20));

  trapped = true;
  assert.throws(
    () => auth.status(),
    ({ name, code, cause }) => name === "AuthError" && code === "ERR_NOT_READY" && cause.message === "unreachable",
  );

  trapped = false;
  // The second sign-in had taken the first one's place.
  assert.deepEqual(
    (await Promise.all(waiting)).map((error) => error.code),
    ["ERR_SUPERSEDED", "ERR_NOT_READY"],
  );
  assert.equal((await caught(auth.accessToken())).code, "ERR_NOT_READY");
  assert.throws(() => auth.getValue("x"), { code: "ERR_NOT_READY" });
  assert.throws(() => createAuth({ name: "another" }), { code: "ERR_NOT_READY" });
});
