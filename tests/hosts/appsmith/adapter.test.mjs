// The host's members by themselves, given globals of every kind.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { unpackPackage } from "../lib/package.mjs";

let files;
let hosts;
before(async () => {
  files = unpackPackage();
  ({ hosts } = await import(pathToFileURL(files.path("dist/doorkey.mjs")).href));
});
after(() => files?.remove());

const rejected = (promise) =>
  promise.then(
    () => assert.fail("resolved"),
    (thrown) => JSON.parse(JSON.stringify(thrown)),
  );
/** A query as Appsmith gives it, with what its run does. */
const query = (run) => ({ run, clear() {} });

test("globals are looked up at each call", async () => {
  const globals = {};
  const host = hosts.appsmith(globals);
  const calls = [];
  globals.appsmith = { store: { a: 1 } };
  globals.storeValue = async (...args) => (calls.push(args), {});
  assert.equal(host.store.get("a"), 1);
  globals.appsmith = { store: { a: 2 } };
  assert.equal(host.store.get("a"), 2);
  assert.equal(host.store.get("toString"), undefined);
  assert.deepEqual(await host.store.set("k", { v: 1 }, false), {});
  assert.deepEqual(calls, [["k", { v: 1 }, false]]);
  assert.equal(host.store.clear, undefined, "clearing would take the builder's keys too");
});

test("notify shows an alert, whose styles are the kinds", async () => {
  const alerts = [];
  const host = hosts.appsmith({ showAlert: async (...args) => void alerts.push(args) });
  const kinds = ["info", "success", "warning", "error"];
  for (const kind of kinds) await host.notify("hello", kind);
  assert.deepEqual(
    alerts,
    kinds.map((kind) => ["hello", kind]),
  );
});

test("a missing global is named", () => {
  const host = hosts.appsmith({});
  assert.throws(() => host.store.get("a"), /appsmith\.store/);
  assert.throws(() => host.store.set("a", 1, true), /storeValue\(\)/);
  assert.throws(() => host.store.remove("a"), /removeValue\(\)/);
  assert.throws(() => host.navigateTo("Home"), /navigateTo\(\)/);
  assert.throws(() => host.notify("hello", "info"), /showAlert\(\)/);
  assert.throws(() => host.run("orders", {}), /no query orders/);
});

test("a query runs with callbacks and its parameters, by object or by name", async () => {
  const seen = [];
  const orders = query(async (onSuccess, _onError, params) => {
    seen.push(params);
    onSuccess([1, 2], params, { statusCode: "200 OK" });
  });
  const host = hosts.appsmith({ orders });
  assert.deepEqual(await host.run(orders, { a: 1 }), [1, 2]);
  assert.deepEqual(await host.run("orders", { a: 2 }), [1, 2]);
  assert.deepEqual(seen, [{ a: 1 }, { a: 2 }]);
});

test("a release that ignores callbacks still gives its data", async () => {
  assert.deepEqual(
    await hosts.appsmith({}).run(
      query(async () => ({ id: 7 })),
      {},
    ),
    { id: 7 },
  );
});

test("an object that only runs gets the parameters alone", async () => {
  assert.deepEqual(await hosts.appsmith({}).run({ run: async (params) => params }, { a: 1 }), { a: 1 });
});

const body = { error: "invalid_grant", error_description: "expired" };
const failures = {
  "a text": [
    async () => {
      throw "no";
    },
    { message: "no" },
  ],
  "an Error": [
    async () => {
      throw new Error("no");
    },
    { message: "no" },
  ],
  "Appsmith's plain object": [
    async () => {
      throw { message: "orders failed to execute" };
    },
    { message: "orders failed to execute" },
  ],
  "a body as message": [
    async () => {
      throw { message: body };
    },
    { body },
  ],
  "a body to the callback": [async (_, onError) => onError(body), { body }],
  "a text to the callback": [
    async (_, onError) => onError("User cancelled action execution"),
    { message: "User cancelled action execution" },
  ],
  "a body that names its status": [
    async (_, onError) => onError({ statusCode: 401, message: "no" }),
    { status: 401, body: { statusCode: 401, message: "no" } },
  ],
  "a status as Appsmith writes it": [
    async () => {
      throw { message: "401 UNAUTHORIZED" };
    },
    { status: 401, message: "401 UNAUTHORIZED" },
  ],
  "a status beside the message": [
    async () => {
      throw { message: "no", responseMeta: { statusCode: "503 SERVICE_UNAVAILABLE" } };
    },
    { status: 503, message: "no" },
  ],
  "a number in a sentence": [
    async () => {
      throw { message: "500 orders are too many" };
    },
    { message: "500 orders are too many" },
  ],
  "a body of null": [async (_, onError) => onError(null), { message: "the query failed, and Appsmith does not say why" }],
  "nothing at all": [
    async () => {
      throw undefined;
    },
    { message: "the query failed, and Appsmith does not say why" },
  ],
  "a throw before any promise": [
    () => {
      throw new Error("at once");
    },
    { message: "at once" },
  ],
};
for (const [shape, [run, expected]] of Object.entries(failures)) {
  test(`a failure told by ${shape} becomes a plain value`, async () => {
    assert.deepEqual(await rejected(hosts.appsmith({}).run(query(run), {})), expected);
  });
}
