// @ts-check
// <doorkey-panel> on a page of its own: looks, keyboard, policy, and that it goes with the page.
import assert from "node:assert/strict";
import { suite } from "./kit.mjs";

const scenario = suite();
const SCHEME = "<style>:root { color-scheme: light dark; background: light-dark(#fff, #111); color: light-dark(#000, #fff) }</style>";

/** Makes a session with what a server would answer, and its panel. @param {import("./kit.mjs").Kit} kit @param {object} [more] options */
async function show({ page }, more = {}) {
  await page.evaluate(async (extra) => {
    const [doorkey] = await Promise.all([
      import(/** @type {any} */ ("/pkg/doorkey.mjs")),
      import(/** @type {any} */ ("/pkg/doorkey.panel.mjs")),
    ]);
    const signin = () => ({ access_token: "canary-access", refresh_token: "canary-refresh", expires_in: 600 });
    const options = { flows: { signin, refresh: signin }, expose: { accessToken: "plain" }, ...extra };
    const auth = doorkey.createAuth(options);
    const panel = Object.assign(document.createElement("doorkey-panel"), { auth, options });
    document.querySelector("main")?.append(panel);
    Object.assign(globalThis, { auth, panel });
  }, more);
}

/** Diagnoses by the button; gives what is shown, by what it is about. @param {import("./kit.mjs").Kit} kit */
async function diagnose({ page }) {
  await page.getByRole("button", { name: "Diagnose" }).click();
  await page
    .getByRole("status")
    .getByText(/^\d+ to mend/)
    .waitFor();
  return shown(page);
}

/** @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
const shown = (page) =>
  page
    .locator("doorkey-panel .findings > li")
    .evaluateAll((items) => items.map(({ dataset }) => `${/** @type {any} */ (dataset).about} ${/** @type {any} */ (dataset).level}`));

/** @param {import("./kit.mjs").Kit} kit @param {string} call */
const run = ({ page }, call) => page.evaluate(`${call}.then(() => {})`);

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  for (const [device, width] of /** @type {const} */ ([
    ["phone", 375],
    ["wide", 1280],
  ])) {
    scenario(
      `axe finds nothing, and nothing is cut off: ${device}, ${colorScheme}`,
      async (kit) => {
        await show(kit);
        await kit.assertAccessible("signed out");
        await run(kit, `auth.signin("ada@example.com", "canary-password")`);
        await run(
          kit,
          `auth.storeValue("theme", { name: "dark", accents: ["#5b2a86", "a-long-word-that-can-not-be-broken-anywhere-at-all-on-a-phone"] })`,
        );
        await run(kit, "auth.refreshAccessToken({ force: true })");
        await kit.page.getByText("token renewed").waitFor();
        await diagnose(kit);
        await kit.page.locator("doorkey-panel .steps summary").first().click();
        await kit.assertAccessible("signed in, diagnosed");
        assert.equal(await kit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"), 0);
      },
      { context: { colorScheme, viewport: { width, height: 800 } }, head: SCHEME },
    );
  }
}

scenario("it shows session, store, events and trace as they become", async (kit) => {
  await show(kit);
  const { page } = kit;
  await page.getByText("Signed out", { exact: true }).waitFor();
  await page.getByText("No event yet.").waitFor();
  await run(kit, `auth.signin("ada@example.com", "canary-password")`);
  await page.getByText("Signed in", { exact: true }).waitFor();
  await page.getByText("signedIn", { exact: true }).waitFor();
  await page.locator("doorkey-panel .steps code").first().waitFor();
  assert.match(await page.getByTestId("expires-in").innerText(), /^(10|9) min/);
  await page.getByLabel("Key").fill("theme");
  await page.getByLabel("Value", { exact: true }).fill("dark");
  await page.getByRole("button", { name: "Store", exact: true }).click();
  await page.getByRole("button", { name: "Remove theme" }).click();
  await page.getByRole("button", { name: "Remove theme" }).waitFor({ state: "detached" });
  await run(kit, "auth.logout()");
  await page.getByText("Signed out", { exact: true }).waitFor();
});

scenario("the keyboard alone: open and close a part, diagnose, read what to write", async (kit) => {
  await show(kit);
  const { page } = kit;
  await page.focus("#opener");
  await page.keyboard.press("Tab");
  assert.equal(await kit.focused(), "Session");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("doorkey-panel details").first().getAttribute("open"), null);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await kit.focused(), "Diagnose");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page
    .getByRole("status")
    .getByText(/^\d+ to mend/)
    .waitFor();
  assert.equal(await kit.focused(), "Diagnose", "the button keeps the focus");
});

scenario(
  "under a strict policy it is dressed, and says what the policy has stopped",
  async (kit) => {
    await show(kit, { flows: { signin: { url: "http://127.0.0.1:9/token?key=canary-key", json: {} } } });
    assert.equal(await kit.page.locator("doorkey-panel .box").evaluate((box) => getComputedStyle(box).borderTopStyle), "solid");
    const found = await diagnose(kit);
    assert.ok(found.includes("csp fault"), found.join());
    assert.equal(found.includes("cors fault"), false, found.join());
    await kit.page.getByText("connect-src http://127.0.0.1:9").waitFor();
    await kit.assertAccessible("a fault");
  },
  {
    head: `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:">`,
  },
);

scenario(
  "where the policy forbids WebAssembly the panel is there all the same, and says what to write",
  async (kit) => {
    await show(kit).catch(() => {});
    await kit.page.evaluate(() => {
      const panel = document.querySelector("doorkey-panel") ?? document.createElement("doorkey-panel");
      document.querySelector("main")?.append(panel);
    });
    const found = await diagnose(kit);
    assert.ok(found.includes("session fault"), found.join());
    await kit.page
      .getByText(/Can't be read now: ERR_NOT_READY|There is no session to show/)
      .first()
      .waitFor();
  },
  {
    head: `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:">`,
  },
);

scenario("no secret is in its document, nor in what it finds or tells other panels", async (kit) => {
  await kit.page.evaluate(() => {
    const heard = /** @type {string[]} */ ([]);
    Object.assign(globalThis, { heard });
    new BroadcastChannel("doorkey-panel").onmessage = ({ data }) => heard.push(JSON.stringify(data));
  });
  const signin = [
    {
      request: { url: `${kit.url}/token.json?key=canary-key`, headers: { "X-Key": "canary-header" }, json: { p: "{{ inputs.password }}" } },
    },
  ];
  const answer = { access_token: "canary-access", refresh_token: "canary-refresh", expires_in: 600 };
  /** @type {string[]} */
  const asked = [];
  await kit.page.route("**/token.json*", async (route) => {
    asked.push(`${route.request().method()} ${route.request().url()} ${JSON.stringify(route.request().headers())}`);
    await route.fulfill({ json: answer });
  });
  await show(kit, { flows: { signin } });
  await run(kit, `auth.signin("ada@example.com", "canary-password")`);
  await kit.page.locator("doorkey-panel .steps code").first().waitFor();
  await run(kit, `auth.storeValue("mine", { token: "canary-named", note: "a eyJhbGciOiJub25l.eyJzdWIiOiJhZGEi.canaryform b" })`);
  await kit.page.getByText('{"token":"[redacted]","note":"a [redacted] b"}').waitFor();
  const found = await kit.page.evaluate(() => /** @type {any} */ (globalThis).panel.diagnose());
  await diagnose(kit);
  const places = await kit.page.evaluate(() => {
    const { panel, heard } = /** @type {any} */ (globalThis);
    return {
      document: panel.outerHTML + panel.shadowRoot.innerHTML,
      heard: JSON.stringify(heard),
      values: JSON.stringify(globalThis.auth.status()),
    };
  });
  assert.match(places.document, /signin/);
  assert.notEqual(places.heard, "[]");
  assert.equal(asked.filter((request) => request.startsWith("HEAD ")).length > 0, true, "Diagnose has asked the endpoint");
  const heads = asked.filter((request) => request.startsWith("HEAD ")).join();
  for (const [place, text] of Object.entries({ ...places, heads, found: JSON.stringify(found) })) {
    // An endpoint's address stands in the trace as its page has written it.
    const written = place === "document" ? [] : ["canary-key"];
    const others = ["canary-access", "canary-refresh", "canary-password", "canary-header", "canary-named", "canaryform"];
    for (const secret of [...others, ...written]) {
      assert.equal(text.includes(secret), false, `${place} holds ${secret}`);
    }
  }
});

scenario("what is only later known as a token is masked in the steps that are shown, and they stay open", async (kit) => {
  const { page, url } = kit;
  const answers = { first: { data: { handle: "canary-handle-0001" } }, second: { ok: true } };
  for (const [name, json] of Object.entries(answers)) await page.route(`**/${name}.json`, (route) => route.fulfill({ json }));
  const signin = [
    { request: { url: `${url}/first.json`, json: {} } },
    { form: { fields: [{ name: "pin", type: "text" }] } },
    { request: { url: `${url}/second.json`, json: {} } },
    { define: { accessToken: "{{ http1.body.data.handle }}" } },
  ];
  await show(kit, { flows: { signin } });
  const step = page.getByTestId("trace").locator("li", { has: page.getByText("http1", { exact: true }) });
  await page.evaluate(`void auth.signin({})`);
  await page.keyboard.type("1234");
  await step.locator("summary").evaluate((summary) => summary.click());
  assert.match(await step.locator("pre").innerText(), /canary-handle/, "nobody could know");
  await page.keyboard.press("Enter");
  await page.getByText("Signed in", { exact: true }).waitFor();
  assert.match(await step.locator("pre").innerText(), /"handle": "\[redacted\]"/);
  assert.equal(await page.evaluate(() => /** @type {any} */ (globalThis).panel.shadowRoot.textContent.includes("canary")), false);
});

scenario("a panel that has no options shows no text of the store, which may be a token", async (kit) => {
  await show(kit, { expose: { accessToken: "bearer", refreshToken: "renewal" } });
  const { page } = kit;
  await page.evaluate(() => Object.assign(/** @type {any} */ (globalThis).panel, { options: undefined }));
  await run(kit, `auth.signin("ada@example.com", "canary-password")`);
  await run(kit, `auth.storeValue("cart", { size: 3, isOpen: true, note: "canary-note" })`);
  await page.getByText('{"size":3,"isOpen":true,"note":"[redacted]"}').waitFor();
  await page.getByText("The panel was given no options, so no text is shown").waitFor();
  const store = page.getByTestId("store");
  assert.equal((await store.innerText()).includes("canary"), false);
  assert.equal(await store.getByText("[redacted]").count(), 3);
  await page.evaluate(() => {
    const { panel } = /** @type {any} */ (globalThis);
    panel.options = { expose: { accessToken: "bearer", refreshToken: "renewal" } };
  });
  await page.getByText('{"size":3,"isOpen":true,"note":"canary-note"}').waitFor();
  assert.equal(await store.getByText("[redacted]").count(), 2);
});

scenario("Diagnose signs nobody out: what it asks of the page's own server has no cookie", async (kit) => {
  const { page, url } = kit;
  /** @type {import("playwright-core").Request[]} */
  const heads = [];
  page.on("request", (request) => request.method() === "HEAD" && heads.push(request));
  await page.evaluate(() => (document.cookie = "sid=canary-cookie"));
  const flow = (/** @type {string} */ path) => ({ url: path, credentials: "include" });
  const flows = { signin: flow("/login"), refresh: flow("/renew"), revoke: flow("/logout"), check: flow("/me") };
  await show(kit, { tokens: false, expose: undefined, flows });
  await diagnose(kit);
  const paths = [...new Set(heads.map((request) => request.url().slice(url.length)))].sort();
  assert.deepEqual(paths, ["/login", "/logout", "/me", "/page.html", "/renew"]);
  for (const request of heads) {
    const { cookie } = await request.allHeaders();
    assert.equal(cookie, undefined, request.url());
  }
});

scenario("what panels say to each other is the name, the path and the origins", async (kit) => {
  await kit.page.evaluate(() => {
    const heard = /** @type {any[]} */ ([]);
    Object.assign(globalThis, { heard });
    new BroadcastChannel("doorkey-panel").onmessage = ({ data }) => heard.push(data);
    history.replaceState(null, "", "?code=canary-code#canary-hash");
  });
  await show(kit, { name: "shop", flows: { signin: { url: `${kit.url}/token.json?key=canary-key`, json: { p: "canary-literal" } } } });
  await kit.page.waitForFunction(() => /** @type {any} */ (globalThis).heard.length > 0);
  const heard = await kit.page.evaluate(() => /** @type {any} */ (globalThis).heard);
  assert.equal(JSON.stringify(heard).includes("canary"), false, JSON.stringify(heard));
  // Beside them an object's number, which is made by chance, tells two of one name apart.
  for (const { about } of heard) {
    assert.deepEqual({ ...about, auth: typeof about.auth }, { name: "shop", servers: [kit.url], path: "/page.html", auth: "string" });
  }
});

scenario("it goes with the page: no listener, timer or channel is left, and it comes back", async (kit) => {
  await kit.page.evaluate(() => {
    const live = { listeners: 0, timers: 0, channels: 0 };
    const { setInterval: begin, clearInterval: end, BroadcastChannel: Channel } = globalThis;
    const targets = [globalThis, document];
    for (const target of targets) {
      const { addEventListener: add, removeEventListener: remove } = target;
      target.addEventListener = (/** @type {any[]} */ ...[type, listener, how]) => {
        live.listeners += 1;
        how?.signal?.addEventListener("abort", () => (live.listeners -= 1));
        return /** @type {any} */ (add).call(target, type, listener, how);
      };
      target.removeEventListener = (/** @type {any[]} */ ...[type, listener, how]) => {
        live.listeners -= 1;
        return /** @type {any} */ (remove).call(target, type, listener, how);
      };
    }
    Object.assign(globalThis, {
      live,
      setInterval: (/** @type {any[]} */ ...args) => ((live.timers += 1), /** @type {any} */ (begin)(...args)),
      clearInterval: (/** @type {any} */ timer) => ((live.timers -= 1), end(timer)),
      BroadcastChannel: class extends Channel {
        constructor(/** @type {string} */ name) {
          super(name);
          live.channels += 1;
        }
        close() {
          live.channels -= 1;
          super.close();
        }
      },
    });
  });
  await kit.page.evaluate(() => import(/** @type {any} */ ("/pkg/doorkey.panel.mjs")));
  const counts = () =>
    kit.page.evaluate(() => {
      const { live, subscribed } = /** @type {any} */ (globalThis);
      return { ...live, subscribed: subscribed.size };
    });
  await kit.page.evaluate(() => {
    const subscribed = new Set();
    const auth = {
      signin() {},
      status: () => ({ signedIn: false, expiresAt: null, expiresInSeconds: null, hasRefreshToken: false }),
      values: () => ({}),
      trace: () => [],
      on(/** @type {string} */ type) {
        subscribed.add(type);
        return () => subscribed.delete(type);
      },
    };
    const panel = Object.assign(document.createElement("doorkey-panel"), { auth });
    Object.assign(globalThis, { subscribed, panel });
    document.querySelector("main")?.append(panel);
  });
  const open = await counts();
  assert.ok(open.listeners > 0 && open.timers > 0 && open.channels > 0 && open.subscribed === 6, JSON.stringify(open));
  await kit.page.evaluate(() => /** @type {any} */ (globalThis).panel.remove());
  assert.deepEqual(await counts(), { listeners: 0, timers: 0, channels: 0, subscribed: 0 });
  await kit.page.evaluate(() => document.querySelector("main")?.append(/** @type {any} */ (globalThis).panel));
  assert.deepEqual(await counts(), open);
  await kit.page.evaluate(() => Object.assign(/** @type {any} */ (globalThis).panel, { options: { name: "shop" } }));
  assert.deepEqual(await counts(), open, "other options take the place of the former");
});

scenario("a global that comes later is found by the attribute; what is not doorkey's is not", async (kit) => {
  await kit.page.evaluate(async () => {
    await import(/** @type {any} */ ("/pkg/doorkey.panel.mjs"));
    /** @type {any} */ (globalThis).shop = { signin() {}, on: () => () => {}, status: () => ({ signedIn: true }) };
    document.querySelector("main")?.insertAdjacentHTML("beforeend", `<doorkey-panel auth="shop"></doorkey-panel>`);
  });
  await kit.page.getByText("There is no session to show").waitFor();
  await kit.page.evaluate(async () => {
    const { createAuth } = await import(/** @type {any} */ ("/pkg/doorkey.mjs"));
    /** @type {any} */ (globalThis).shop = createAuth({ name: "shop", flows: { signin: () => ({}) } });
  });
  await kit.page.getByText("Signed out", { exact: true }).waitFor();
});
