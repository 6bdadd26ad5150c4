// What NocoBase does otherwise than a page, each by its name.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { eventually } from "../../e2e/lib/eventually.mjs";
import { startNocoBase } from "./harness.mjs";

let world;
before(async () => (world = await startNocoBase()));
after(() => world?.stop());

/** @param {string} name @param {(tab: any, app: any) => Promise<void>} body */
const trap = (name, body, changes = () => ({})) =>
  test(`nocobase: ${name}`, async () => {
    await world.server.reset();
    const app = await world.newApp(changes(world.config));
    try {
      await body(await app.open(), app);
    } finally {
      await app.close();
    }
  });
async function signIn(tab) {
  assert.equal((await tab.signIn(world.server.user)).ok, true);
  await tab.shows("Dashboard");
}
const host = "Doorkey.hosts.nocobase(ctx)";

trap(
  "the compartment has no bare WebAssembly, crypto or btoa; the library, which is imported into the page, needs none there",
  async (tab) => {
    assert.deepEqual(await tab.script("return [typeof WebAssembly, typeof crypto, typeof btoa, typeof window.WebAssembly]"), [
      "undefined",
      "undefined",
      "undefined",
      "object",
    ]);
    assert.equal(await tab.script("return Doorkey.ready.then(() => 'ready')"), "ready");
  },
);

trap("the library is imported once, and is the same in every block", async (tab) => {
  const url = world.cdn.url + world.files.cdnPath("dist/doorkey.mjs");
  assert.equal(await tab.script(`return (await ctx.importAsync("${url}")) === Doorkey`), true);
});

trap("requireAsync gives the UMD file by its AMD definition", async (tab) => {
  const url = world.cdn.url + world.files.cdnPath("dist/doorkey.umd.min.js");
  assert.equal(await tab.script(`return typeof (await ctx.requireAsync("${url}")).createAuth`), "function");
});

trap("five seconds end a block, and not what the library does", async (tab) => {
  await signIn(tab);
  const before = await tab.script("return Doorkey.accessToken()");
  await world.server.fail({ path: "/token", grant: "refresh_token", mode: "hold" });
  assert.equal(await tab.fails("return Doorkey.refreshAccessToken({ force: true })"), "Execution timed out");
  await world.server.release();
  await eventually(async () => (await tab.script("return Doorkey.accessToken()")) !== before, "the token that came late is not kept");
  assert.equal(await tab.script("return Doorkey.status().signedIn"), true);
  assert.equal((await tab.script("return Doorkey.refreshAccessToken()")).refreshed, false, "it is as good as any");
});

trap("store: doorkey's keys are its own, and NocoBase's stay", async (tab) => {
  await tab.page.evaluate(() => localStorage.setItem("NOCOBASE_main_TOKEN", "theirs"));
  await signIn(tab);
  await tab.script("return Doorkey.storeValue('theme', 'dark')");
  assert.deepEqual(await tab.page.evaluate(() => Object.keys(localStorage).sort()), [
    "NOCOBASE_main_TOKEN",
    "doorkey",
    "doorkey.value:theme",
  ]);
  await tab.run("logout");
  assert.equal(await tab.page.evaluate(() => localStorage.getItem("NOCOBASE_main_TOKEN")), "theirs");
});

trap("failure shapes: axios's errors are told with status and body, without NocoBase's toast and its own sign-in", async (tab) => {
  await signIn(tab);
  await world.server.fail({ path: "/api/orders", status: 422, body: { message: "no such order" } });
  const url = `${world.gateway.url}/api/orders`;
  const told = await tab.script(
    `return Doorkey.run(async () => ${host}.run("${url}")).catch(({ code, status, body, message }) => ({ code, status, body, message }))`,
  );
  assert.deepEqual(told, { code: "ERR_SERVER", status: 422, body: { message: "no such order" }, message: "no such order" });
  await tab.script(`return ${host}.run("${url}").catch(() => {})`);
  assert.deepEqual(await tab.toasts(), []);
  assert.ok(!(await tab.steps()).includes("NocoBase's own sign-in"));
  await tab.script(`return ctx.request({ url: "${url}" }).catch(() => {})`);
  assert.equal((await tab.steps()).at(-1), "NocoBase's own sign-in", "as it would be without the adapter");
});

trap("failure shapes: an API that is not there is unreachable", async (tab) => {
  await signIn(tab);
  assert.equal(await tab.fails(`return Doorkey.run(async () => ${host}.run("http://127.0.0.1:9/"))`), "ERR_UNREACHABLE");
});

trap("a query by its URL or by its request, with parameters", async (tab) => {
  await signIn(tab);
  const url = `${world.gateway.url}/api/orders`;
  assert.ok((await tab.script(`return Doorkey.run("${url}", { headers: await Doorkey.headers() })`)).orders.length > 0);
});

trap(
  "navigate: without a router the sign-in stands, and says that nothing was opened",
  async (tab) => {
    const { ok, navigated } = await tab.signIn(world.server.user);
    assert.deepEqual([ok, navigated], [true, false]);
  },
  () => ({ noRouter: true }),
);

trap("navigate: parameters become the path's query, an address leaves the app", async (tab) => {
  await tab.script(`return ${host}.navigateTo("/admin/Orders?a=1", { id: 7 })`);
  await tab.page.waitForURL("**/admin/*?a=1&id=7");
  await Promise.all([
    tab.page.waitForURL(`${world.cdn.url}/**`),
    tab.script(`return ${host}.navigateTo("${world.cdn.url}/gone").then(() => 1)`).catch(() => {}),
  ]);
});
