// @ts-check
// What is over leaves nothing behind: no timer that keeps a process alive, and no number of an answer that came too late.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { importPackage } from "../servers/package.mjs";

/** @type {any} */
let doorkey;
before(async () => ({ doorkey } = await importPackage()));

let names = 0;
/** @param {object} options */
const open = (options) => doorkey.createAuth({ name: `ends-${++names}`, storage: "memory", ...options });
const tokens = () => ({ access_token: "a", refresh_token: "r", expires_in: 3600 });

test("a body that breaks while it is looked at keeps no timer", async () => {
  const { fetch: realFetch, setTimeout: realSet, clearTimeout: realClear } = globalThis;
  const patient = new Set();
  globalThis.setTimeout = /** @type {any} */ (
    (/** @type {any} */ call, /** @type {number} */ ms, /** @type {any[]} */ ...rest) => {
      const timer = realSet(call, ms, ...rest);
      if (ms === 5000) patient.add(timer);
      return timer;
    }
  );
  globalThis.clearTimeout = (timer) => {
    patient.delete(timer);
    realClear(timer);
  };
  let parts = 0;
  const pull = (/** @type {any} */ stream) =>
    parts++ ? stream.error(new Error("cut")) : stream.enqueue(new TextEncoder().encode('{"a":'));
  globalThis.fetch = async () => new Response(new ReadableStream({ pull }), { headers: { "content-type": "application/json" } });
  const auth = open({
    flows: { signin: tokens },
    attach: { origins: ["https://api.example"] },
    refresh: { when: "{{ response.body.a }}" },
  });
  try {
    await auth.signin();
    const response = await auth.fetch("https://api.example/x");
    assert.equal(response.status, 200);
    assert.ok(parts > 1, "it was looked at");
    assert.equal(patient.size, 0);
    await assert.rejects(response.text());
  } finally {
    Object.assign(globalThis, { fetch: realFetch, setTimeout: realSet, clearTimeout: realClear });
    for (const timer of patient) realClear(timer);
  }
  auth.dispose();
});

test("an answer that came too late is forgotten when it has come", async () => {
  const { add } = Set.prototype;
  const sets = /** @type {Set<Set<unknown>>} */ (new Set());
  Set.prototype.add = function (value) {
    if (typeof value === "number") add.call(sets, this);
    return add.call(this, value);
  };
  const kept = () => [...sets].reduce((all, set) => all + set.size, 0);
  const auth = open({ timeoutSeconds: 0.05, flows: { signin: tokens } });
  try {
    await auth.signin();
    const answers = [];
    for (let at = 0; at < 5; at++) {
      const late = new Promise((answer) => setTimeout(answer, 200));
      answers.push(late);
      await assert.rejects(auth.run({ run: () => late }), { code: "ERR_TIMEOUT" });
    }
    assert.ok(sets.size > 0, "they were taken note of");
    await Promise.all(answers);
    await new Promise((done) => setTimeout(done));
    assert.equal(kept(), 0);
  } finally {
    Set.prototype.add = add;
  }
  auth.dispose();
});
