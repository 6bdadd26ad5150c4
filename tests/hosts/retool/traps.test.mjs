// What Retool's classic apps do otherwise than a page, each by its name.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { refreshes } from "../lib/gateway.mjs";
import { startRetool } from "./harness.mjs";

let world;
before(async () => (world = await startRetool()));
after(() => world?.stop());

/** @param {string} name @param {(tab: any, app: any) => Promise<void>} body */
const trap = (name, body, changes = () => ({})) =>
  test(`retool: ${name}`, async () => {
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
const told = "({ code, status, message }) => ({ code, status, message })";

trap("the frame has an opaque origin: no storage, no cookies, no locks, and the library says so nowhere", async (tab) => {
  const script = `const tried = {};
    for (const [name, use] of Object.entries({ storage: () => window.localStorage, database: () => new Promise((done, fail) => { const opening = indexedDB.open("x"); opening.onerror = () => fail(opening.error); opening.onsuccess = done; }), cookies: () => (document.cookie = "a=1"), locks: () => navigator.locks.request("x", () => 1) })) {
      try { await use(); tried[name] = "works"; } catch (error) { tried[name] = error.name; }
    }
    return { origin: String(self.origin), ...tried }`;
  assert.deepEqual(await tab.script(script), {
    origin: "null",
    storage: "SecurityError",
    database: "SecurityError",
    cookies: "SecurityError",
    locks: "SecurityError",
  });
  await signIn(tab);
  assert.deepEqual(tab.console, []);
});

trap("wasm and crypto work in the frame", async (tab) => {
  assert.deepEqual(await tab.script("return [typeof Doorkey.version, await Doorkey.ready.then(() => 'ready'), typeof crypto.subtle]"), [
    "string",
    "ready",
    "object",
  ]);
});

trap("two braces in a query's code are filled in before it runs", async (tab) => {
  await tab.type("email", "a@b.c");
  assert.equal(await tab.script("return {{ email.value }}"), "a@b.c");
  for (const text of Object.values(tab.app.config.scripts)) assert.doesNotMatch(text, /\{\{/);
});

trap("store: there is no removal, so null stands for nothing", async (tab) => {
  await signIn(tab);
  await tab.script("await Doorkey.storeValue('theme', 'dark'); return Doorkey.removeValue('theme')");
  assert.match(await tab.stored(), /\\"theme\\":null/);
  assert.equal(await tab.script("return typeof Doorkey.getValue('theme')"), "undefined");
  await tab.reload();
  await tab.script("return Doorkey.accessToken()");
  assert.equal(await tab.script("return typeof Doorkey.getValue('theme')"), "undefined");
});

trap("store: what was written is read in the same query, although values do not change while it runs", async (tab) => {
  await signIn(tab);
  const script =
    "const host = Doorkey.hosts.retool({ localStorage, utils }); await host.store.set('theme', 'dark', true); return [localStorage.values.theme ?? 'late', host.store.get('theme')]";
  assert.deepEqual(await tab.script(script), ["late", "dark"]);
});

trap("store: localStorage.clear() is Retool's own sign-out from everything", async (tab) => {
  await signIn(tab);
  await tab.script("return localStorage.clear()");
  await tab.reload();
  await tab.shows("LoginPage");
});

for (const [rejects, [run, refresh, lives]] of Object.entries({
  object: ["ERR_SERVER", "ERR_REFRESH_REJECTED", false],
  text: ["ERR_SERVER", "ERR_REFRESH_REJECTED", false],
  nothing: ["ERR_HOST", "ERR_HOST", true],
})) {
  trap(
    `failure shapes: a trigger that rejects ${rejects === "nothing" ? "without saying why keeps the session" : `with ${rejects === "text" ? "a text" : "an object"} is understood`}`,
    async (tab) => {
      await signIn(tab);
      await world.server.fail({ path: "/api/orders", status: 422, body: { message: "no such order" } });
      assert.equal((await tab.script(`return Doorkey.run("orders").catch(${told})`)).code, run);
      await world.server.fail({ path: "/token", grant: "refresh_token", status: 401, body: { error: "unauthorized" } });
      assert.equal(await tab.fails("return Doorkey.refreshAccessToken({ force: true })"), refresh);
      assert.equal(await tab.script("return Doorkey.status().signedIn"), lives);
    },
    () => ({ rejects }),
  );
}

trap("a query that was not named to the host is a clear error", async (tab) => {
  await signIn(tab);
  assert.match(
    await tab.script('return Doorkey.run("nothing").catch(({ message }) => message)'),
    /Retool has no query nothing: name it in queries/,
  );
  assert.ok((await tab.script("return Doorkey.run(orders)")).orders.length > 0, "a query object needs no name");
});

trap("navigate: an app by its UUID, a page by its name, an address by openUrl", async (tab) => {
  const script =
    "const host = Doorkey.hosts.retool({ localStorage, utils }); await host.navigateTo('3b4f2d1a-0c5e-4f6a-9b7d-8e1f2a3b4c5d', { id: 7 }); await host.navigateTo('https://example.com/', {}, 'NEW_WINDOW'); await host.navigateTo('Orders', { id: 7 })";
  await tab.script(script);
  const steps = await tab.steps();
  assert.deepEqual(steps.slice(0, 3), [
    'app 3b4f2d1a-0c5e-4f6a-9b7d-8e1f2a3b4c5d {"queryParams":{"id":7},"newTab":false}',
    'open https://example.com/ {"newTab":true}',
    "page Orders",
  ]);
});

trap("endpoints by a query, where the server lets no opaque origin in", async (tab, app) => {
  const script = `const open = "{".repeat(2), close = "}".repeat(2), of = (path) => open + path + close;
    const auth = Doorkey.createAuth({ name: "byQuery", host: Doorkey.hosts.retool({ localStorage, utils, http: doorkey_http }), flows: {
      signin: { url: "${world.gateway.url}/auth/v1/token?grant_type=password", json: { email: of("inputs.email"), password: of("inputs.password") } },
      refresh: { url: "${world.gateway.url}/auth/v1/token?grant_type=refresh_token", json: { refresh_token: of("session.refreshToken") } } } });
    const signin = (password) => auth.signin("${world.server.user.email}", password);
    const refused = await signin("wrong").catch(({ code }) => code);
    await signin("${world.server.user.password}");
    return [refused, (await auth.refreshAccessToken({ force: true })).refreshed]`;
  assert.deepEqual(await tab.script(script), ["ERR_INVALID_CREDENTIALS", true]);
  assert.deepEqual(
    app.runs.map(({ name, status }) => [name, status]),
    [
      ["doorkey_http", 400],
      ["doorkey_http", 200],
      ["doorkey_http", 200],
    ],
  );
});

trap(
  "endpoints by a query: a header of one's own is there to bind, by its name in lower case",
  async (tab, app) => {
    const script = `const auth = Doorkey.createAuth({ name: "keyed", host: Doorkey.hosts.retool({ localStorage, utils, http: doorkey_http }),
      provider: Doorkey.providers.cognito({ region: "r", clientId: "c", url: "${world.server.url}" }) });
    return auth.signin({ username: "a", password: "b" }).catch(({ code }) => code)`;
    assert.equal(typeof (await tab.script(script)), "string");
    const [{ request }] = app.runs;
    assert.equal(request.headers["X-Amz-Target"], "AWSCognitoIdentityProviderService.InitiateAuth");
    assert.equal(request.headers["Content-Type"], "application/x-amz-json-1.1");
  },
  ({ queries }) => ({
    queries: {
      ...queries,
      doorkey_http: {
        ...queries.doorkey_http,
        headers: { "Content-Type": "{{ contentType }}", "X-Amz-Target": '{{ headers["x-amz-target"] }}' },
      },
    },
  }),
);

trap("two tabs: a tab that has not been reloaded refreshes with the old token, which a strict server takes for theft", async (one, app) => {
  await signIn(one);
  const two = await app.open("Dashboard");
  await one.script("return Doorkey.refreshAccessToken({ force: true })");
  assert.equal(await two.fails("return Doorkey.refreshAccessToken({ force: true })"), "ERR_REFRESH_REJECTED");
  assert.equal((await refreshes(world.server)).length, 2);
});
