// @ts-check
// Who is told of an event: who listened when it happened, and has not ended since.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { importPackage } from "../servers/package.mjs";

/** @type {any} */
let doorkey;
before(async () => ({ doorkey } = await importPackage()));

let count = 0;
const open = (/** @type {object} */ options = {}) =>
  doorkey.createAuth({ name: `told${++count}`, storage: "memory", flows: { signin: () => ({ access_token: "t" }) }, ...options });

/** The task that comes behind those in which listeners are told. */
const told = () => new Promise((done) => setTimeout(done));

/** How something is listened to, and made to happen. */
const WAYS = /** @type {[string, (auth: any, fn: () => void) => () => void, (auth: any) => Promise<any>][]} */ ([
  ["on", (auth, fn) => auth.on("signedIn", fn), (auth) => auth.signin()],
  ["watch", (auth, fn) => auth.watch("k", fn), (auth) => auth.storeValue("k", ++count)],
]);

for (const [way, listen, happen] of WAYS) {
  test(`${way}: who is ended by one before it is not told`, async () => {
    const auth = open();
    const log = /** @type {string[]} */ ([]);
    listen(auth, () => {
      log.push("first");
      end();
    });
    const end = listen(auth, () => log.push("ended"));
    listen(auth, () => log.push("last"));
    await happen(auth);
    await told();
    assert.deepEqual(log, ["first", "last"]);
    await happen(auth);
    await told();
    assert.deepEqual(log, ["first", "last", "first", "last"]);
    auth.dispose();
  });

  test(`${way}: nobody is told once the session is disposed of, also by one of them`, async () => {
    const log = /** @type {string[]} */ ([]);
    const auth = open();
    listen(auth, () => {
      log.push("first");
      auth.dispose();
    });
    listen(auth, () => log.push("second"));
    await happen(auth);
    await told();
    assert.deepEqual(log, ["first"]);
    const other = open();
    listen(other, () => log.push("other"));
    await happen(other);
    other.dispose();
    await told();
    assert.deepEqual(log, ["first"]);
  });

  test(`${way}: who comes after it has happened is told of the next time only`, async () => {
    for (const others of [0, 1]) {
      const auth = open();
      const log = /** @type {string[]} */ ([]);
      if (others) listen(auth, () => log.push("other"));
      await happen(auth);
      const end = listen(auth, () => log.push("late"));
      await told();
      assert.deepEqual(log, others ? ["other"] : []);
      await happen(auth);
      await told();
      assert.deepEqual(log, others ? ["other", "other", "late"] : ["late"]);
      await happen(auth);
      end();
      await told();
      assert.equal(log.filter((each) => each === "late").length, 1);
      auth.dispose();
    }
  });
}

test("what opening a session finds is told to those who register in the same turn, and have not ended in it", async () => {
  // There is no such storage here, which is found out before `createAuth` returns.
  const auth = open({ storage: "local" });
  const log = /** @type {string[]} */ ([]);
  auth.on("failed", () => log.push("ended"))();
  auth.on("failed", (/** @type {any} */ event) => log.push(event.reason));
  await told();
  assert.deepEqual(log, ["ERR_STORAGE_DENIED"]);
  auth.dispose();
});
