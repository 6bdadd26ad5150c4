// What every builder's app must do with its templates pasted in: the rows of the matrix, as tests of one harness.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { eventually } from "../../e2e/lib/eventually.mjs";
import { braces, handed, isUnharmed } from "./braces.mjs";
import { refreshes } from "./gateway.mjs";

/** @import { App, Tab } from "./app.mjs" */
/** @typedef {Awaited<ReturnType<typeof import("../../servers/lib.mjs").startEmbedded>>} Server */

const orders = async (/** @type {Server} */ server) => (await server.log()).filter(({ path }) => path === "/api/orders").length;
const FORCED = "Doorkey.refreshAccessToken({ force: true })";
const signedIn = (/** @type {Tab} */ tab) => tab.script("return Doorkey.status().signedIn");

/** How a refresh can go wrong, what comes of it, and whether the session outlives it. @type {Record<string, [object, string, boolean]>} */
const FAILURES = {
  "a refusal": [{ status: 400, body: { error: "invalid_grant" } }, "ERR_REFRESH_REJECTED", false],
  "a 401": [{ status: 401, body: { error: "unauthorized", message: "Sign in first." } }, "ERR_REFRESH_REJECTED", false],
  "a busy server": [{ status: 503 }, "ERR_UNREACHABLE", true],
  "a proxy's page": [{ status: 502, body: "<h1>Bad Gateway</h1>" }, "ERR_UNREACHABLE", true],
  "a cut connection": [{ mode: "drop" }, "ERR_UNREACHABLE", true],
};

/**
 * @param {string} host
 * @param {() => Promise<any>} start gives { server, newApp, stop }
 * @param {{ failures?: Record<string, string>, words?: RegExp, missing?: boolean, otherTabs?: boolean, hands?: { adapter: string, query?: string, page: string }, evaluates?: boolean }} [says]
 *   where the builder differs: the codes of failures, what a refused sign-in says, what `navigated` is for a page that is not there,
 *   whether other tabs' work is seen without a reload; code that gives the adapter, and a query of it; whether the builder evaluates
 *   what it is handed
 */
export function tellStory(
  host,
  start,
  { failures = {}, words = /Wrong email or password/, missing = true, otherTabs = true, hands, evaluates = false } = {},
) {
  /** @type {any} */
  let world;
  before(async () => (world = await start()));
  after(() => world?.stop());

  /** @param {string} name @param {(app: App) => Promise<void>} body */
  const tell = (name, body) =>
    test(`${host}: ${name}`, async () => {
      await world.server.reset();
      const app = await world.newApp();
      try {
        await body(app);
      } finally {
        await app.close();
      }
    });
  const signedInTab = async (/** @type {App} */ app) => {
    const tab = await app.open();
    await tab.signIn(world.server.user);
    await tab.shows("Dashboard");
    return tab;
  };

  tell("sign in: the password leads to Dashboard, and is stored before the page changes", async (app) => {
    const tab = await app.open();
    assert.equal(await tab.current(), "LoginPage");
    const outcome = await tab.signIn(world.server.user);
    assert.deepEqual({ ok: outcome.ok, navigated: outcome.navigated }, { ok: true, navigated: true });
    await tab.shows("Dashboard");
    assert.match(await tab.stored(), /accessToken|accesstoken/);
    const steps = await tab.steps();
    const stores = steps.map((/** @type {string} */ step, /** @type {number} */ at) => (step.startsWith("store ") ? at : -1));
    assert.ok(Math.max(...stores) < steps.indexOf("page Dashboard"), steps.join());
  });

  tell("sign in: a wrong password is told in words, stores nothing and stays", async (app) => {
    const tab = await app.open();
    const clean = await tab.stored();
    assert.equal((await tab.signIn({ ...world.server.user, password: "wrong" })).ok, false);
    const [{ kind, message }, ...more] = await tab.toasts();
    assert.deepEqual([kind, more], ["error", []]);
    assert.match(message, words);
    assert.equal(await tab.current(), "LoginPage");
    assert.equal(await signedIn(tab), false);
    assert.doesNotMatch((await tab.stored()).replace(clean, ""), /token":"[^"]{20}/i);
  });

  tell("refresh: many callers make one request, and the new token works", async (app) => {
    const tab = await signedInTab(app);
    const first = await tab.script("return Doorkey.accessToken()");
    const all = await tab.script(`return Promise.all([${FORCED}, ${FORCED}, ${FORCED}])`);
    assert.deepEqual(
      all.map((/** @type {any} */ { ok, refreshed }) => [ok, refreshed]),
      Array(3).fill([true, true]),
    );
    assert.equal((await refreshes(world.server)).length, 1);
    assert.notEqual(await tab.script("return Doorkey.accessToken()"), first);
    assert.equal((await tab.run("refreshAccessToken")).refreshed, false, "a good token is kept");
    assert.ok((await tab.run("loadOrders")).orders.length > 0);
  });

  tell("retry: a query that meets a 401 is run again once, with a new token", async (app) => {
    const tab = await signedInTab(app);
    await world.server.fail({ path: "/api/orders", status: 401, body: { error: "invalid_token" } });
    assert.ok((await tab.run("loadOrders")).orders.length > 0);
    assert.deepEqual([await orders(world.server), (await refreshes(world.server)).length], [2, 1]);
    await world.server.fail({ path: "/api/orders", status: 401, body: { error: "invalid_token" }, times: 9 });
    await tab.call("tryRun", "loadOrders");
    assert.equal(await orders(world.server), 3, "a token just got for a 401 is not given up for the next");
    await tab.script(`return ${FORCED}`);
    await tab.call("tryRun", "loadOrders");
    assert.equal(await orders(world.server), 5, "never a third time");
    assert.equal(await signedIn(tab), true);
  });

  tell("logout: revoked, forgotten, and away to LoginPage; the builder's own keys stay", async (app) => {
    const tab = await signedInTab(app);
    await tab.call("foreign", "mine", "stays");
    await tab.script("return Doorkey.storeValue('theme', 'dark')");
    assert.deepEqual(await tab.run("logout"), { ok: true, revoked: true, navigated: true });
    await tab.shows("LoginPage");
    assert.equal(await signedIn(tab), false);
    const stored = await tab.stored();
    assert.doesNotMatch(stored, /token\\*":\\*"[^"\\]{20}|dark/i);
    assert.match(stored, /stays/);
    assert.equal((await world.server.log()).filter((/** @type {{ path: string }} */ { path }) => path === "/token/revocation").length, 1);
  });

  tell("store: a value is readable at once and after a reload, until it is removed", async (app) => {
    const tab = await signedInTab(app);
    const value = { deep: [1, "two", null, true] };
    const seen = await tab.script(
      `await Doorkey.storeValue("a.b", ${JSON.stringify(value)}); await Doorkey.storeValue("brief", 1, false); return [Doorkey.getValue("a.b"), Doorkey.getValue("brief")]`,
    );
    assert.deepEqual(seen, [value, 1]);
    await tab.reload();
    await tab.script("return Doorkey.accessToken()");
    assert.deepEqual(await tab.script('return [Doorkey.getValue("a.b"), typeof Doorkey.getValue("brief")]'), [value, "undefined"]);
    await tab.script('return Doorkey.removeValue("a.b")');
    await tab.reload();
    await tab.script("return Doorkey.accessToken()");
    assert.equal(await tab.script('return typeof Doorkey.getValue("a.b")'), "undefined");
  });

  tell("navigate: a page that is not there does not undo the sign-in", async (app) => {
    app.config = { ...app.config, ...world.withHome(app.config, "Nowhere") };
    const tab = await app.open();
    const outcome = await tab.signIn(world.server.user);
    assert.deepEqual([outcome.ok, outcome.navigated], [true, missing]);
    assert.equal(await signedIn(tab), true);
  });

  tell("guard: who has no session is sent to LoginPage, who has one is sent on from there", async (app) => {
    const stranger = await app.open("Dashboard");
    await stranger.shows("LoginPage");
    assert.equal(app.runs.filter(({ name }) => name === "orders").length, 0);
    const tab = await signedInTab(app);
    await tab.visit("LoginPage");
    await tab.shows("Dashboard");
  });

  tell(`two tabs: what one does counts for the other${otherTabs ? "" : " (only after a reload)"}`, async (app) => {
    const one = await signedInTab(app);
    const two = await app.open("Dashboard");
    await two.shows("Dashboard");
    await one.script(`return ${FORCED}`);
    if (!otherTabs) await two.reload();
    assert.ok((await two.run("loadOrders")).orders.length > 0);
    const newest = await one.script("return Doorkey.accessToken()");
    // It hears of that in its time: until then its own is still good.
    await eventually(async () => (await two.script("return Doorkey.accessToken()")) === newest, "the other tab keeps its own token");
    assert.equal((await refreshes(world.server)).length, 1);
    await one.run("logout");
    if (!otherTabs) await two.reload();
    await two.shows("LoginPage");
    await eventually(async () => !(await signedIn(two)), "the other tab stays signed in");
  });

  tell("reload: the session is there, half a minute later too", async (app) => {
    const tab = await signedInTab(app);
    for (const passed of [0, 40_000]) {
      await app.clock.move("sleep", passed);
      await tab.reload();
      await tab.shows("Dashboard");
      assert.ok((await tab.run("loadOrders")).orders.length > 0);
    }
    assert.equal((await refreshes(world.server)).length, 0);
  });

  tell("braces in what a server says and a person types are shown or refused, and never run", async (app) => {
    const tab = await app.open();
    const refusal = { path: "/token", status: 400, body: { error: "invalid_grant", error_description: braces } };
    await world.server.fail({ ...refusal, times: 2 });
    await tab.signIn({ email: "a@b.c", password: "x" });
    assert.match((await tab.toasts())[0].message, /globalThis\.harmed/);
    await tab.signIn({ email: braces, password: braces });
    await isUnharmed(tab);
    await world.server.reset();
    await tab.signIn(world.server.user);
    await tab.shows("Dashboard");
    await world.server.fail({ ...refusal, grant: "refresh_token" });
    assert.equal(await tab.fails(`return ${FORCED}`), "ERR_REFRESH_REJECTED");
    await isUnharmed(tab);
  });

  tell("braces in keys and values that are stored stay as they are, also after a reload, and never run", async (app) => {
    const tab = await signedInTab(app);
    const words = '"{" + "{ globalThis.harmed = 1 }" + "}"';
    assert.equal(await tab.script(`await Doorkey.storeValue(${words}, ${words}); return Doorkey.getValue(${words})`), braces.slice(1, -1));
    await tab.reload();
    await tab.script("return Doorkey.accessToken()");
    assert.equal(await tab.script(`return Doorkey.getValue(${words})`), braces.slice(1, -1));
    await tab.script(`return Doorkey.removeValue(${words})`);
    assert.equal(await tab.script(`return typeof Doorkey.getValue(${words})`), "undefined");
    await isUnharmed(tab);
  });

  if (hands) {
    tell("braces in any argument of the adapter never run", async (app) => {
      const tab = await app.open();
      const told = await handed(tab, hands);
      await isUnharmed(tab);
      if (evaluates) assert.deepEqual([told.text, told.deep, told.name], Array(3).fill("ERR_INVALID_VALUE"));
      for (const member of ["notify", "set", "brief", "get", "remove"]) assert.equal(told[member], "done", member);
    });
  }

  for (const [what, [fault, code, lives]] of Object.entries(FAILURES)) {
    tell(`failure shapes: ${what} at a refresh is ${failures[what] ?? code}, and the session ${lives ? "lives" : "ends"}`, async (app) => {
      const tab = await signedInTab(app);
      await world.server.fail({ path: "/token", grant: "refresh_token", times: Infinity, ...fault });
      assert.equal(await tab.fails(`return ${FORCED}`), failures[what] ?? code);
      assert.equal(await signedIn(tab), lives);
    });
  }
}
