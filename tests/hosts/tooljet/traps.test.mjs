// What ToolJet does otherwise than a page, each by its name.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { shapes } from "../lib/shapes.mjs";
import { startToolJet } from "./harness.mjs";

let world;
before(async () => (world = await startToolJet()));
after(() => world?.stop());

/** @param {string} name @param {(tab: any, app: any) => Promise<void>} body */
const trap = (name, body, changes = {}) =>
  test(`tooljet: ${name}`, async () => {
    await world.server.reset();
    const app = await world.newApp(typeof changes === "function" ? changes(world.config) : changes);
    try {
      await body(await app.open(), app);
    } finally {
      await app.close();
    }
  });
const setup = "setupDoorkey({ actions, queries });";
async function signIn(tab) {
  assert.equal((await tab.signIn(world.server.user)).ok, true);
  await tab.shows("Dashboard");
}

for (const [form, { text, tooljet }] of Object.entries(shapes)) {
  trap(`the loader gives ${typeof tooljet === "string" ? `a ${tooljet}` : (tooljet ?? "nothing")} for ${form}`, async (tab) => {
    const given = await tab.page.evaluate((text) => {
      try {
        const made = window.platform.executeUmd(text);
        return made && Object.keys(made);
      } catch (error) {
        return error.name;
      }
    }, text);
    assert.deepEqual(given, tooljet);
  });
}

trap("the packed file is loaded from its text, with an empty self, and leaves no global", async (tab) => {
  assert.deepEqual(await tab.page.evaluate(() => [Object.keys(window.platform.library), typeof window.Doorkey]), [
    ["Doorkey"],
    "undefined",
  ]);
  assert.equal(await tab.script("return typeof Doorkey.version"), "string");
});

trap(
  "preloaded JavaScript sees the library, and neither actions nor queries",
  async (tab) => {
    assert.deepEqual(await tab.page.evaluate(() => window.platform.preloaded.seen), ["object", "undefined", "undefined"]);
  },
  { preload: "return { seen: [typeof Doorkey, typeof actions, typeof queries] };" },
);

trap("a missing variable throws in a script, and doorkey reads none", async (tab) => {
  assert.match(await tab.fails("return variables.nothing"), /ReferenceError: variables.nothing is not defined/);
  await signIn(tab);
  assert.equal(await tab.script(`${setup} return Doorkey.getValue("nothing") ?? "none"`), "none");
});

trap("store: variables follow at once and again after a reload, and undefined ones are forgotten", async (tab) => {
  await signIn(tab);
  await tab.script(`${setup} return Doorkey.storeValue("theme", "dark")`);
  assert.equal(await tab.script('return actions.getVariable("theme")'), "dark");
  await tab.reload();
  await tab.script(`${setup} return Doorkey.accessToken()`);
  assert.equal(await tab.script('return actions.getVariable("theme")'), "dark");
  assert.equal(await tab.script("return actions.getVariable('accesstoken')"), await tab.script("return Doorkey.accessToken()"));
  await tab.script(`${setup} return Doorkey.removeValue("theme")`);
  assert.equal((await tab.script('return actions.getVariable("theme")')) ?? "none", "none");
});

trap("store: a value with two braces is kept and never evaluated", async (tab) => {
  await signIn(tab);
  await tab.script(`${setup} return Doorkey.storeValue("note", "{" + "{ globalThis.harmed = 1 }" + "}")`);
  await tab.reload();
  await tab.script(`${setup} return Doorkey.accessToken()`);
  assert.equal(await tab.script('return Doorkey.getValue("note")'), "{{ globalThis.harmed = 1 }}");
  assert.equal(await tab.page.evaluate(() => typeof globalThis.harmed), "undefined");
});

for (const [braces, shown] of [
  ["{{ globalThis.harmed = 1 }}", "{ { globalThis.harmed = 1 }}"],
  ["{{{ globalThis.harmed = 1 }}}", "{ { { globalThis.harmed = 1 }}}"],
  ["{{{{ globalThis.harmed = 1 }}", "{ { { { globalThis.harmed = 1 }}"],
]) {
  trap(`braces in what a server says are shown, and never evaluated: ${braces}`, async (tab) => {
    await world.server.fail({ path: "/token", status: 400, body: { error: "invalid_grant", error_description: braces } });
    await tab.type("email", "a@b.c");
    await tab.type("password", "x");
    assert.equal((await tab.run("login")).ok, false);
    assert.deepEqual(
      (await tab.toasts()).map(({ message }) => message),
      [shown],
    );
    assert.equal(await tab.page.evaluate(() => typeof globalThis.harmed), "undefined");
  });
}

for (const name of ["email", "password"]) {
  trap(`braces in what a query is given are refused, and never evaluated: ${name}`, async (tab) => {
    await tab.type("email", "a@b.c");
    await tab.type("password", "x");
    await tab.type(name, "{{ globalThis.harmed = 1 }}");
    assert.equal((await tab.run("login")).ok, false);
    assert.match((await tab.toasts())[0].message, /holds \{ \{, which ToolJet may run as code/);
    assert.equal(await tab.page.evaluate(() => typeof globalThis.harmed), "undefined");
  });
}

trap("store: two apps of one ToolJet share no session", async (tab) => {
  await signIn(tab);
  await tab.page.goto(tab.page.url().replace("app1", "app2"));
  await tab.call("boot", tab.app.config);
  assert.equal(await tab.script(`${setup} return Doorkey.status().signedIn`), false);
  assert.equal(await tab.script(`${setup} return Doorkey.check()`), false);
});

trap("failure shapes: a query that failed is resolved by ToolJet and rejected by doorkey, with status and body", async (tab) => {
  await signIn(tab);
  await world.server.fail({ path: "/api/orders", status: 422, body: { message: "no such order" }, times: 2 });
  const resolved = await tab.script("return queries.orders.run()");
  assert.deepEqual([resolved.status, resolved.data.responseObject.statusCode], ["failed", 422]);
  const told = await tab.script(
    `${setup} return Doorkey.run("orders").catch(({ code, status, body, message }) => ({ code, status, body, message }))`,
  );
  assert.deepEqual(told, { code: "ERR_SERVER", status: 422, body: { message: "no such order" }, message: "no such order" });
});

trap("failure shapes: a preview rejects, and is understood", async (tab) => {
  await signIn(tab);
  await tab.page.evaluate(() => (window.platform.preview = true));
  await world.server.fail({ path: "/api/orders", mode: "drop" });
  assert.equal(await tab.fails(`${setup} return Doorkey.run("orders")`), "ERR_UNREACHABLE");
  await world.server.fail({ path: "/api/orders", status: 404, body: {} });
  assert.equal(await tab.fails(`${setup} return Doorkey.run("orders")`), "ERR_SERVER");
});

trap("failure shapes: a query that is not there, or is the one that runs, is a clear error", async (tab) => {
  await signIn(tab);
  const message = (code) => tab.script(`${setup} return (${code}).catch(({ message }) => message)`);
  assert.match(await message('Doorkey.run("nothing")'), /queries.nothing is not defined/);
  assert.match(await message("Doorkey.run({ run: () => actions.runQuery('') })"), /ran nothing/);
});

trap(
  "only the parameters that a query declares reach it",
  async (tab, app) => {
    await signIn(tab);
    await tab.script(`${setup} return Doorkey.refreshAccessToken({ force: true })`);
    const { request } = app.runs.find(({ name }) => name === "refreshAPI");
    assert.deepEqual(Object.keys(JSON.parse(request.body)), ["refresh_token"]);
  },
  ({ queries }) => ({ queries: { ...queries, refreshAPI: { ...queries.refreshAPI, json: "{{parameters}}" } } }),
);

trap("navigate: an address is opened, a page gets its parameters as pairs", async (tab) => {
  await signIn(tab);
  await tab.script("return Doorkey.hosts.tooljet({ actions, queries }).navigateTo('orders', { id: 7 })");
  await tab.shows("Orders");
  assert.equal(new URL(tab.page.url()).search, "?id=7");
  await tab.page.evaluate(() => (window.mark = 1));
  await Promise.all([
    tab.page.waitForURL("**/elsewhere"),
    tab
      .script("return Doorkey.hosts.tooljet({ actions, queries }).navigateTo('/applications/app1/elsewhere').then(() => 1)")
      .catch(() => {}),
  ]);
});

trap("logout: ToolJet's own session is let alone", async (tab) => {
  await signIn(tab);
  await tab.run("logout");
  assert.ok(!(await tab.steps()).includes("ToolJet's own sign-out"));
});

trap("worker mode is refused in words", async (tab) => {
  const told = await tab.page.evaluate(async (url) => {
    const source = await (await fetch(url)).text();
    const script = `const module = { exports: {} }; new Function("module", "exports", "define", "self", ${JSON.stringify(source)})(module, module.exports, undefined, {});
      try { module.exports.hosts.tooljet({ actions: {}, queries: {} }); postMessage("made"); } catch (error) { postMessage([error.code, error.message]); }`;
    const worker = new Worker(URL.createObjectURL(new Blob([script])));
    return new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
  }, tab.app.config.libraries[0].url);
  assert.equal(told[0], "ERR_HOST");
  assert.match(told[1], /worker mode: switch off Run in worker/);
});
