// The adapter by itself: failures, and builders that are missing, throw, hang or lie.

import assert from "node:assert/strict";
import { test } from "node:test";

import { importPackage } from "../../servers/package.mjs";
import { tellBadInput } from "../lib/bad-input.mjs";
import { pageShapes, testShapes } from "../lib/failure-shapes.mjs";
import { useStorage } from "../lib/memory.mjs";
import { startWeWeb } from "./harness.mjs";

useStorage();

testShapes("weweb", (hosts, run) => ({ run: hosts.weweb({}, {}).run, query: { run } }), pageShapes());

function make() {
  const values = {};
  return {
    wwLib: {
      wwVariable: { getValue: (id) => values[id], updateValue: (id, value) => value === undefined || (values[id] = value) },
      wwApp: { goTo: () => {} },
    },
  };
}

tellBadInput("weweb", {
  make,
  open: (hosts, { wwLib }) => hosts.weweb(wwLib, { theme: "id-of-theme" }),
  uses: {
    "wwLib.wwVariable.updateValue": (auth) => auth.storeValue("theme", "dark"),
    "wwLib.wwVariable.getValue": (auth) => auth.storeValue("theme", "dark"),
    "wwLib.wwApp.goTo": (auth) => auth.guard("login"),
  },
  values: { "wwLib.wwVariable": (auth) => auth.storeValue("theme", "dark"), "wwLib.wwApp": (auth) => auth.guard("login") },
});

test("weweb: store: a variable of another type, and one that is not there, are told", async () => {
  const { doorkey } = await importPackage();
  const refusing = { wwVariable: { getValue: () => "", updateValue: () => undefined } };
  const host = doorkey.hosts.weweb(refusing, { theme: "id-of-theme" });
  await assert.rejects(async () => host.store.set("theme", "dark", true), /did not take theme: look at the variable's id and type/);
});

test("weweb: store: what is removed is gone from variables of every type, and what stays is told", async () => {
  const world = await startWeWeb();
  const app = await world.newApp();
  try {
    const tab = await app.open();
    const left = await tab.script(`
      const ids = { title: "id-of-doorkey", cart: "id-of-cart", isAdmin: "id-of-admin", count: "id-of-count", roles: "id-of-roles", filter: "id-of-filter" };
      const { store } = Doorkey.hosts.weweb(wwLib, ids);
      const values = { title: "x", cart: { a: 1 }, isAdmin: true, count: 5, roles: ["a"], filter: "red" };
      for (const [key, value] of Object.entries(values)) await store.set(key, value, true);
      for (const key in values) await store.remove(key);
      return Object.entries(ids).map(([key, id]) => [key, wwLib.wwVariable.getValue(id)]);`);
    assert.deepEqual(Object.fromEntries(left), { title: "", cart: null, isAdmin: false, count: null, roles: null, filter: "" });
    assert.match(
      await tab.fails(`
        const frozen = { wwVariable: { getValue: () => "secret", updateValue: () => {} } };
        await Doorkey.hosts.weweb(frozen, { title: "id-of-doorkey" }).store.remove("title");`),
      /did not take title/,
    );
  } finally {
    await app.close();
    await world.stop();
  }
});

test("weweb: a formula in what a workflow is given is refused, and never run", async () => {
  const world = await startWeWeb();
  const app = await world.newApp();
  try {
    const tab = await app.open();
    const run = (params) =>
      tab.script(`
        const query = { run: (p) => utilsFunctions.executeGlobalFunction["id-of-orders"](p) };
        return Doorkey.hosts.weweb(wwLib).run(query, ${JSON.stringify(params)}).then(() => "done", (error) => error.code ?? "failed");`);
    const formula = { __wwtype: "js", code: "globalThis.harmed = 1" };
    for (const params of [{ user: formula }, { list: [{ deep: { ...formula, __wwtype: "f", code: "(globalThis.harmed = 1)" } }] }])
      assert.equal(await run(params), "ERR_INVALID_VALUE");
    assert.equal(await tab.page.evaluate(() => typeof globalThis.harmed), "undefined");
  } finally {
    await app.close();
    await world.stop();
  }
});
