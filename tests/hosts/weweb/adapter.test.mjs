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
