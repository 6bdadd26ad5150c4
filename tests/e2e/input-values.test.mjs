// @ts-check
/** Values and keys that can't be stored, or look as if they couldn't. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** Values that are no JSON, in the page's own language. */
const NO_JSON = [
  "undefined",
  "() => 1",
  "class A {}",
  "Symbol('s')",
  "1n",
  "NaN",
  "Infinity",
  "({ a: { b: [() => 1] } })",
  "({ a: 1n })",
  "[Symbol('s')]",
  "(() => { const a = {}; a.a = a; return a; })()",
  "(() => { const a = []; a.push({ a }); return a; })()",
  "({ get a() { throw new Error('a getter'); } })",
  "({ toJSON() { throw new Error('toJSON'); } })",
  "new Proxy({}, { ownKeys() { throw new Error('a trap'); } })",
  "Promise.resolve(1)",
];

/** JSON that must come back as it went in. */
const JSON_VALUES = [
  "null",
  "0",
  "-0.5",
  "1e21",
  "''",
  "'\\u0000\\ud800 ünï'",
  "[]",
  "{}",
  "[null, [true]]",
  "{ 'a.b': { '': 1 } }",
  "'{}'",
  "'undefined'",
];

/** Keys that trip a plain object, or a storage key made by gluing. */
const ODD_KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "length",
  "key",
  "a.b",
  "a:b",
  " ",
  "0",
  "\u0000",
  "🔑",
  "doorkey",
  "session",
  "null",
];

scenario("values that are no JSON: ERR_INVALID_VALUE, and nothing is changed", async (world) => {
  const tab = await world.signedIn();
  await tab.ok("storeValue", "kept", "before");
  const stored = await tab.stored();
  const outcomes = await tab.evaluate(
    (sources) =>
      Promise.all(
        sources.map((source) => globalThis.kit.outcome(() => globalThis.auth.storeValue("kept", new Function(`return ${source};`)()))),
      ),
    NO_JSON,
  );
  assert.deepEqual(
    outcomes.map(({ error }, index) => `${NO_JSON[index]} -> ${error?.code}`),
    NO_JSON.map((source) => `${source} -> ERR_INVALID_VALUE`),
  );
  assert.equal(await tab.evaluate(() => globalThis.auth.getValue("kept")), "before");
  assert.deepEqual(await tab.stored(), stored);
});

scenario("a value of 6 MB: ERR_STORAGE_FULL, and nothing is changed", async (world) => {
  const tab = await world.signedIn();
  await tab.ok("storeValue", "kept", "before");
  const stored = await tab.stored();
  const { error } = await tab.evaluate(() => globalThis.kit.call("storeValue", ["kept", "x".repeat(6 * 1024 * 1024)]));
  assert.equal(error?.code, "ERR_STORAGE_FULL");
  assert.equal(await tab.evaluate(() => globalThis.auth.getValue("kept")), "before");
  assert.deepEqual(await tab.stored(), stored);
  assert.equal((await tab.status()).signedIn, true);
});

scenario("a value of 6 MB that is not to persist is kept in memory", async (world) => {
  const tab = await world.openTab();
  const length = await tab.evaluate(async () => {
    await globalThis.auth.storeValue("big", "x".repeat(6 * 1024 * 1024), false);
    return globalThis.auth.getValue("big").length;
  });
  assert.equal(length, 6 * 1024 * 1024);
});

scenario("JSON of every kind comes back as it went in, also after a reload", async (world) => {
  const tab = await world.openTab();
  const read = (sources) => sources.map((_, index) => JSON.stringify(globalThis.auth.getValue(`value${index}`)));
  const written = await tab.evaluate(async (sources) => {
    const values = sources.map((source) => new Function(`return (${source});`)());
    await Promise.all(values.map((value, index) => globalThis.auth.storeValue(`value${index}`, value)));
    return values.map((value) => JSON.stringify(value));
  }, JSON_VALUES);
  assert.deepEqual(await tab.evaluate(read, JSON_VALUES), written);
  await tab.reload();
  assert.deepEqual(await tab.evaluate(read, JSON_VALUES), written);
});

scenario("what is stored is a copy: changing the given object later changes nothing", async (world) => {
  const tab = await world.openTab();
  const seen = await tab.evaluate(async () => {
    const value = { list: [1] };
    await globalThis.auth.storeValue("value", value);
    value.list.push(2);
    return globalThis.auth.getValue("value");
  });
  assert.deepEqual(seen, { list: [1] });
});

scenario("odd keys hold their own values, also after a reload, and pollute nothing", async (world) => {
  const tab = await world.signedIn();
  for (const [index, key] of ODD_KEYS.entries()) {
    await tab.ok("storeValue", key, index);
  }
  const read = (keys) =>
    keys.map((key) => [globalThis.auth.getValue(key), Object.getOwnPropertyDescriptor(globalThis.auth.values(), key)?.value]);
  const expected = ODD_KEYS.map((_, index) => [index, index]);
  assert.deepEqual(await tab.evaluate(read, ODD_KEYS), expected);
  await tab.reload();
  assert.deepEqual(await tab.evaluate(read, ODD_KEYS), expected);
  assert.equal((await tab.status()).signedIn, true);
  assert.deepEqual(await tab.evaluate(() => [typeof {}.constructor, Object.keys(Object.prototype), [].length]), ["function", [], 0]);
  for (const key of ODD_KEYS) {
    await tab.ok("removeValue", key);
  }
  assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), {});
  assert.equal((await tab.status()).signedIn, true);
});

scenario("keys that were never stored are undefined, also the names of Object's own members", async (world) => {
  const tab = await world.openTab();
  const seen = await tab.evaluate((keys) => keys.map((key) => globalThis.auth.getValue(key)), ODD_KEYS);
  assert.deepEqual(
    seen,
    ODD_KEYS.map(() => undefined),
  );
});

scenario("the empty key and a key of 10 kB hold a value, or are refused with ERR_INVALID_VALUE and change nothing", async (world) => {
  const tab = await world.openTab();
  for (const key of ["", "k".repeat(10_000)]) {
    const before = await tab.stored();
    const { error } = await tab.call("storeValue", key, "value");
    if (error) {
      assert.equal(error.code, "ERR_INVALID_VALUE");
      assert.deepEqual(await tab.stored(), before);
    } else {
      await tab.reload();
      assert.equal(await tab.evaluate((name) => globalThis.auth.getValue(name), key), "value");
    }
  }
});

scenario("keys that are no strings: ERR_INVALID_VALUE, and nothing is stored", async (world) => {
  const tab = await world.openTab();
  const codes = await tab.evaluate(async () => {
    const keys = [undefined, null, 5, true, {}, [], Symbol("s"), () => {}];
    const outcomes = await Promise.all(keys.map((key) => globalThis.kit.outcome(() => globalThis.auth.storeValue(key, 1))));
    return outcomes.map(({ error }) => error?.code);
  });
  assert.deepEqual(codes, Array(8).fill("ERR_INVALID_VALUE"));
  assert.deepEqual(await tab.stored(), {});
});

scenario("clearStore and removeValue touch neither the session nor foreign keys", async (world) => {
  const tab = await world.signedIn();
  await tab.evaluate(() => {
    localStorage.setItem("foreign", "kept");
    sessionStorage.setItem("foreign", "kept");
  });
  await tab.ok("storeValue", "theme", "dark");
  await tab.ok("storeValue", "draft", "x", false);
  await tab.ok("removeValue", "foreign");
  await tab.ok("removeValue", "doorkey");
  await tab.ok("clearStore");
  assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), {});
  assert.deepEqual(await tab.evaluate(() => [localStorage.getItem("foreign"), sessionStorage.getItem("foreign")]), ["kept", "kept"]);
  await tab.reload();
  assert.equal((await tab.status()).signedIn, true);
  assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), {});
});

scenario("a value that is not to persist shadows the stored one until it is removed", async (world) => {
  const tab = await world.openTab();
  const get = () => globalThis.auth.getValue("theme");
  await tab.ok("storeValue", "theme", "stored");
  await tab.ok("storeValue", "theme", "shadow", false);
  assert.equal(await tab.evaluate(get), "shadow");
  await tab.reload();
  assert.equal(await tab.evaluate(get), "stored");
});

scenario("a value can be read in the turn in which it was stored", async (world) => {
  const tab = await world.openTab();
  const seen = await tab.evaluate(() => {
    globalThis.auth.storeValue("theme", "dark");
    return globalThis.auth.getValue("theme");
  });
  assert.equal(seen, "dark");
});
