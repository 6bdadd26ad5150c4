// @ts-check
/** `dpop: true` in trouble: keys that must be left nowhere or kept, servers and pages that do what they should not. */

import assert from "node:assert/strict";

import { startEmbedded } from "../servers/lib.mjs";
import { eventually } from "./lib/eventually.mjs";
import { suite } from "./lib/suite.mjs";
import { database } from "./lib/vault.mjs";

/** @typedef {import("./lib/world.mjs").World} World  @typedef {import("./lib/tab.mjs").Tab} Tab */

const scenario = suite();
const withNonces = suite({ start: (how) => startEmbedded({ ...how, dpopNonce: true }) });
const DPOP = { options: { storage: "local", dpop: true } };

/** The names of the keys that are left in the browser. @param {Tab} tab */
const keys = async (tab) => (await database(tab)).filter(({ store }) => store === "keys").map(({ key }) => key);

/** Waits until so many keys are left, beside those of vaults, and gives the names of all. @param {Tab} tab @param {number} count */
async function left(tab, count) {
  let found = /** @type {string[]} */ ([]);
  const isLeft = async () => {
    found = await keys(tab);
    return found.filter((key) => !key.startsWith("vault:")).length === count;
  };
  await eventually(isLeft, () => `there are never ${count} keys but ${found.join()}`);
  return found;
}

/** @param {World} world @param {Tab} tab */
async function assertBound(world, tab) {
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
}

scenario("two sign-ins in one turn leave one key", async (world) => {
  const tab = await world.openTab(DPOP);
  for (let round = 0; round < 3; round++) {
    await tab.many(2, "signin", world.user);
    await assertBound(world, tab);
    await left(tab, 1);
  }
});

scenario("a sign-out in the turn of a sign-in leaves no key", async (world) => {
  const tab = await world.openTab(DPOP);
  await tab.evaluate(async (/** @type {any} */ user) => {
    const signin = globalThis.kit.call("signin", [user]);
    await globalThis.kit.call("logout", []);
    return signin;
  }, world.user);
  // One that is made late would show.
  await new Promise((done) => setTimeout(done, 300));
  await left(tab, 0);
});

/** Takes other options in, as `createAuth` once more does. @param {Tab} tab @param {object} options */
const move = async (tab, options) => {
  tab.start.options = { ...tab.start.options, ...options };
  await tab.startAuth();
};

scenario("a session that moves takes its key along: out of memory, into every storage, and back", async (world) => {
  const tab = await world.signedIn({ options: { storage: "memory", dpop: true } });
  for (const storage of ["local", "vault", "session", "local"]) {
    await move(tab, { storage });
    await tab.ok("accessToken");
    await tab.reload();
    await tab.ok("accessToken");
    await assertBound(world, tab);
    await tab.ok("refreshAccessToken", { force: true });
    await assertBound(world, tab);
    await left(tab, 1);
  }
  await move(tab, { storage: "memory" });
  await tab.ok("accessToken");
  await assertBound(world, tab);
  await left(tab, 0);
  await tab.ok("refreshAccessToken", { force: true });
  await assertBound(world, tab);
  assert.equal((await tab.ok("logout")).revoked, true);
});

scenario("a session that moves out of memory is stored once its key is", async (world) => {
  const tab = await world.signedIn({ options: { storage: "memory", dpop: true } });
  // As on a slow disk: whoever writes a key waits.
  await tab.evaluate(() => {
    const opening = indexedDB.open("doorkey", 2);
    opening.onupgradeneeded = () => ["records", "keys"].map((name) => opening.result.createObjectStore(name));
    return new Promise((done) => {
      opening.onsuccess = () => {
        const store = opening.result.transaction("keys", "readwrite").objectStore("keys");
        const goOn = () => {
          if (globalThis.isFree) return opening.result.close();
          store.count().onsuccess = goOn;
          done(undefined);
        };
        goOn();
      };
    });
  });
  const moved = move(tab, { storage: "local" }).then(() => tab.ok("accessToken"));
  await new Promise((done) => setTimeout(done, 300));
  assert.ok(
    !Object.values(await tab.stored())
      .join()
      .includes("accessToken"),
    "a session without its key is worth nothing",
  );
  await tab.evaluate(() => (globalThis.isFree = true));
  await moved;
  await tab.reload();
  await assertBound(world, tab);
});

scenario("a move while a refresh, a fetch and a sign-in are under way", async (world) => {
  const tab = await world.signedIn(DPOP);
  for (const storage of ["vault", "session", "memory", "local"]) {
    await world.failRefresh({ mode: "delay", delayMs: 100 });
    const options = { ...tab.start.options, storage };
    const outcomes = await tab.evaluate(
      async (/** @type {any} */ [given, url, user]) => {
        const calls = [globalThis.kit.call("refreshAccessToken", [{ force: true }]), globalThis.kit.fetch(url)];
        globalThis.auth = globalThis.kit.start(given);
        calls.push(globalThis.kit.fetch(url));
        const signin = globalThis.kit.call("signin", [user]);
        return [...(await Promise.all(calls)), await signin];
      },
      [options, `${world.server.url}/api/me`, world.user],
    );
    tab.start.options = options;
    await assertBound(world, tab);
    assert.equal(outcomes[3].error, undefined, JSON.stringify(outcomes));
    await left(tab, storage === "memory" ? 0 : 1);
    if (storage !== "memory") {
      await tab.reload();
      await tab.ok("accessToken");
      await assertBound(world, tab);
    }
  }
});

scenario("sealed and bound: a reload, a refresh, four tabs and a sign-out", async (world) => {
  const tabs = await world.signedInTabs(4, { options: { storage: "vault", dpop: true } });
  await world.expire();
  await world.atOnce(tabs, "accessToken");
  assert.equal(await world.refreshes(), 1);
  for (const tab of tabs) await assertBound(world, tab);
  await tabs[2].reload();
  await assertBound(world, tabs[2]);
  assert.equal((await tabs[2].ok("logout")).revoked, true);
  await tabs[0].event("signedOut");
  assert.deepEqual(await left(tabs[0], 0), ["vault:doorkey"]);
});

scenario("four tabs sign in at once: one key is left, and all have the same session", async (world) => {
  const tabs = [];
  while (tabs.length < 4) tabs.push(await world.openTab({ options: { storage: "vault", dpop: true } }));
  await world.atOnce(tabs, "signin", world.user);
  await left(tabs[0], 1);
  const tokens = async () => new Set(await Promise.all(tabs.map((tab) => tab.ok("accessToken"))));
  // A tab hears of the last of them in its time.
  await eventually(async () => (await tokens()).size === 1, "the tabs never agree");
  for (const tab of tabs) await assertBound(world, tab);
});

scenario("a page with a base of its own: the proof is for where the request goes", async (world) => {
  const tab = await world.openTab({ ...DPOP, start: false });
  const base = (/** @type {string} */ href) =>
    tab.evaluate((/** @type {string} */ to) => document.head.append(Object.assign(document.createElement("base"), { href: to })), href);
  await base(`${world.server.url}/api/`);
  await tab.startAuth();
  await tab.ok("signin", world.user);
  assert.equal((await tab.fetch("me")).status, 200);
  await tab.page.goto(`${world.site.origin}/app.html`);
  await base("/based/");
  const { flows } = /** @type {any} */ (tab.start.options);
  await move(tab, { flows: { ...flows, refresh: { ...flows.refresh, url: "token" } } });
  /** @type {string[]} */
  const proofs = [];
  await world.context.route("**/based/token", (route) => {
    proofs.push(route.request().headers().dpop);
    return route.fulfill({ status: 503, body: "{}" });
  });
  await tab.fails("ERR_UNREACHABLE", "refreshAccessToken", { force: true });
  const [, claims] = proofs[0].split(".");
  assert.equal(JSON.parse(String(Buffer.from(claims, "base64url"))).htu, `${world.site.origin}/based/token`);
});

scenario("a refresh that is answered with a bearer token: nobody asked for that", async (world) => {
  const tab = await world.signedIn(DPOP);
  const body = { access_token: "bearer-access", refresh_token: "bearer-refresh", token_type: "bearer", expires_in: 60 };
  await world.failRefresh({ mode: "status", status: 200, body, times: 1 });
  const { path } = await tab.fails("ERR_INVALID_RESPONSE", "refreshAccessToken", { force: true });
  assert.equal(path, "token_type");
  await tab.event("expired");
  await left(tab, 0);
  await tab.ok("signin", world.user);
  await assertBound(world, tab);
});

scenario("a page whose fetch throws what doorkey would does not end the session", async (world) => {
  for (const dpop of [true, false]) {
    const tab = await world.signedIn({ options: { ...DPOP.options, dpop, name: `d${dpop}` } });
    await tab.evaluate(() => {
      const { fetch } = globalThis;
      Object.assign(globalThis, { heal: () => Object.assign(globalThis, { fetch }) });
      globalThis.fetch = async () => {
        throw Object.assign(new Error("of another session"), { code: "ERR_REFRESH_REJECTED" });
      };
    });
    const { error } = await tab.evaluate((/** @type {string} */ url) => globalThis.kit.fetch(url), `${world.server.url}/api/me`);
    assert.ok(error);
    await new Promise((done) => setTimeout(done, 200));
    assert.equal((await tab.status()).signedIn, true);
    await tab.evaluate(() => /** @type {any} */ (globalThis).heal());
    await assertBound(world, tab);
  }
});

for (const scheme of ["Bearer", "DPoP", "bearer", "dpop", "BEARER", "DPOP"]) {
  scenario(`a header of one's own with the scheme ${scheme}`, async (world) => {
    const tab = await world.signedIn({
      options: { ...DPOP.options, attach: { headers: { authorization: `${scheme} {{ session.accessToken }}` } } },
    });
    await assertBound(world, tab);
  });
}

scenario("where the browser has kept no key, a reload is no endless failure", async (world) => {
  const before = () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("no", "SecurityError");
    };
  };
  const tab = await world.signedIn({ ...DPOP, before });
  await tab.reload();
  const { error } = await tab.evaluate((/** @type {string} */ url) => globalThis.kit.fetch(url), `${world.server.url}/api/me`);
  assert.equal(error?.code, "ERR_REFRESH_REJECTED");
  await tab.event("expired");
  await tab.ok("signin", world.user);
  await assertBound(world, tab);
});

scenario("a host's own http: proved, and not asked once the time is up", async (world) => {
  const complete = (/** @type {any} */ options, /** @type {any} */ kit) => {
    const http = async (/** @type {any} */ { url, method, headers, body }) => {
      /** @type {any} */ ((globalThis.asked ??= [])).push(url);
      const answer = await fetch(url, { method, headers, body });
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.json() };
    };
    return { ...options, host: { ...kit.recordingHost, http } };
  };
  const tab = await world.signedIn({ ...DPOP, complete });
  await assertBound(world, tab);
  await tab.limit(1);
  await tab.reload();
  await tab.evaluate(() => {
    const { open } = IDBFactory.prototype;
    /** @type {any} */ const late = [];
    Object.assign(globalThis, { asked: [], late });
    IDBFactory.prototype.open = function (...args) {
      const request = /** @type {any} */ ({});
      late.push(() => {
        const real = open.apply(this, args);
        real.onsuccess = () => Object.defineProperty(request, "result", { value: real.result }) && request.onsuccess();
      });
      return request;
    };
  });
  await tab.fails("ERR_UNREACHABLE", "refreshAccessToken", { force: true });
  await tab.evaluate(() => /** @type {any} */ (globalThis).late.forEach((/** @type {any} */ go) => go()));
  await new Promise((done) => setTimeout(done, 500));
  assert.deepEqual(await tab.evaluate(() => /** @type {any} */ (globalThis).asked), []);
});

withNonces("bodies of all kinds are sent again with the nonce", async (world) => {
  const tab = await world.signedIn(DPOP);
  const url = `${world.server.url}/api/echo`;
  const found = await tab.evaluate(async (/** @type {string} */ to) => {
    const form = new FormData();
    form.append("a", "b");
    const echoed = [];
    for (const body of ["text", form, new Blob(["blob"]), new URLSearchParams({ q: "1" }), new Uint8Array([65, 66])])
      for (const wrap of [false, true]) {
        const init = { method: "POST", body };
        const response = await globalThis.auth.fetch(wrap ? new Request(to, init) : to, wrap ? undefined : init);
        echoed.push([response.status, (await response.text()).length]);
      }
    return echoed;
  }, url);
  for (const [status, length] of found) assert.ok(status === 200 && length > 1);
});

scenario("a server that wants another nonce each time is no reason to refresh or to end the session", async (world) => {
  const tab = await world.signedIn(DPOP);
  let asked = 0;
  await world.context.route("**/api/me", (route) => {
    if (route.request().method() === "OPTIONS") return route.continue();
    asked++;
    const shown = { "access-control-allow-origin": "*", "access-control-expose-headers": "DPoP-Nonce, WWW-Authenticate" };
    const wanted = { "dpop-nonce": `"${asked}" ${"x".repeat(2000)}\u00e9`, "www-authenticate": 'DPoP error="use_dpop_nonce"' };
    return route.fulfill({ status: 401, headers: { ...shown, ...wanted }, body: "{}" });
  });
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 401);
  await world.context.unroute("**/api/me");
  assert.deepEqual([asked, await world.refreshes()], [2, 0]);
  await assertBound(world, tab);
});

scenario("abort and dispose while a request is being signed: nothing goes out", async (world) => {
  const tab = await world.signedIn(DPOP);
  const before = (await world.server.log()).length;
  await tab.evaluate(() => {
    const { sign } = SubtleCrypto.prototype;
    SubtleCrypto.prototype.sign = function (/** @type {any} */ ...args) {
      return new Promise((done) => setTimeout(done, 300)).then(() => Reflect.apply(sign, this, args));
    };
  });
  const { error } = await tab.evaluate((/** @type {string} */ url) => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    return globalThis.kit.fetch(url, { signal: abort.signal });
  }, `${world.server.url}/api/me`);
  assert.equal(error?.code, "ERR_CANCELLED");
  const outcome = await tab.evaluate((/** @type {string} */ url) => {
    setTimeout(() => globalThis.auth.dispose(), 50);
    return globalThis.kit.fetch(url);
  }, `${world.server.url}/api/me`);
  assert.equal(outcome.error?.code, "ERR_DISPOSED");
  await new Promise((done) => setTimeout(done, 600));
  const log = (await world.server.log()).slice(before);
  assert.deepEqual(
    log.filter(({ method }) => method !== "OPTIONS").map(({ path }) => path),
    [],
  );
});

scenario("test(signin) and test(refresh) leave no key and show no secret", async (world) => {
  const tab = await world.openTab(DPOP);
  const signin = await tab.ok("test", "signin", world.user);
  assert.equal(signin.ok, true);
  await left(tab, 0);
  await tab.ok("signin", world.user);
  const refresh = await tab.ok("test", "refresh");
  assert.equal(refresh.ok, true);
  const told = JSON.stringify([signin, refresh, await tab.evaluate(() => globalThis.auth.trace())]);
  for (const token of await world.tokens()) assert.ok(!told.includes(token));
  assert.ok(!/eyJ0eXAiOiJkcG9w/.test(told), "a proof");
  await assertBound(world, tab);
});

for (const hours of [-24, 1]) {
  scenario(`a clock that is ${hours} h off: proofs go by the clock that the server shows`, async (world) => {
    await world.context.route(`${world.server.url}/**`, async (route) => {
      const response = await route.fetch();
      const shown = response.headers()["access-control-expose-headers"];
      await route.fulfill({ response, headers: { ...response.headers(), "access-control-expose-headers": `${shown}, Date` } });
    });
    const tab = await world.openTab(DPOP);
    await world.setClock(hours * 3_600_000);
    await tab.ok("signin", world.user);
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    await world.expire();
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    assert.equal(await world.refreshes(), 1);
    // The device finds the right time by itself.
    await world.setClock(-hours * 3_600_000);
    assert.equal((await tab.ok("refreshAccessToken", { force: true })).refreshed, true);
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  });
}
