// @ts-check
/** Promises of SECURITY.md, each with what somebody would try against it. */

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

const MB = 2 ** 20;

/** What each request to the site carried, as one text, by where it went. @param {any} site @param {string} origin */
const seenAt = (site, origin) => JSON.stringify(site.requests.filter((request) => request.origin === origin));

scenario("an answer that is small only while it is packed is read up to 4 MB", async (world) => {
  const { site } = world;
  const bomb = gzipSync(Buffer.from(`{"token":"${"x".repeat(64 * MB)}`));
  assert.ok(bomb.length < 90_000, `${bomb.length} bytes`);
  // What is said to come after it never does: who wants all of it waits until the time is up.
  const headers = { "content-encoding": "gzip", "content-length": "99999" };
  site.answer("/login", { headers, parts: [/** @type {any} */ (bomb), ""] });
  const flows = { signin: { url: `${site.other}/login`, json: "{{ inputs }}" } };
  const tab = await world.openTab({ options: { flows, timeoutSeconds: 15 } });
  await tab.fails("ERR_INVALID_RESPONSE", "signin", world.user);
});

scenario("a base element that points elsewhere takes neither password nor token there", async (world) => {
  const { site } = world;
  site.answer("/login", { body: '{"access_token":"canary-token","refresh_token":"canary-refresh","expires_in":60}' });
  site.answer("/me", { body: "{}" });
  const flows = {
    signin: { url: "/login", json: "{{ inputs }}" },
    refresh: { url: "refresh", json: { token: "{{ session.refreshToken }}" } },
    revoke: { url: "/revoke", json: { token: "{{ session.refreshToken }}" } },
    // What may go on to another origin may not begin there.
    check: { url: "/me", redirect: "follow" },
  };
  const tab = await world.openTab({ options: { flows } });
  const lead = () =>
    tab.evaluate((href) => document.head.prepend(Object.assign(document.createElement("base"), { href })), `${site.other}/x/`);
  await lead();
  const { message } = await tab.fails("ERR_UNREACHABLE", "signin", world.user);
  assert.match(message, /a <base> leads this request to another origin/);
  await tab.reload();
  await tab.ok("signin", world.user);
  await lead();
  await tab.call("check");
  await tab.call("refreshAccessToken", { force: true });
  await tab.call("fetch", "echo", { method: "POST", body: "own" }).catch(() => {});
  await tab.call("logout", { navigate: false });
  const elsewhere = seenAt(site, site.other);
  for (const secret of [world.user.password, "canary-token", "canary-refresh"]) assert.ok(!elsewhere.includes(secret), elsewhere);
  // A base of the page's own origin is none of our business.
  await tab.evaluate((href) => document.querySelector("base")?.setAttribute("href", href), `${site.origin}/deep/`);
  site.answer("/deep/refresh", { body: '{"access_token":"canary-next","expires_in":60}' });
  await tab.ok("signin", world.user);
  assert.equal((await tab.ok("refreshAccessToken", { force: true })).refreshed, true);
});

for (const isLedAway of [false, true]) {
  const what = isLedAway ? "is led away by the base of the page around it, and sends nothing" : "has that page's origin";
  scenario(`a frame of srcdoc ${what}`, async (world) => {
    const { site } = world;
    site.answer("/login", { body: '{"access_token":"canary-token","expires_in":60}' });
    const tab = await world.openTab({
      at: "/elsewhere.html",
      start: false,
      options: { flows: { signin: { url: "/login", json: "{{ inputs }}" } } },
    });
    await tab.evaluate(
      ([origin, base]) => {
        if (base) document.head.prepend(Object.assign(document.createElement("base"), { href: base }));
        const srcdoc = `<script type="module" src="${origin}/kit.mjs"></script>`;
        document.body.append(Object.assign(document.createElement("iframe"), { srcdoc }));
      },
      [site.origin, isLedAway ? `${site.other}/` : undefined],
    );
    await tab.page.waitForFunction(() => frames[0] && "kit" in frames[0]);
    [, tab.target] = tab.page.frames();
    await tab.startAuth();
    if (isLedAway) {
      const { message } = await tab.fails("ERR_UNREACHABLE", "signin", world.user);
      assert.match(message, /a <base> leads this request to another origin/);
      assert.ok(!seenAt(site, site.other).includes(world.user.password));
    } else {
      await tab.ok("signin", world.user);
      await tab.fetch("/echo");
      const { headers } = site.requests.at(-1);
      assert.equal(headers.authorization, "Bearer canary-token");
    }
  });
}

scenario("an address that changes while it is looked at gets a token only where it is known", async (world) => {
  const { server, site } = world;
  const tab = await world.signedIn();
  const token = await tab.ok("accessToken");
  await tab.evaluate(
    async ([good, evil]) => {
      let asked = 0;
      const fickle = { toString: () => (asked++ % 2 ? evil : good) };
      for (let time = 0; time < 4; time++) await globalThis.auth.fetch(fickle);
      class Liar extends Request {
        get url() {
          return good;
        }
      }
      await globalThis.auth.fetch(new Liar(evil));
      const url = new URL(good);
      const call = globalThis.auth.fetch(url);
      url.href = evil;
      await call;
    },
    [`${server.url}/api/me`, `${site.other}/echo`],
  );
  assert.ok(!seenAt(site, site.other).includes(token));
});

scenario("what is attached beside Authorization follows no redirect, however the request was made", async (world) => {
  const { site } = world;
  const attach = {
    origins: [site.origin],
    headers: { "X-Token": "{{ session.accessToken }}" },
    body: { token: "{{ session.accessToken }}" },
  };
  const tab = await world.signedIn({ options: { attach } });
  const token = await tab.ok("accessToken");
  for (const status of [301, 302, 303, 307, 308]) {
    site.answer(`/moved${status}`, { status, headers: { location: `${site.other}/echo` } });
    await tab.evaluate(async (url) => {
      const json = { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" };
      for (const made of [() => [url, json], () => [new Request(url, json)], () => [new Request(url)], () => [new URL(url), json]]) {
        await globalThis.kit.outcome(() => globalThis.auth.fetch(...made()));
      }
    }, `${site.origin}/moved${status}`);
  }
  assert.ok(seenAt(site, site.origin).includes(token), "it was attached");
  assert.ok(!seenAt(site, site.other).includes(token), seenAt(site, site.other));
});

scenario("what a page puts on all objects takes no cookie, referrer, redirect or token along", async (world) => {
  const { site } = world;
  site.answer("/login", { body: '{"access_token":"canary-token","refresh_token":"canary-refresh","expires_in":600}' });
  site.answer("/refresh", { status: 307, headers: { location: `${site.other}/echo` } });
  const flows = {
    signin: { url: `${site.origin}/login`, json: "{{ inputs }}" },
    refresh: { url: `${site.origin}/refresh`, json: { token: "{{ session.refreshToken }}" } },
  };
  const tab = await world.openTab({ options: { flows, attach: { origins: [site.origin] } } });
  await tab.evaluate((elsewhere) => {
    document.cookie = "own=1";
    const polluted = {
      redirect: "follow",
      credentials: "include",
      referrerPolicy: "unsafe-url",
      cache: "force-cache",
      mode: "cors",
      origins: [elsewhere],
      attach: { origins: [elsewhere] },
      withCookies: true,
    };
    for (const [name, value] of Object.entries(polluted)) Object.defineProperty(Object.prototype, name, { value, configurable: true });
  }, site.other);
  await tab.ok("signin", world.user);
  await tab.call("refreshAccessToken", { force: true });
  await tab.fetch(`${site.other}/echo`);
  const [login] = site.requests;
  assert.deepEqual([login.headers.cookie, login.headers.referer, login.headers["cache-control"]], [undefined, undefined, "no-cache"]);
  const elsewhere = seenAt(site, site.other);
  assert.ok(!/canary-(token|refresh)/.test(elsewhere), elsewhere);
});

scenario("a tab that is closed in the click that signs out is signed out, and so is the next", async (world) => {
  const tab = await world.signedIn();
  await world.server.fail({ path: "/token/revocation", mode: "hang", times: Infinity });
  await tab.evaluate(() => void globalThis.auth.logout().catch(() => {}));
  await tab.page.close();
  const next = await world.openTab();
  assert.equal((await next.status()).signedIn, false);
  await next.fails("ERR_SIGNED_OUT", "accessToken");
  await world.assertNoTokenStored(next);
});

scenario("a call that is given up does not end the refresh that others wait for", async (world) => {
  const { site } = world;
  const tab = await world.signedIn({ options: { attach: { origins: [site.origin] } } });
  await world.expire();
  // The server has the refresh no sooner than the call has ended.
  await tab.page.route(`${world.server.url}/token`, async (route) => {
    await tab.evaluate(() => globalThis.giveUp());
    await route.continue();
  });
  const told = await tab.evaluate(async () => {
    const abort = new AbortController();
    const given = globalThis.auth.fetch("/echo", { signal: abort.signal }).catch(({ code }) => code);
    globalThis.giveUp = () => {
      abort.abort();
      return given;
    };
    const waiting = globalThis.auth.accessToken();
    return [await given, typeof (await waiting)];
  });
  assert.deepEqual(told, ["ERR_CANCELLED", "string"]);
  assert.equal(await world.refreshes(), 1);
  assert.deepEqual(site.requests, [], "what was given up is not sent");
});

scenario("words of a stranger end no session, hold up no call and bring no request", async (world) => {
  const tab = await world.signedIn();
  const stranger = await world.openTab({ start: false });
  const began = Date.now();
  await stranger.evaluate(
    async ([name, now]) => {
      const channel = new BroadcastChannel(name);
      const odd = [
        null,
        7,
        {},
        [],
        "",
        "ended",
        "ended x",
        "ended 1e999",
        `ended ${now}`,
        "signedOut",
        { op: "signedOut" },
        "x".repeat(1e6),
      ];
      for (let at = 0; at < 500; at++) for (const word of ["changed", "active", "refreshing", ...odd]) channel.postMessage(word);
      const storage = (/** @type {any} */ init) => dispatchEvent(new StorageEvent("storage", init));
      storage({ key: null });
    },
    [tab.start.options.name ?? "doorkey", began],
  );
  assert.equal(await tab.ok("check"), true);
  assert.equal((await tab.status()).signedIn, true);
  assert.deepEqual(await tab.events(), ["signedIn"]);
  assert.equal(await world.refreshes(), 0);
});

scenario("a word ends a session of copies if it says when that began, and only then", async (world) => {
  const tab = await world.signedIn({ options: { storage: "session" } });
  const stranger = await world.openTab({ start: false });
  const { signedInAt } = JSON.parse((await tab.stored()).doorkey).tokens;
  const say = (/** @type {string} */ word) => stranger.evaluate((text) => new BroadcastChannel("doorkey").postMessage(text), word);
  for (const off of [-1, 1]) await say(`ended ${signedInAt + off}`);
  await say("changed");
  await tab.ok("storeValue", "later", "than these");
  assert.equal((await tab.status()).signedIn, true);
  await say(`ended ${signedInAt}`);
  assert.equal((await tab.event("signedOut")).reason, "otherTab");
});

scenario("a word that the user is there holds off the end by idleSeconds, and no more", async (world) => {
  const tab = await world.signedIn({ options: { idleSeconds: 600 } });
  const stranger = await world.openTab({ start: false });
  const wake = () => tab.evaluate(() => dispatchEvent(new Event("online")));
  await world.sleep(550_000);
  // This channel is younger than doorkey's own, and gets each word after it.
  await tab.evaluate(
    () => void Object.assign(globalThis, { word: new Promise((come) => (new BroadcastChannel("doorkey").onmessage = come)) }),
  );
  await stranger.evaluate(() => new BroadcastChannel("doorkey").postMessage("active"));
  await tab.evaluate(async () => void (await /** @type {any} */ (globalThis).word));
  await world.sleep(550_000);
  await wake();
  await tab.ok("storeValue", "later", true);
  assert.equal((await tab.status()).signedIn, true);
  await world.sleep(100_000);
  await wake();
  assert.equal((await tab.event("signedOut")).reason, "idle");
});

scenario("markup in what a server says is text in the dialog, in a notice and in the panel", async (world) => {
  const markup = '<img src="x" onerror="globalThis.harmed = 1"><script>globalThis.harmed = 1</script>';
  const { flows } = world.server.options();
  const { form } = flows.signin;
  const signin = [
    { form: { title: markup, fields: [{ name: "login", label: markup, help: markup }] } },
    { request: { ...flows.signin, form: { ...form, username: "{{ form1.login }}", password: "x" } } },
  ];
  const tab = await world.openTab({
    options: { flows: { ...flows, signin } },
    complete: (options, kit) => ({ ...options, host: { ...kit.doorkey.hosts.browser(), navigateTo() {} } }),
  });
  await tab.evaluate(async () => {
    for (const part of ["ui", "panel"]) await import(`/pkg/dist/doorkey.${part}.mjs`);
    document.body.append(Object.assign(document.createElement("doorkey-panel"), { auth: globalThis.auth }));
  });
  await world.server.fail({ path: "/token", status: 400, body: { error: "invalid_grant", error_description: markup }, times: Infinity });
  const call = tab.evaluate(() => globalThis.kit.outcome(() => globalThis.auth.signin()));
  await tab.page.locator("dialog input").fill(markup);
  await tab.page.keyboard.press("Enter");
  const shown = () => document.querySelector("doorkey-form")?.shadowRoot?.querySelector("[role=alert]")?.textContent;
  await tab.until(`(${shown})()?.includes("onerror")`);
  await tab.page.keyboard.press("Escape");
  await call;
  await tab.ok("storeValue", markup, { [markup]: markup });
  await tab.ok("test", "check");
  await tab.until((text) => document.querySelector("doorkey-panel")?.shadowRoot?.textContent?.includes(text), "onerror");
  const found = await tab.evaluate(() => {
    const roots = [...document.querySelectorAll("doorkey-form, doorkey-panel")].map(({ shadowRoot }) => shadowRoot);
    return [roots.some((root) => root?.querySelector("img, script")), document.querySelectorAll("main img, body > img").length];
  });
  assert.deepEqual(found, [false, 0]);
  assert.equal(await tab.evaluate(() => "harmed" in globalThis), false);
});

scenario("storage memory: no place that a page can write to holds anything", async (world) => {
  const tab = await world.signedIn({ options: { storage: "memory" } });
  await tab.ok("storeValue", "theme", "dark");
  const places = await tab.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    cookie: document.cookie,
    window: name,
    history: history.state,
    hash: location.hash,
    files: await Array.fromAsync(/** @type {any} */ (await navigator.storage.getDirectory()).keys()),
    stored: Object.keys({ ...localStorage, ...sessionStorage }),
  }));
  assert.deepEqual(places, {
    databases: [],
    caches: [],
    workers: 0,
    cookie: "",
    window: "",
    history: null,
    hash: "",
    files: [],
    stored: [],
  });
  await tab.reload();
  assert.equal((await tab.status()).signedIn, false);
});
