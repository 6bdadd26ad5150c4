// @ts-check
// What becomes of a page in which the module panics. The package is as published, but for a call that panics: `run("panic!")`.
import assert from "node:assert/strict";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";

const packed = process.env.DOORKEY_PANICKING ?? "";

let copies = 0;
/** A fresh copy of the module. @returns {Promise<any>} */
const load = () => import(`${pathToFileURL(join(packed, "dist/doorkey.mjs"))}?copy=${++copies}`);

/** @param {Promise<any>} promise @returns {Promise<any>} */
const caught = (promise) =>
  promise.then(
    () => assert.fail("it did not reject"),
    (/** @type {any} */ error) => error,
  );
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

/** @type {any} */
let host;
beforeEach(() => {
  const kept = new Map();
  host = {
    store: {
      get: (/** @type {string} */ key) => kept.get(key),
      set: (/** @type {string} */ key, /** @type {unknown} */ value) => void kept.set(key, value),
      remove: (/** @type {string} */ key) => void kept.delete(key),
    },
  };
});

const flows = {
  signin: () => ({ access_token: "first", refresh_token: "r", expires_in: 3600 }),
  refresh: () => ({ access_token: "second", expires_in: 3600 }),
};

test("the call that panics is told, and so are those under way; later calls find every session again", async () => {
  const { createAuth } = await load();
  const [one, other] = ["one", "other"].map((name) => createAuth({ name, host, flows }));
  await Promise.all([one.signin(), other.signin()]);
  /** @type {unknown[]} */
  const heard = [];
  one.watch("theme", (/** @type {unknown} */ value) => heard.push(value));
  other.on("refreshed", (/** @type {any} */ event) => heard.push(event.type));
  await one.storeValue("theme", "dark");
  await pause();
  const underWay = caught(other.run({ run: () => new Promise(() => {}) }));

  for (const error of [await caught(one.run("panic!")), await underWay]) {
    assert.deepEqual([error.name, error.code], ["AuthError", "ERR_NOT_READY"]);
    assert.ok(error.cause instanceof WebAssembly.RuntimeError, String(error.cause));
  }
  assert.equal(one.getValue("theme"), "dark", "what was read before is there without the module");
  assert.equal(await other.accessToken(), "first");
  assert.equal(one.status().signedIn, true);
  assert.equal((await other.refreshAccessToken({ force: true })).refreshed, true);
  assert.equal(await other.accessToken(), "second");
  await one.storeValue("theme", "light");
  await pause();
  assert.deepEqual(heard, ["dark", "refreshed", "light"], "listeners stay, and nothing is told twice");
  for (const auth of [one, other]) auth.dispose();
});

test("requests that have gone ahead are told of a panic, and the connection is free; the next is sent by a new life", async () => {
  const { createAuth } = await load();
  const auth = createAuth({ host, flows, attach: { origins: ["https://api.example"] } });
  await auth.signin();
  const { fetch: real } = globalThis;
  /** @type {any[]} */
  const inits = [];
  try {
    globalThis.fetch = /** @type {any} */ (async () => new Response("fine"));
    await auth.fetch("https://api.example/first");
    globalThis.fetch = /** @type {any} */ (
      (/** @type {unknown} */ _, /** @type {any} */ init) => {
        inits.push(init);
        return new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(init.signal.reason)));
      }
    );
    const underWay = caught(auth.fetch("https://api.example/ahead"));
    await caught(auth.run("panic!"));
    const error = await underWay;
    assert.deepEqual([error.name, error.code], ["AuthError", "ERR_NOT_READY"]);
    assert.equal(inits[0].signal.aborted, true);
    globalThis.fetch = /** @type {any} */ (async (/** @type {Request} */ { headers }) => new Response(headers.get("authorization")));
    assert.equal(await (await auth.fetch("https://api.example/next")).text(), "Bearer first");
  } finally {
    globalThis.fetch = real;
    auth.dispose();
  }
});

test("a synchronous call makes the new life too", async () => {
  const { createAuth, claims } = await load();
  const auth = createAuth({ host, flows });
  await auth.signin();
  await caught(auth.run("panic!"));
  assert.throws(() => claims("no token"), { code: "ERR_INVALID_VALUE" });
  await pause();
  assert.equal(auth.status().signedIn, true);
  auth.dispose();
});

test("another session that is made after a panic works, and so does new options", async () => {
  const { createAuth } = await load();
  const auth = createAuth({ host, flows });
  await auth.signin();
  await caught(auth.run("panic!"));
  const other = createAuth({ name: "late", storage: "memory", flows });
  await other.signin();
  assert.equal(await other.accessToken(), "first");
  assert.equal(createAuth({ host, flows, pages: { home: "/" } }), auth);
  assert.equal(await auth.accessToken(), "first");
  for (const each of [auth, other]) each.dispose();
});

test("a session that was disposed of before stays so", async () => {
  const { createAuth } = await load();
  const [one, other] = ["one", "other"].map((name) => createAuth({ name, storage: "memory", flows }));
  one.dispose();
  await caught(other.run("panic!"));
  assert.equal((await caught(one.signin())).code, "ERR_DISPOSED");
  await caught(other.run("panic!"));
  other.dispose();
  assert.equal((await caught(other.signin())).code, "ERR_DISPOSED");
});

test("after three panics within a minute it stays stopped, and says so", async () => {
  const { createAuth } = await load();
  const auth = createAuth({ storage: "memory", flows });
  for (let time = 0; time < 3; time++) await caught(auth.run("panic!"));
  const said = /has stopped: reload the page/;
  for (const error of [await caught(auth.signin()), await caught(auth.accessToken())]) {
    assert.equal(error.code, "ERR_NOT_READY");
    assert.match(error.message, said);
  }
  for (const call of [() => auth.status(), () => createAuth({ name: "late" }), () => auth.trace()]) {
    assert.throws(call, { code: "ERR_NOT_READY", message: said });
  }
  assert.equal(auth.getValue("x"), undefined);
});

test("panics that are minutes apart are not counted together", async () => {
  const { createAuth } = await load();
  const auth = createAuth({ storage: "memory", flows });
  const { now } = Date;
  try {
    for (let time = 1; time < 6; time++) {
      await caught(auth.run("panic!"));
      Date.now = () => now() + time * 61_000;
    }
    await auth.signin();
  } finally {
    Date.now = now;
  }
  assert.equal(auth.status().signedIn, true);
  auth.dispose();
});
