// @ts-check
/** Where a sign-in by redirect is kept while the page is away, in a place without any storage of the browser's. */

import assert from "node:assert/strict";
import { before, mock, test } from "node:test";

import { importPackage } from "../servers/package.mjs";

/** @type {typeof import("../../pkg-template/package/types/doorkey.js")} */
let doorkey;
before(async () => ({ doorkey } = await importPackage()));

const HOME = "https://app.example/login";

/** A page of an app: it begins at an address, and ends with what it has in memory. @param {Record<string, any>} host @param {string} [at] @param {object} [step] */
const page = (host, at = HOME, step = {}) =>
  doorkey.createAuth({
    name: "leaving",
    storage: "memory",
    host: { location: () => at, ...host },
    flows: {
      signin: [{ authorize: { endpoint: "https://op.example/auth", clientId: "app", token: "https://op.example/token", ...step } }],
    },
  });

/** A store that gives null for what was removed, as Retool's does. */
function storeOf() {
  /** @type {Record<string, any>} */
  const values = {};
  return {
    values,
    get: (/** @type {string} */ key) => values[key],
    set: async (/** @type {string} */ key, /** @type {unknown} */ value) => void (values[key] = value),
    remove: async (/** @type {string} */ key) => void (values[key] = null),
  };
}

test("the host's store keeps it, and the page that comes up anew goes on with it, once", async () => {
  const store = storeOf();
  /** @type {string[]} */
  const went = [];
  const first = page({ store, navigateTo: (/** @type {string} */ url) => went.push(url) });
  first.signin().catch(() => {}); // it does not settle while the page leaves
  while (!went.length) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.match(JSON.stringify(store.values), /verifier/);
  await first.dispose();

  const state = new URL(went[0]).searchParams.get("state");
  /** @type {string[]} */
  const sent = [];
  const http = async (/** @type {{ body: string }} */ { body }) => {
    sent.push(body);
    return { status: 200, headers: {}, body: { access_token: "one", expires_in: 60 } };
  };
  const back = page({ store, http, navigateTo() {} }, `${HOME}?code=two&state=${state}`);
  assert.equal((await back.signinCallback()).ok, true);
  assert.match(sent[0], /code_verifier=[\w-]{43}/);
  assert.doesNotMatch(JSON.stringify(store.values), /verifier/);
  assert.deepEqual((await back.signinCallback()).ok, false, "an answer works once");
  assert.equal(sent.length, 1);
  await back.dispose();
});

test("where nothing can keep it, nothing navigates", async () => {
  const full = () => {
    throw new Error("full");
  };
  for (const store of [undefined, { get: full, set: full, remove: full }]) {
    const auth = page({ store, navigateTo: () => assert.fail("it has left") });
    await assert.rejects(auth.signin(), { code: "ERR_STORAGE_DENIED" });
    await auth.dispose();
  }
});

test("a store that never answers holds up nobody for good, and is no word that an address is no answer", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const never = () => new Promise(() => {});
  const away = page({ store: { ...storeOf(), set: never }, navigateTo: () => assert.fail("it has left") });
  const back = page({ store: { ...storeOf(), get: never }, navigateTo() {} }, `${HOME}?code=two&state=${"s".repeat(43)}`);
  const outcomes = Promise.allSettled([away.signin(), back.signinCallback(), back.guard("login")]);
  let settled = false;
  outcomes.finally(() => (settled = true));
  while (!settled) {
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(1000);
  }
  mock.timers.reset();
  const said = (await outcomes).map((one) => (one.status === "rejected" ? one.reason.code : one.value));
  assert.deepEqual(said, ["ERR_TIMEOUT", "ERR_TIMEOUT", true]);
  await away.dispose();
  await back.dispose();
});

test("a host is waited for as long as the options say, whoever says it", async () => {
  let answer = () => {};
  const answered = new Promise((resolve) => (answer = () => resolve(undefined)));
  const at = `${HOME}?code=two&state=${"s".repeat(43)}`;
  const open = (/** @type {object} */ options) =>
    doorkey.createAuth({
      name: "patient",
      storage: "memory",
      host: { location: () => at, store: { ...storeOf(), get: () => answered } },
      ...options,
    });
  /** Whether it has given up within half a second. @param {any} auth */
  const givesUp = (auth) =>
    Promise.race([
      auth.signinCallback().catch((/** @type {any} */ { code }) => code),
      new Promise((resolve) => setTimeout(resolve, 500, "waits")),
    ]);
  const auth = open({ provider: { timeoutSeconds: 0.05 } });
  assert.equal(await givesUp(auth), "ERR_TIMEOUT");
  open({ provider: { timeoutSeconds: 0.05 }, timeoutSeconds: 60 });
  assert.equal(await givesUp(auth), "waits");
  open({ provider: { timeoutSeconds: 0.05 } });
  assert.equal(await givesUp(auth), "ERR_TIMEOUT");
  open({ timeoutSeconds: 1e9 });
  assert.equal(await givesUp(auth), "waits");
  answer();
  auth.dispose();
});

test("without SHA-256 a sign-in says what lacks, and leaves where it needs none", async () => {
  const subtle = mock.getter(crypto, "subtle", () => undefined);
  /** @type {string[]} */
  const went = [];
  const host = { store: storeOf(), navigateTo: (/** @type {string} */ url) => went.push(url) };
  const auth = page(host);
  await assert.rejects(auth.signin(), { code: "ERR_NOT_READY", message: /SHA-256.*https/ });
  assert.deepEqual(went, []);
  await auth.dispose();
  const bare = page(host, HOME, { pkce: false });
  bare.signin().catch(() => {});
  while (!went.length) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.doesNotMatch(went[0], /challenge/);
  await bare.dispose();
  subtle.mock.restore();
});

test("a host that never says where it is holds up nobody for good", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const auth = page({ location: () => new Promise(() => {}), store: storeOf(), navigateTo() {} });
  const outcomes = Promise.all([
    auth.signinCallback().then(({ ok }) => ok),
    auth.guard("login"),
    auth.signin().then(
      () => "left",
      () => "failed",
    ),
  ]);
  let settled = false;
  outcomes.finally(() => (settled = true));
  while (!settled) {
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(1000);
  }
  mock.timers.reset();
  assert.deepEqual(await outcomes, [false, true, "failed"]);
  await auth.dispose();
});

test("what is given is read in the call, also where the page's address takes its time", async () => {
  const auth = page({ location: async () => HOME, store: storeOf(), navigateTo() {} });
  const event = new Event("submit", { cancelable: true });
  auth.signin(/** @type {any} */ (event)).catch(() => {});
  assert.equal(event.defaultPrevented, true);
  await auth.dispose();
});

test("calls of one turn share the answer, though looking at what is kept takes its time", async () => {
  for (const members of [
    ["guard", "guard"],
    ["signinCallback", "signinCallback"],
    ["guard", "signinCallback"],
    ["signin", "guard", "guard"],
  ]) {
    const store = storeOf();
    /** @type {string[]} */
    const went = [];
    const first = page({ store, navigateTo: (/** @type {string} */ url) => went.push(url) });
    first.signin().catch(() => {}); // it does not settle while the page leaves
    while (!went.length) await new Promise((resolve) => setTimeout(resolve, 5));
    await first.dispose();

    let sent = 0;
    const http = async () => ({ status: sent++ ? 400 : 200, headers: {}, body: { access_token: "one", expires_in: 60 } });
    const state = new URL(went[0]).searchParams.get("state");
    const back = /** @type {any} */ (page({ store, http, navigateTo() {} }, `${HOME}?code=two&state=${state}`));
    const outcomes = await Promise.all(members.map((member) => back[member](member === "guard" ? "protected" : undefined)));
    assert.equal(sent, 1, `${members}: ${JSON.stringify(outcomes)}`);
    assert.equal(back.status().signedIn, true);
    await back.dispose();
  }
});

test("a sign-out of the same turn comes after the sign-in before it, where looking takes its time", async () => {
  const http = async () => ({ status: 200, headers: {}, body: { access_token: "one", expires_in: 60 } });
  const host = { location: async () => HOME, store: storeOf(), http, navigateTo() {} };
  const auth = doorkey.createAuth({ name: "turn", storage: "memory", host, flows: { signin: { url: "https://a.example/login" } } });
  const signin = auth.signin().then(
    () => "signed in",
    ({ code }) => code,
  );
  assert.equal((await auth.logout()).ok, true);
  assert.equal(await signin, "ERR_SUPERSEDED");
  assert.equal(auth.status().signedIn, false);
  await auth.dispose();
});
