// @ts-check
// What a user sees, in each browser that people have: the packed package, a real auth server, tabs of one session.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { unpackPackage } from "../e2e/lib/package.mjs";
import { Site } from "../e2e/lib/site.mjs";
import { startEmbedded } from "../servers/lib.mjs";
import { ENGINES, start } from "./engines.mjs";
import { isKept, Table } from "./table.mjs";

const LIFETIME_SECONDS = 60;
const limit = { timeout: 240_000 }; // a browser takes long to start on a busy machine

/** What a browser may lack, each with what finds it. */
const FEATURES = {
  "Web Locks": "Boolean(navigator.locks)",
  BroadcastChannel: "typeof BroadcastChannel === 'function'",
  IndexedDB: "typeof indexedDB === 'object'",
  "streaming of wasm": "typeof WebAssembly.instantiateStreaming === 'function'",
  "the reason of an aborted request": `(async () => {
    const abort = new AbortController();
    const answer = fetch(location.href, { signal: abort.signal });
    abort.abort("enough");
    return answer.then(() => true, (thrown) => thrown === "enough");
  })()`,
};

/** @type {Awaited<ReturnType<typeof startEmbedded>>} */
let server;
/** @type {Site} */
let site;
const table = new Table();

before(async () => {
  [site, server] = await Promise.all([Site.start(unpackPackage()), startEmbedded({ accessTtl: LIFETIME_SECONDS })]);
});

after(() => Promise.all([site?.stop(), server?.stop()]));

for (const engine of ENGINES) {
  describe(engine.name, () => {
    /** @type {Awaited<ReturnType<typeof start>>} */
    let started;
    /** @type {string} the window that stays */
    let first;
    /** @type {import("selenium-webdriver").WebDriver} */
    let browser;

    before(async () => {
      started = await start(engine);
      browser = started.browser;
      await browser.manage().setTimeouts({ script: 30_000, pageLoad: 60_000 });
      first = await browser.getWindowHandle();
    }, limit);

    after(() => started?.stop());

    beforeEach(async () => {
      await server.reset();
      await closeOthers();
      await browser.get(`${site.origin}/elsewhere.html`);
      await browser.executeScript("localStorage.clear()");
    });

    async function closeOthers() {
      for (const handle of await browser.getAllWindowHandles()) {
        if (handle === first) continue;
        await browser.switchTo().window(handle);
        await browser.close();
      }
      await browser.switchTo().window(first);
    }

    // `window` and not `globalThis`: Firefox runs scripts in a sandbox, from which the page sees nothing else.

    /** Loads the fixture page in the tab at hand, and makes the session. @param {object} [options] @param {string} [query] */
    async function open(options = {}, query = "") {
      await browser.get(`${site.origin}/app.html${query}`);
      await browser.wait(() => browser.executeScript("return Boolean(window.kit)"), 30_000);
      await browser.executeScript("window.auth = kit.start(arguments[0])", server.options(options));
    }

    /** What came of a call. @param {string} name @param {...any} args @returns {Promise<any>} */
    const outcome = (name, ...args) =>
      browser.executeAsyncScript(
        "const done = arguments[arguments.length - 1]; kit.call(arguments[0], arguments[1]).then((outcome) => done(JSON.parse(JSON.stringify(outcome))))",
        name,
        args,
      );

    /** The value of a call that must succeed. @param {string} name @param {...any} args */
    async function ok(name, ...args) {
      const { value, error } = await outcome(name, ...args);
      assert.ok(!error, `${name} failed with ${error?.code}: ${error?.message}`);
      return value;
    }

    /** The status of what the server answers to `fetch`, or why there is none. @param {string} path @returns {Promise<any>} */
    const answered = (path) =>
      browser.executeAsyncScript(
        "const done = arguments[arguments.length - 1]; kit.fetch(arguments[0]).then(({ value, error }) => done(value?.status ?? error.message))",
        server.url + path,
      );

    /** A test whose outcome stands in the table. @param {string} name @param {(context: import("node:test").TestContext) => Promise<any>} body */
    const check = (name, body) =>
      test(name, limit, async (context) => {
        table.add(name, engine.name, "FAILED");
        table.add(name, engine.name, (await body(context)) === false ? "no" : "yes");
      });

    const status = () => /** @type {Promise<any>} */ (browser.executeScript("return auth.status()"));
    const seen = async (/** @type {string} */ path) =>
      (await server.log()).filter((entry) => entry.path === path && entry.method !== "OPTIONS");
    const refreshes = async () => (await seen("/token")).filter(({ grant }) => grant === "refresh_token").length;

    check("every form of the package starts", async () => {
      await browser.get(`${site.origin}/elsewhere.html`);
      const started = await browser.executeAsyncScript(`
        const done = arguments[arguments.length - 1];
        const umd = () => new Promise((resolve, reject) => {
          const before = new Set(Object.keys(window));
          const script = Object.assign(document.createElement("script"), { src: "/pkg/dist/doorkey.umd.min.js", onerror: reject });
          script.onload = () => resolve([Object.keys(window).filter((key) => !before.has(key)), Doorkey.version, Doorkey.status().signedIn]);
          document.head.append(script);
        });
        const embedded = async () => { const { status, version } = await import("/pkg/dist/doorkey.mjs"); return [version, status().signedIn]; };
        const slim = async () => { const { init, status, version } = await import("/pkg/dist/doorkey.slim.mjs"); await init(); return [version, status().signedIn]; };
        Promise.all([umd(), embedded(), slim()]).then(done, (error) => done(String(error)));
      `);
      const { version } = /** @type {any} */ (await fetch(`${site.origin}/pkg/package.json`).then((response) => response.json()));
      assert.deepEqual(started, [
        [["Doorkey"], version, false],
        [version, false],
        [version, false],
      ]);
    });

    for (const [feature, expression] of Object.entries(FEATURES)) {
      check(`the browser has ${feature}`, async (context) => {
        const has = await browser.executeAsyncScript(
          `const done = arguments[arguments.length - 1]; Promise.resolve(${expression}).then(done)`,
        );
        if (!has) context.skip(`${started.version} lacks ${feature}, and doorkey does without`);
        return has;
      });
    }

    check("a user signs in, and is still signed in after a reload", async () => {
      await open();
      const { ok: done, navigated } = await ok("signin", server.user);
      assert.deepEqual([done, navigated], [true, true]);
      await open();
      assert.equal(typeof (await ok("accessToken")), "string");
      assert.equal((await status()).signedIn, true);
      assert.equal(await refreshes(), 0);
    });

    check("a token that the server refuses is renewed once, and the request is sent again", async () => {
      await open();
      await ok("signin", server.user);
      await server.shiftTime((LIFETIME_SECONDS + 1) * 1000);
      assert.equal(await answered("/api/orders"), 200);
      assert.equal(await refreshes(), 1);
      assert.deepEqual(
        (await seen("/api/orders")).map(({ status: code }) => code),
        [401, 200],
      );
    });

    check("two tabs refresh once, and a sign-out ends both", () => twoTabs({}));

    check("a vault can be had: a key that is not extractable rests in IndexedDB", async () => {
      await open({ storage: "vault" });
      await ok("storeValue", "theme", "dark");
      const stored = /** @type {any} */ (await browser.executeScript("return localStorage['doorkey.value:theme']"));
      assert.match(stored, /^v1\.[A-Za-z0-9+/=]+$/);
    });

    check("a vault: a user signs in, is signed in after a reload, and no token can be read", async () => {
      await open({ storage: "vault" });
      await ok("signin", server.user);
      await ok("storeValue", "theme", "canary");
      await open({ storage: "vault" });
      const token = await ok("accessToken");
      assert.equal((await status()).signedIn, true);
      assert.equal(await browser.executeScript("return auth.getValue('theme')"), "canary");
      await server.shiftTime((LIFETIME_SECONDS + 1) * 1000);
      await ok("refreshAccessToken", { force: true });
      assert.equal(await refreshes(), 1);
      await open({ storage: "vault" });
      const next = await ok("accessToken");
      assert.notEqual(next, token);
      const stored = String(await browser.executeScript("return JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"));
      for (const secret of [token, next, "canary", "accessToken"]) assert.ok(!stored.includes(secret), "it is in clear");
    });

    check("a vault: two tabs refresh once, and a sign-out ends both", () => twoTabs({ storage: "vault" }));

    /** Two tabs of one session refresh at once, and one signs out. @param {object} options */
    async function twoTabs(options) {
      await open(options);
      await ok("signin", server.user);
      await browser.switchTo().newWindow("tab");
      const second = await browser.getWindowHandle();
      await open(options);
      await ok("accessToken");
      await server.fail({ path: "/token", grant: "refresh_token", mode: "hold" });
      // Begun in both before either ends: the server keeps the first one waiting.
      const begin = "window.begun = kit.call('refreshAccessToken', [{ force: true }])";
      const end = "const done = arguments[arguments.length - 1]; begun.then(({ value, error }) => done(value ?? error))";
      await browser.executeScript(begin);
      await browser.switchTo().window(first);
      await browser.executeScript(begin);
      await browser.wait(async () => (await server.held()) === 1, 30_000, "no refresh has come");
      await server.release();
      const outcomes = [await browser.executeAsyncScript(end)];
      await browser.switchTo().window(second);
      outcomes.push(await browser.executeAsyncScript(end));
      assert.deepEqual(
        outcomes.map((outcome) => /** @type {any} */ (outcome).ok),
        [true, true],
      );
      assert.equal(await refreshes(), 1);

      await ok("logout");
      await browser.switchTo().window(first);
      await browser.wait(async () => !(await status()).signedIn, 30_000, "the other tab has not heard of the sign-out");
    }

    /**
     * Goes back to the page before, which makes its session again where it is loaded anew. Firefox asks for that where the session
     * may be in sessionStorage; a browser that is short of memory may have to.
     * @param {import("node:test").TestContext} context @param {object} options @param {string} [first] what it then runs first
     */
    async function back(context, options, first = "") {
      await browser.navigate().back();
      await browser.wait(() => browser.executeScript("return Boolean(window.kit)"), 30_000);
      const isNew = "if (window.auth) return false; window.auth = kit.start(arguments[0]);";
      if (!(await browser.executeScript(`${isNew} ${first}; return true`, server.options(options)))) return;
      const { storage, remember } = /** @type {any} */ (options);
      if (engine.name !== "firefox" || !(remember || storage === "session"))
        context.skip(`${started.version} has not kept the page (${storage})`);
    }

    check("a page that comes back by the back button goes on with the session as the next one left it", async (context) => {
      const sealed = { storage: "vault", remember: "{{ inputs.stay ?? false }}" }; // in sessionStorage as well
      for (const options of [{ storage: "local" }, { storage: "session" }, { storage: "vault" }, sealed]) {
        const { storage } = options;
        await open(options);
        await ok("signin", server.user);
        await open(options, "?next");
        await ok("refreshAccessToken", { force: true });
        const newest = await ok("accessToken");
        await back(context, options);
        await browser.wait(async () => (await ok("accessToken")) === newest, 30_000, `${storage}: the token is an old one`);
        await ok("refreshAccessToken", { force: true });
        await ok("logout");
        await browser.executeScript("auth.dispose()");
      }
    });

    check("a page that comes back by the back button finds a session that the next one did not want to be remembered", async (context) => {
      for (const storage of ["local", "vault"]) {
        const options = { storage, remember: "{{ inputs.stay ?? false }}" };
        await open(options);
        assert.equal((await status()).signedIn, false);
        await open(options, "?next");
        await ok("signin", server.user);
        await ok("storeValue", "cart", 1);
        const newest = await ok("accessToken");
        await back(context, options);
        await browser.wait(async () => (await status()).signedIn, 30_000, `${storage}: the page does not find it`);
        assert.equal(await ok("accessToken"), newest);
        assert.equal(await browser.executeScript("return auth.getValue('cart')"), 1);
        await ok("refreshAccessToken", { force: true });
        await ok("logout");
        await browser.executeScript("auth.dispose()");
      }
    });

    check("a page that comes back by the back button shows what the next one has stored", async (context) => {
      // Firefox keeps the sessionStorage of a page with the page.
      for (const storage of ["local", "vault"]) {
        await open({ storage });
        await ok("storeValue", "cart", 1);
        await ok("storeValue", "theme", "dark");
        await open({ storage }, "?next");
        await ok("storeValue", "cart", 2);
        await ok("removeValue", "theme");
        await ok("storeValue", "note", 3);
        await back(context, { storage });
        const shown = async () =>
          Object.entries(await browser.executeScript("return auth.values()"))
            .sort()
            .join();
        await browser.wait(async () => (await shown()) === "cart,2,note,3", 30_000, `${storage}: the page is not as it should be`);
        await browser.executeScript("localStorage.clear(); auth.dispose()");
      }
    });

    check("a protected page that comes back by the back button after a sign-out is left again", async (context) => {
      for (const storage of ["local", "session", "vault"]) {
        const options = { storage, pages: { login: "/app.html?login" } };
        await open(options, "?protected");
        await ok("signin", server.user);
        assert.equal(await ok("guard", "protected"), true);
        await ok("logout", { navigate: false });
        await browser.get(`${site.origin}/app.html?login`);
        await back(context, options, "auth.guard('protected')");
        const sentTo = () => browser.executeScript("return kit.record.navigations.at(-1)?.target");
        await browser.wait(async () => (await sentTo()) === "/app.html?login", 30_000, `${storage}: the page stays`);
        await browser.executeScript("auth.dispose()");
      }
    });

    check("requests of flows go through the page's service worker", async () => {
      const answer = `new Response('{"access_token":"of the worker"}', { headers: { "content-type": "application/json" } })`;
      const body = `addEventListener("install", () => skipWaiting());
        addEventListener("activate", (event) => event.waitUntil(clients.claim()));
        addEventListener("fetch", (event) => event.request.url.endsWith("/mocked") && event.respondWith(${answer}))`;
      site.answer("/sw.js", { headers: { "content-type": "text/javascript" }, body });
      await browser.executeAsyncScript(
        "const done = arguments[arguments.length - 1]; navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => done())",
      );
      await browser.wait(() => browser.executeScript("return Boolean(navigator.serviceWorker.controller)"), 30_000);
      try {
        await open({ flows: { signin: { url: "/mocked", json: "{{ inputs }}" } } });
        await ok("signin", server.user);
        assert.equal(await ok("accessToken"), "of the worker");
      } finally {
        await browser.executeAsyncScript(
          "const done = arguments[arguments.length - 1]; navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((it) => it.unregister()))).then(() => done())",
        );
        await browser.executeScript("auth.dispose()");
      }
    });

    check("a page that is left during a refresh holds nothing against the server", async () => {
      await open();
      await ok("signin", server.user);
      await server.fail({ path: "/token", grant: "refresh_token", mode: "hold" });
      await browser.executeScript("window.begun = kit.call('refreshAccessToken', [{ force: true }])");
      await browser.wait(async () => (await server.held()) === 1, 30_000, "no refresh has come");
      await browser.executeScript("location.href = '/app.html?next'");
      await browser.wait(() => browser.executeScript("return Boolean(window.kit) && location.search === '?next'"), 30_000);
      const record = /** @type {any} */ (await browser.executeScript("return JSON.parse(localStorage.doorkey)"));
      assert.deepEqual([Boolean(record.tokens), record.pause ?? null], [true, null]);
      await server.release();
    });

    check("a download that begins during a refresh costs no session", async () => {
      site.answer("/file", { headers: { "content-disposition": "attachment; filename=a.txt" }, body: "a file" });
      await open();
      await ok("signin", server.user);
      await server.fail({ path: "/token", grant: "refresh_token", mode: "hold" });
      await browser.executeScript("window.begun = kit.call('refreshAccessToken', [{ force: true }])");
      await browser.wait(async () => (await server.held()) === 1, 30_000, "no refresh has come");
      await browser.executeScript(`
        addEventListener("beforeunload", () => { window.isLeft = true; });
        const link = document.createElement("a");
        link.href = "/file";
        document.body.append(link);
        link.click();
      `);
      const end = "const done = arguments[arguments.length - 1]; begun.then(({ value, error }) => done(value ?? error))";
      // WebKit ends it, whatever it was sent with.
      if (engine.name === "webkit") {
        const { code } = /** @type {any} */ (await browser.executeAsyncScript(end));
        assert.equal(code, "ERR_UNREACHABLE");
        await server.release();
        return false;
      }
      await browser.wait(() => browser.executeScript("return window.isLeft"), 30_000, "the page is not about to be left");
      await new Promise((resolve) => setTimeout(resolve, 300));
      await server.release();
      assert.equal(/** @type {any} */ (await browser.executeAsyncScript(end)).ok, true);
      await ok("refreshAccessToken", { force: true });
    });

    check("a sign-out revokes the tokens and leaves none behind", async () => {
      await open();
      await ok("signin", server.user);
      const token = await ok("accessToken");
      const { revoked } = await ok("logout");
      assert.equal(revoked, true);
      assert.equal((await seen("/token/revocation")).length, 1);
      const stored = String(await browser.executeScript("return JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"));
      assert.ok(!stored.includes(token), "the token is still in storage");
      assert.equal((await status()).signedIn, false);
    });

    check("tokens bound to a key (DPoP) outlive a reload and a refresh, and go with the key", async () => {
      await open({ dpop: true });
      await ok("signin", server.user);
      await open({ dpop: true });
      for (const path of ["/api/me", "/me"]) assert.equal(await answered(path), 200);
      await ok("refreshAccessToken", { force: true });
      assert.equal(await answered("/api/me"), 200);
      const token = await ok("accessToken");
      const stolen = await fetch(`${server.url}/api/me`, { headers: { Authorization: `DPoP ${token}` } });
      assert.equal(stolen.status, 401, "without the key it opens nothing");
      assert.equal((await ok("logout")).revoked, true);
      await ok("signin", server.user);
      // The browser's data are half cleared.
      await browser.executeAsyncScript(
        "const done = arguments[arguments.length - 1]; auth.dispose(); Object.assign(indexedDB.deleteDatabase('doorkey'), { onsuccess: done })",
      );
      await open({ dpop: true });
      const { error } = await outcome("refreshAccessToken", { force: true });
      assert.equal(error.code, "ERR_REFRESH_REJECTED");
      assert.equal((await status()).signedIn, false);
    });
  });
}

test("docs/browsers.md says what was seen", () => {
  const browsers = ENGINES.map(({ name }) => name);
  assert.ok(isKept(table.text(browsers)), "the table in docs/browsers.md is out of date: run this again with DOORKEY_MATRIX=renew");
});
