// What Lowcoder does otherwise than a page, each by its name.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { shapes } from "../lib/shapes.mjs";
import { startLowcoder } from "./harness.mjs";

let world;
before(async () => (world = await startLowcoder()));
after(() => world?.stop());

/** @param {string} name @param {(tab: any, app: any) => Promise<void>} body */
const trap = (name, body, changes = () => ({})) =>
  test(`lowcoder: ${name}`, async () => {
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
const told = "({ code, status, body, message }) => ({ code, status, body, message })";

for (const [form, { text, lowcoder }] of Object.entries(shapes)) {
  trap(`the loader finds ${typeof lowcoder === "string" ? `a ${lowcoder}` : (lowcoder[0] ?? "nothing")} in ${form}`, async (tab) => {
    const given = await tab.page.evaluate((text) => {
      try {
        return window.platform.exposedBy(text);
      } catch (error) {
        return error.name;
      }
    }, text);
    assert.deepEqual(given, lowcoder);
  });
}

trap("the packed file sets the one name Doorkey, in the sandbox and not on the page", async (tab, { config }) => {
  assert.deepEqual(await tab.page.evaluate((url) => [window.platform.exposed[url], typeof window.Doorkey], config.libraries[0]), [
    ["Doorkey"],
    "undefined",
  ]);
});

trap("fetch never settles there, and the sandbox has no document and no location", async (tab) => {
  const seen = "[typeof fetch, String(fetch), String(location.href), typeof document.cookie]";
  assert.deepEqual(await tab.script(`return ${seen}`), ["function", "", "", "function"]);
  assert.equal(
    await tab.script("return Promise.race([fetch('/').then(() => 'settled'), new Promise((done) => setTimeout(done, 300, 'never'))])"),
    "never",
  );
});

trap(
  "a header of one's own is there for the query to bind, by its name in lower case",
  async (tab, app) => {
    await tab.script(`const auth = Doorkey.createAuth({ name: "keyed", host: Doorkey.hosts.lowcoder({ localStorage, utils, http: doorkey_http }),
      provider: Doorkey.providers.supabase({ url: "${world.gateway.url}", key: "anon" }) });
      return auth.signin("${world.server.user.email}", "${world.server.user.password}");`);
    assert.deepEqual(
      app.runs.map(({ request }) => request.headers.apikey),
      ["anon"],
    );
  },
  ({ queries: { doorkey_http: http, ...others } }) => ({
    queries: { ...others, doorkey_http: { ...http, headers: { ...http.headers, apikey: "{{headers.apikey}}" } } },
  }),
);

trap("an endpoint without an http query is an error in words, at once", async (tab) => {
  const error = await tab.script(`setupDoorkey(Doorkey, { localStorage, utils }); return Doorkey.signin("a@b.c", "x").catch(${told})`);
  assert.equal(error.code, "ERR_INVALID_OPTION");
  assert.match(error.message, /give hosts.lowcoder a REST query as http/);
});

trap("Doorkey.fetch, which has no other way out, ends at its time limit", async (tab) => {
  await signIn(tab);
  const script = `const auth = Doorkey.createAuth({ name: "brief", host: Doorkey.hosts.lowcoder({ localStorage, utils }), timeoutSeconds: 1, flows: { signin: () => ({ access_token: "t" }) }, attach: { origins: ["https://example.api.co"] } });
    await auth.signin(); return auth.fetch("https://example.api.co/orders").catch(${told})`;
  assert.equal((await tab.script(script)).code, "ERR_UNREACHABLE");
});

trap(
  "with run JavaScript in host on, requests go out by themselves",
  async (tab) => {
    const script = `setupDoorkey(Doorkey, { localStorage, utils }); return Doorkey.signin(${JSON.stringify(world.server.user.email)}, ${JSON.stringify(world.server.user.password)})`;
    assert.equal((await tab.script(script)).ok, true);
  },
  () => ({ inHost: true }),
);

trap(
  "code is no async function, and what a query throws keeps its message alone",
  async (tab, { config }) => {
    assert.match((await tab.call("tryRun", "waits")).error.message, /await/);
    assert.deepEqual((await tab.call("tryRun", "fails")).error, { name: undefined, code: undefined, message: "told", status: undefined });
    assert.ok(Object.values(config.scripts).length > 5);
  },
  ({ scripts }) => ({
    scripts: {
      ...scripts,
      waits: "await Promise.resolve(1);",
      fails: "return Promise.reject(Object.assign(new Error('told'), { code: 'X' }))",
    },
  }),
);

trap("the context is frozen, and the library works with it", async (tab) => {
  await signIn(tab);
  assert.match(await tab.fails("localStorage.values.theme = 1"), /object is not extensible|read only|read-only/);
  assert.match(await tab.fails("orders = 1"), /can't be modified/);
});

trap("store: what was written is read in the same run, although Lowcoder shows it only in the next", async (tab) => {
  await signIn(tab);
  const script =
    "const host = Doorkey.hosts.lowcoder({ localStorage, utils }); await host.store.set('theme', 'dark', true); return [localStorage.values.theme ?? 'late', host.store.get('theme')]";
  assert.deepEqual(await tab.script(script), ["late", "dark"]);
  assert.equal(await tab.script("return localStorage.values.theme"), "dark");
});

trap("store: above 1 MB Lowcoder writes nothing and says nothing; doorkey says so", async (tab) => {
  await signIn(tab);
  await tab.call("foreign", "much", "x".repeat(1024 * 1024 + 1));
  await tab.page.waitForTimeout(50);
  assert.match(await tab.script("return Doorkey.storeValue('theme', 'dark').catch(({ message }) => message)"), /full \(1 MB\)/);
  assert.equal(await tab.script("return typeof Doorkey.getValue('theme')"), "undefined");
});

for (const millions of [1.2, 6]) {
  trap(`store: a value of ${millions} million letters is refused before Lowcoder is given it, and what is stored stays`, async (tab) => {
    await signIn(tab);
    await tab.call("foreign", "theirs", "kept");
    const told = "({ code, message, path }) => ({ code, message, path })";
    assert.deepEqual(await tab.script(`return Doorkey.storeValue("rows", "x".repeat(${millions * 1e6})).catch(${told})`), {
      code: "ERR_STORAGE_FULL",
      message: "the store of Lowcoder is full (1 MB)",
      path: "host.store",
    });
    await tab.script("return Doorkey.storeValue('theme', 'dark')");
    await tab.page.waitForTimeout(50);
    const { theirs, theme, doorkey, rows } = await tab.page.evaluate(() => window.platform.values);
    assert.deepEqual([theirs, theme, typeof doorkey, rows], ["kept", "dark", "string", undefined]);
  });
}

trap("Lowcoder's own clear of its store ends a session that is older than half a minute", async (tab, app) => {
  await signIn(tab);
  await app.clock.move("sleep", 40_000);
  await tab.page.evaluate(() => window.platform.methods().localStorage.clear());
  await tab.reload();
  await tab.shows("LoginPage");
  await tab.page.waitForTimeout(500);
  assert.equal(await tab.current(), "LoginPage");
});

trap("failure shapes: a rejection says nothing; the answer query tells status and body", async (tab) => {
  await signIn(tab);
  await world.server.fail({ path: "/api/orders", status: 422, body: { message: "no such order" }, times: 3 });
  assert.deepEqual(await tab.script("return orders.run().catch((error) => error)"), { message: "" });
  assert.deepEqual(await tab.script(`return Doorkey.run("orders").catch(${told})`), {
    code: "ERR_SERVER",
    status: 422,
    body: { message: "no such order" },
    message: "no such order",
  });
  const silent = await tab.script(
    `setupDoorkey(Doorkey, { localStorage, utils, queries: { orders } }); return Doorkey.run("orders").catch(${told})`,
  );
  assert.deepEqual([silent.code, silent.message], ["ERR_HOST", "the query failed, and Lowcoder does not say why"]);
});

trap("an argument of null breaks a query, so that none is passed", async (tab) => {
  await signIn(tab);
  assert.match(await tab.script("return orders.run({ id: null }).catch(({ message }) => message)"), /null/);
  assert.ok((await tab.script('return Doorkey.run("orders", { id: null })')).orders.length > 0);
});

trap("navigate: an app opens in the same tab unless asked otherwise, and an address by openUrl", async (tab) => {
  await tab.script(
    "const host = Doorkey.hosts.lowcoder({ localStorage, utils }); host.navigateTo('app7', { id: 7 }); host.navigateTo('app8', {}, 'NEW_WINDOW'); host.navigateTo('/apps/app9', {}, 'SAME_WINDOW')",
  );
  assert.deepEqual((await tab.steps()).slice(-3), ["page app7", "open app8 _blank", "open /apps/app9 _self"]);
});

trap("each app loads the library anew in one document, and both agree", async (tab) => {
  await signIn(tab);
  await tab.script("Doorkey.mark = 'first'");
  await tab.script("utils.openApp('Orders', { newTab: false })");
  await tab.shows("Orders");
  assert.equal(await tab.script("return typeof Doorkey.mark"), "undefined");
  const all = await tab.script("return Promise.all([Doorkey.refreshAccessToken({ force: true }), Doorkey.run('orders')])");
  assert.equal(all[0].ok, true);
  assert.ok(all[1].orders.length > 0);
});
