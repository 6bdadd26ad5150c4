// @ts-check
// A status and a good token are given again without asking the wasm: never longer than they are true.
import assert from "node:assert/strict";
import { afterEach, before, beforeEach, test } from "node:test";
import { importPackage } from "../servers/package.mjs";

const BEGIN_MS = 1_900_000_000_000;
const LIFE_S = 3600;
const { now: realNow } = Date;

/** @type {any} */
let doorkey;
before(async () => ({ doorkey } = await importPackage()));

let names = 0;
let moment = BEGIN_MS;
beforeEach(() => {
  moment = BEGIN_MS;
  Date.now = () => moment;
});
afterEach(() => {
  Date.now = realNow;
});

/** A session that is signed in, and was asked before. @param {Record<string, any>} [options] */
async function asked(options) {
  let given = 0;
  const tokens = () => ({ access_token: `token-${++given}`, refresh_token: "r", expires_in: LIFE_S });
  const flows = { signin: tokens, refresh: tokens };
  const auth = doorkey.createAuth({ name: `known-${++names}`, storage: "memory", crossTab: "off", flows, ...options });
  await auth.signin();
  assert.equal(await auth.accessToken(), "token-1");
  assert.equal(await auth.accessToken(), "token-1");
  assert.equal(auth.status().expiresInSeconds, LIFE_S);
  return auth;
}

test("the seconds that are left are those of the moment, also of a clock that is put back", async () => {
  const auth = await asked();
  for (const ms of [0, 1, 999, 1000, 1001, 59_999, 60_000, 3_600_000, 3_600_001, 4_000_000, 500, -5000]) {
    moment = BEGIN_MS + ms;
    const { signedIn, expiresInSeconds } = auth.status();
    assert.deepEqual([signedIn, expiresInSeconds], [true, Math.floor((LIFE_S * 1000 - ms) / 1000)], `after ${ms} ms`);
  }
  auth.dispose();
});

test("a session that can't be refreshed is over at the moment at which its token is", async () => {
  const auth = await asked({ flows: { signin: () => ({ access_token: "token-1", expires_in: LIFE_S }) } });
  moment = BEGIN_MS + LIFE_S * 1000 - 1;
  assert.equal(auth.status().signedIn, true);
  moment += 1;
  assert.equal(auth.status().signedIn, false);
  await assert.rejects(auth.accessToken(), { code: "ERR_SIGNED_OUT" });
  auth.dispose();
});

test("a token that is due is refreshed, and a shorter one than is asked for", async () => {
  const auth = await asked();
  moment = BEGIN_MS + (LIFE_S - 1) * 1000;
  assert.equal(await auth.accessToken(), "token-2");
  assert.equal(await auth.accessToken({ minSeconds: LIFE_S + 1 }), "token-3");
  assert.equal(await auth.accessToken(), "token-3");
  auth.dispose();
});

test("an end by the options comes at its moment, whether the timer has run or not", async () => {
  const auth = await asked({ maxAgeSeconds: 600 });
  moment = BEGIN_MS + 600_000;
  await auth.accessToken(); // the call in which it is found out
  assert.equal(auth.status().signedIn, false);
  await assert.rejects(auth.accessToken(), { code: "ERR_SIGNED_OUT" });
  auth.dispose();
});

test("what changes the session changes the answers", async () => {
  const auth = await asked();
  await auth.refreshAccessToken({ force: true });
  assert.equal(await auth.accessToken(), "token-2");
  await auth.logout();
  assert.equal(auth.status().signedIn, false);
  await assert.rejects(auth.accessToken(), { code: "ERR_SIGNED_OUT" });
  await auth.signin();
  assert.equal(await auth.accessToken(), "token-3");
  auth.dispose();
  assert.equal(auth.status().signedIn, false);
  await assert.rejects(auth.accessToken(), { code: "ERR_DISPOSED" });
});

test("in a data field nothing can be awaited, whatever is known", async () => {
  const auth = await asked();
  /** @type {any} */ (globalThis).$isDataField = true;
  try {
    await assert.rejects(auth.accessToken(), { code: "ERR_HOST" });
  } finally {
    delete (/** @type {any} */ (globalThis).$isDataField);
  }
  auth.dispose();
});

test("a status is the caller's own", async () => {
  const auth = await asked();
  auth.status().signedIn = "changed";
  assert.equal(auth.status().signedIn, true);
  auth.dispose();
});

const DAY = 24 * 3600 * 1000;

test("a timer is never longer than what browsers keep", async () => {
  const { setTimeout: begin } = globalThis;
  const delays = /** @type {number[]} */ ([]);
  /** @type {any} */ (globalThis).setTimeout = (/** @type {any} */ call, /** @type {number} */ ms, /** @type {any[]} */ ...rest) => {
    delays.push(ms ?? 0);
    // A timer that goes off sooner is left to: here that is at once.
    return begin(call, ms > DAY ? ms : 0, ...rest);
  };
  try {
    const days = 60 * 24 * 3600;
    const auth = doorkey.createAuth({
      name: "long",
      storage: "memory",
      maxAgeSeconds: 2 * days,
      flows: { signin: () => ({ access_token: "t", refresh_token: "r", expires_in: days }), refresh: () => ({}) },
    });
    await auth.signin();
    for (let round = 0; round < 100 && Math.max(...delays) < DAY; round++) await new Promise((done) => begin(done, 10));
    assert.ok(Math.max(...delays) > DAY, delays.join());
    assert.ok(Math.max(...delays) < 2 ** 31, delays.join());
    auth.dispose();
  } finally {
    globalThis.setTimeout = begin;
  }
});

test("a timer is set anew by the next call after a device has slept without a word", async (context) => {
  const auth = await asked({ timeoutSeconds: 1 });
  // The timer of what was awaited at the sign-in goes off, and that of the refresh is set.
  moment += 1500;
  await new Promise((resolve) => setTimeout(resolve, 1200));
  /** @type {number[]} */
  const delays = [];
  const { setTimeout: real } = globalThis;
  context.after(() => {
    globalThis.setTimeout = real;
  });
  const counted = (/** @type {() => void} */ done, /** @type {number} */ ms) => {
    delays.push(ms);
    return real(done, ms);
  };
  globalThis.setTimeout = /** @type {any} */ (counted);
  moment += 1000;
  await auth.headers();
  assert.deepEqual(delays, [], "a second later the timer is left");
  moment += 60_000;
  await auth.headers();
  assert.equal(delays.length, 1, "it would come a minute late");
  assert.ok(delays[0] < (LIFE_S - 60) * 1000, `${delays[0]} ms`);
  auth.dispose();
});
