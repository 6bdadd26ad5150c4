// @ts-check
// What is left of a session that was disposed of: nothing that the page keeps, and nothing that can be had of it.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { importPackage } from "../servers/package.mjs";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** @type {any} */
let doorkey;
before(async () => ({ doorkey } = await importPackage()));

/** How many of these are still there once what nobody holds has gone. @param {WeakRef<object>[]} refs */
async function left(refs) {
  const alive = () => refs.filter((ref) => ref.deref()).length;
  // A promise may hold something for some turns more.
  for (let round = 0; round < 50 && alive() > 0; round++) {
    await new Promise((done) => setTimeout(done, 10));
    collect();
  }
  return alive();
}

/** Brings about the look at what the module carries, which it takes now and then. */
async function sweep() {
  const { auth } = open("sweep");
  for (let at = 0; at < 100; at++) await auth.run({ run: () => at });
  auth.dispose();
}

/** @param {string} name @param {object} [more] */
function open(name, more) {
  const signin = () => ({ access_token: "t", secret: "s" });
  return { signin, auth: doorkey.createAuth({ name, storage: "memory", keep: ["secret"], flows: { signin }, ...more }) };
}

test("a session that was disposed of gives no value, and listens to nobody", async () => {
  const { auth } = open("over");
  await auth.signin();
  await auth.storeValue("k", 1);
  assert.deepEqual(auth.values(), { secret: "s", k: 1 });
  auth.dispose();
  assert.equal(auth.getValue("k"), undefined);
  assert.deepEqual(auth.values(), {});
  assert.throws(() => auth.on("signedIn", () => {}), { name: "AuthError", code: "ERR_DISPOSED" });
  assert.throws(() => auth.watch("k", () => {}), { name: "AuthError", code: "ERR_DISPOSED" });
  await assert.rejects(auth.storeValue("k", 2), { code: "ERR_DISPOSED" });
  assert.deepEqual(auth.values(), {});
  assert.equal(auth.status().signedIn, false);
  assert.deepEqual(auth.trace(), []);
});

test("a refresh that is sent when its session is disposed of is stored for the next, which a component makes at once", async () => {
  let live = "r0";
  let answered = 0;
  const refresh = async (/** @type {any} */ { refreshToken }) => {
    if (refreshToken !== live) throw Object.assign(new Error("it was used before"), { status: 400 });
    live = `r${++answered}`;
    await new Promise((done) => setTimeout(done, 50)); // the server has answered, and the answer is on its way
    return { access_token: `t${answered}`, refresh_token: live, expires_in: 3600 };
  };
  const signin = () => ({ access_token: "t0", refresh_token: live, expires_in: 3600 });
  /** @type {Map<string, unknown>} */
  const kept = new Map();
  const store = {
    get: (/** @type {string} */ key) => kept.get(key),
    set: (/** @type {string} */ key, /** @type {unknown} */ value) => void kept.set(key, value),
    remove: (/** @type {string} */ key) => void kept.delete(key),
  };
  /** @type {unknown[]} */
  const seen = [];
  const host = { store, navigateTo: (/** @type {unknown} */ to) => void seen.push(to) };
  const make = () => doorkey.createAuth({ name: "remounted", storage: "host", host, flows: { signin, refresh } });
  const first = make();
  await first.signin();
  const waiting = first.refreshAccessToken({ force: true });
  await new Promise((done) => setTimeout(done, 10));
  assert.equal(answered, 1);
  first.dispose();
  assert.equal(first.status().signedIn, false);
  await assert.rejects(waiting, { code: "ERR_DISPOSED" });
  await assert.rejects(first.accessToken(), { code: "ERR_DISPOSED" });

  const next = make();
  await new Promise((done) => setTimeout(done, 100));
  assert.equal((await next.refreshAccessToken({ force: true })).refreshed, true);
  assert.deepEqual([await next.accessToken(), answered, seen], ["t2", 2, []]);
  next.dispose();
});

test("what belonged to a session goes with it", async () => {
  const refs = /** @type {WeakRef<object>[]} */ ([]);
  const live = async (/** @type {number} */ at) => {
    const { auth, signin } = open(`gone${at}`, { host: { notify() {} } });
    await auth.signin();
    refs.push(new WeakRef(auth), new WeakRef(signin));
    auth.on("signedIn", () => {});
    auth.dispose();
  };
  for (let at = 0; at < 20; at++) await live(at);
  await sweep();
  assert.equal(await left(refs), 0);
});

test("who holds its Auth holds no options, listeners or values", async () => {
  const refs = /** @type {WeakRef<object>[]} */ ([]);
  const live = async (/** @type {number} */ at) => {
    const { auth, signin } = open(`held${at}`);
    const heard = () => {};
    await auth.signin();
    auth.on("signedIn", heard);
    await auth.storeValue("k", { at });
    refs.push(new WeakRef(signin), new WeakRef(heard), new WeakRef(auth.getValue("k")));
    auth.dispose();
    return auth;
  };
  const auths = [];
  for (let at = 0; at < 20; at++) auths.push(await live(at));
  await sweep();
  assert.equal(await left(refs), 0);
  for (const auth of auths) await assert.rejects(auth.signin(), { code: "ERR_DISPOSED" });
});

test("the next session of the name is its own: whoever disposes of the first once more leaves it alone", async () => {
  const { auth } = open("again");
  auth.dispose();
  const next = open("again").auth;
  auth.dispose();
  assert.equal(open("again").auth, next);
  await next.signin();
  assert.equal(next.status().signedIn, true);
  await assert.rejects(auth.signin(), { code: "ERR_DISPOSED" });
  next.dispose();
});

test("the bare functions say that their session was disposed of, until there is another", async () => {
  const auth = doorkey.configure({ name: "bare", storage: "memory" });
  auth.dispose();
  await assert.rejects(doorkey.signin(), { code: "ERR_DISPOSED" });
  assert.equal(doorkey.status().signedIn, false);
  const other = doorkey.configure({ name: "bare2", storage: "memory" });
  assert.deepEqual(await doorkey.storeValue("k", 1), {});
  other.dispose();
});

/** Watches which pairs of keys are made. */
function pairsOf() {
  const refs = /** @type {WeakRef<object>[]} */ ([]);
  const { subtle } = crypto;
  const real = subtle.generateKey;
  subtle.generateKey = /** @type {any} */ (
    async (/** @type {any[]} */ ...args) => {
      const pair = await Reflect.apply(real, subtle, args);
      refs.push(new WeakRef(pair));
      return pair;
    }
  );
  return { refs, end: () => (subtle.generateKey = real) };
}

test("a key of DPoP goes with its session", async () => {
  const { fetch: real } = globalThis;
  globalThis.fetch = async () => Response.json({ access_token: "t", token_type: "DPoP", expires_in: 600 });
  const { refs, end } = pairsOf();
  const flows = { signin: { url: "https://auth.example/token", form: {} } };
  try {
    for (let at = 0; at < 5; at++) {
      const { auth } = open(`keys${at}`, { dpop: true, flows, keep: [] });
      await auth.signin();
      auth.dispose();
    }
    assert.equal(refs.length, 5);
    assert.equal(await left(refs), 0);
  } finally {
    globalThis.fetch = real;
    end();
  }
});
