// @ts-check
/** Sign-in by redirect on pages that are not like others: without storage, mounted twice, kept by the browser, left by a deep link. */

import assert from "node:assert/strict";
import { before } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { codeBlocks } from "../package/markdown.mjs";
import { PAGE_CLIENT_ID, redirectOptions } from "../servers/options.mjs";
import { answered, approve, comeBack, exchanges, isSignedIn, leave, open } from "./lib/redirect.mjs";
import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** Runs before a page's scripts. */
const denyStorage = () => {
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(globalThis, name, {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });
  }
};
const denyDatabases = () => Object.defineProperty(globalThis, "indexedDB", { value: undefined });

scenario("where nothing can be kept nobody is sent away: storage and IndexedDB are denied", async (world) => {
  const tab = await open(world, {}, { storage: "memory" }, { before: `(${denyStorage})(); (${denyDatabases})()` });
  const error = await tab.fails("ERR_STORAGE_DENIED", "signin");
  assert.match(error.message, /nothing can be kept/);
  assert.equal(tab.page.url(), `${world.site.origin}/app.html`);
  assert.ok(!tab.urls.some((url) => url.includes("response_type=")));
});

scenario("where nothing can be kept nobody is sent away: a sandboxed frame", async (world) => {
  const tab = await open(world, {}, { storage: "memory" }, { at: "/sandbox.html", start: false });
  [, tab.target] = tab.page.frames();
  await tab.until(() => Boolean(globalThis.kit));
  await tab.startAuth();
  await tab.fails("ERR_STORAGE_DENIED", "signin");
  assert.equal(await tab.evaluate(() => location.pathname), "/app.html");
  assert.ok(!tab.urls.some((url) => url.includes("response_type=")));
});

scenario("where sessionStorage is denied, what must survive the way does so in IndexedDB, and works once", async (world) => {
  const tab = await open(world, {}, { storage: "memory" }, { before: denyStorage });
  const address = await answered(tab, world);
  assert.equal((await tab.ok("signinCallback")).ok, true);
  assert.equal(await isSignedIn(tab), true);
  assert.equal(tab.page.url(), `${world.site.origin}/app.html`);
  assert.equal((await tab.ok("signinCallback", address)).reason, "no-callback");
  assert.equal(await exchanges(world), 1);
});

let react = "";
before(async () => {
  const contents = `
    import { createElement as h, StrictMode, useEffect, useState } from "react";
    import { createRoot } from "react-dom/client";
    globalThis.runs = 0;
    globalThis.mount = (options, call, ownsIt) => {
      const auth = ownsIt || kit.doorkey.createAuth(options);
      function App() {
        const [said, say] = useState("starts");
        useEffect(() => {
          globalThis.runs++;
          globalThis.auth = ownsIt ? kit.doorkey.createAuth(options) : auth;
          call(globalThis.auth).then((outcome) => say(JSON.stringify(outcome)), (error) => say(error.code));
        }, []);
        return h("output", null, said);
      }
      createRoot(document.body.appendChild(document.createElement("div"))).render(h(StrictMode, null, h(App)));
    };`;
  const stdin = { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) };
  const define = { "process.env.NODE_ENV": '"development"' };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: "iife", logLevel: "error", define });
  react = outputFiles[0].text;
});

for (const [what, call, ownsIt] of /** @type {const} */ ([
  ["one session for the page", "signinCallback", false],
  ["createAuth in the effect itself", "signinCallback", true],
  ["the guard", "guard", false],
])) {
  scenario(`React's StrictMode runs an effect twice, and there is one exchange: ${what}`, async (world) => {
    const tab = await open(world);
    await leave(tab);
    await approve(tab.page, world);
    await tab.page.waitForURL(/app\.html/);
    await tab.page.addScriptTag({ content: react });
    await tab.evaluate(
      ({ options, call, ownsIt }) =>
        globalThis.mount(
          { ...options, host: globalThis.kit.recordingHost },
          (/** @type {any} */ auth) => (call === "guard" ? auth.guard("protected") : auth.signinCallback()),
          ownsIt,
        ),
      { options: { storage: "local", ...redirectOptions(world.server.url) }, call, ownsIt },
    );
    const said = tab.page.locator("output");
    await said.filter({ hasText: /true|ERR/ }).waitFor();
    assert.match((await said.textContent()) ?? "", call === "guard" ? /^true$/ : /"ok":true/);
    assert.equal(await tab.evaluate(() => globalThis.runs), 2, "it is the double run");
    assert.equal(await exchanges(world), 1);
    assert.equal(await isSignedIn(tab), true);
    // What React says of its own tools in development.
    tab.console = tab.console.filter(({ text }) => !text.includes("React DevTools"));
  });
}

scenario("the browser keeps the page and gives it back: its call ends, and it can leave again", async (world) => {
  const tab = await open(world);
  const begin = () =>
    tab.page.evaluate(() => {
      globalThis.said = "waits";
      globalThis.addEventListener("pageshow", ({ persisted }) => {
        globalThis.isKept = persisted;
      });
      globalThis.auth.signin().catch((error) => {
        globalThis.said = error.code;
      });
    });
  await begin();
  await tab.page.waitForURL(/\/interaction\//);
  await tab.page.goBack({ waitUntil: "commit" });
  await tab.page.waitForFunction(() => globalThis.said !== "waits");
  assert.deepEqual(await tab.evaluate(() => [globalThis.isKept, globalThis.said]), [true, "ERR_CANCELLED"]);
  assert.equal(await tab.evaluate(() => sessionStorage.length), 1, "an answer that comes after all is waited for");
  await begin();
  await tab.page.waitForURL(/\/interaction\//);
  await approve(tab.page, world);
  await comeBack(tab);
  assert.equal((await tab.ok("signinCallback")).ok, true);
  assert.equal(await tab.evaluate(() => sessionStorage.length), 1, "that of the first, for its ten minutes");
});

scenario("back and forward over a used answer: the session stays, and nothing is asked again", async (world) => {
  const tab = await open(world);
  await answered(tab, world);
  await tab.ok("signinCallback");
  await tab.page.goto(`${world.site.origin}/elsewhere.html`);
  await tab.page.goBack({ waitUntil: "commit" });
  assert.equal(tab.page.url(), `${world.site.origin}/app.html`);
  if (await tab.evaluate(() => !globalThis.auth)) await tab.startAuth();
  assert.equal((await tab.ok("signinCallback")).reason, "no-callback");
  assert.equal(await isSignedIn(tab), true);
  await tab.page.reload();
  await tab.startAuth();
  assert.equal((await tab.ok("signinCallback")).reason, "no-callback");
  assert.equal(await isSignedIn(tab), true);
  assert.equal(await exchanges(world), 1);
});

scenario("an answer for another app of the same origin is left to it", async (world) => {
  const tab = await open(world);
  const address = await answered(tab, world);
  const other = await tab.evaluate(
    (options) => globalThis.kit.doorkey.createAuth({ name: "another", ...options }).signinCallback(),
    redirectOptions(world.server.url),
  );
  assert.equal(other.reason, "no-callback");
  assert.equal(tab.page.url(), address, "it stays as it was");
  assert.equal(await exchanges(world), 0);
  assert.equal((await tab.ok("signinCallback")).ok, true);
});

scenario("a page with parameters of its own keeps them", async (world) => {
  const tab = await open(
    world,
    { redirectUri: `${world.site.origin}/app.html?tab=orders&q=a+b` },
    {},
    { at: "/app.html?tab=orders&q=a+b" },
  );
  await answered(tab, world);
  assert.match(tab.page.url(), /\?tab=orders&q=a\+b&code=/);
  assert.equal((await tab.ok("signinCallback")).ok, true);
  assert.equal(tab.page.url(), `${world.site.origin}/app.html?tab=orders&q=a+b`);
});

scenario("what nobody may guess is 256 bit of the platform's, never twice, and without that nobody is sent away", async (world) => {
  const given = redirectOptions(world.server.url, { params: { resource: "https://api.example.com" } });
  const tab = await world.openTab({ whole: true, options: { storage: "local", ...given } });
  const seen = await tab.evaluate(async () => {
    const seen = [];
    for (let time = 0; time < 20; time++) {
      globalThis.kit.outcome(() => globalThis.auth.signin());
      const { navigations } = globalThis.kit.record;
      while (navigations.length <= time) await new Promise((done) => setTimeout(done, 1));
      const { searchParams } = new URL(navigations[time].target);
      const kept = Object.values(sessionStorage).map((text) => JSON.parse(text));
      const { verifier } = kept.find(({ id }) => id === searchParams.get("state"));
      seen.push({ ...Object.fromEntries(searchParams), verifier });
    }
    return seen;
  });
  const secrets = seen.flatMap(({ state, nonce, verifier }) => [state, nonce, verifier]);
  assert.equal(new Set(secrets).size, 60);
  for (const secret of secrets) assert.match(secret, /^[\w-]{43}$/);
  for (const { verifier, ...params } of seen) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    assert.equal(params.code_challenge, Buffer.from(digest).toString("base64url"));
    assert.deepEqual([params.response_type, params.code_challenge_method], ["code", "S256"]);
    assert.equal(params.resource, "https://api.example.com");
    assert.equal(params.redirect_uri, `${world.site.origin}/app.html`);
  }
  await tab.evaluate(() => {
    globalThis.auth.dispose();
    crypto.getRandomValues = () => {
      throw new Error("none");
    };
  });
  await tab.startAuth();
  await tab.fails("ERR_NOT_READY", "signin");
  assert.equal((await tab.navigations()).length, 20);
});

scenario("what another origin, or anybody, says to a page that waits for a window is no answer", async (world) => {
  const tab = await open(world, { mode: "popup" });
  let sent = "";
  world.context.on("request", (request) => {
    if (request.url().includes("response_type=")) sent = request.url();
  });
  const [popup] = await Promise.all([
    tab.page.waitForEvent("popup"),
    tab.page.evaluate(() => {
      globalThis.said = globalThis.auth.signin();
      globalThis.said.catch(() => {});
    }),
  ]);
  await popup.waitForURL(/\/interaction\//);
  const state = new URL(sent).searchParams.get("state");
  const word = await tab.evaluate(
    ({ other, state }) => {
      document.body.append(Object.assign(document.createElement("iframe"), { src: `${other}/elsewhere.html` }));
      return { doorkey: "doorkey", answer: `${location.href}?code=forged&state=${state}` };
    },
    { other: world.site.other, state },
  );
  const foreign = await tab.page.waitForSelector("iframe").then((frame) => frame.contentFrame());
  await foreign?.waitForURL(/elsewhere/);
  await foreign?.evaluate((word) => parent.postMessage(word, "*"), word);
  await tab.evaluate((state) => {
    const channel = new BroadcastChannel("doorkey.signin");
    const forged = [
      `${location.href}?code=forged&state=another`,
      `https://evil.example/?code=forged&state=${state}`,
      1,
      null,
      {},
      "x".repeat(100_000),
    ];
    for (const answer of forged) {
      for (const said of [answer, { doorkey: "doorkey", answer }, { doorkey: "another", answer }]) {
        postMessage(said, "*");
        channel.postMessage(said);
      }
    }
    channel.close();
  }, state);
  await tab.evaluate(() => new Promise((done) => setTimeout(done, 200)));
  assert.equal(await exchanges(world), 0, "no code went out");
  // And the right one still counts.
  await approve(popup, world);
  await popup.waitForURL(/app\.html/);
  await popup.evaluate((issuer) => {
    const { createAuth } = globalThis.kit.doorkey;
    createAuth({ issuer, clientId: "app", flows: { signin: [{ authorize: { mode: "popup" } }] } }).guard("login");
  }, world.server.url);
  assert.equal(await tab.evaluate(async () => (await globalThis.said).ok), true);
});

scenario("docs/redirect.md: its first lines sign in, on a page with nothing else", async (world) => {
  const [{ code }] = await codeBlocks("docs/redirect.md");
  const script = code
    .replace('"doorkey"', '"/pkg/dist/doorkey.mjs"')
    .replace("https://login.example.com", world.server.url)
    .replace('clientId: "my-app"', `clientId: "${PAGE_CLIENT_ID}", params: { prompt: "consent" }`);
  const headers = { "content-type": "text/html" };
  world.site.answer("/login", {
    headers,
    body: `<!doctype html><link rel="icon" href="data:,"><button>Sign in</button><script type="module">${script}</script>`,
  });
  world.site.answer("/orders", { headers, body: '<!doctype html><link rel="icon" href="data:,"><h1>Orders</h1>' });
  const page = await world.context.newPage();
  await page.goto(`${world.site.origin}/login`);
  // The button is there before the guard has answered.
  await page.waitForFunction(() => document.querySelector("button")?.onclick);
  await page.click("button");
  await approve(page, world);
  await page.getByRole("heading", { name: "Orders" }).waitFor();
  assert.equal(page.url(), `${world.site.origin}/orders`);
  assert.equal(await exchanges(world), 1);
});
