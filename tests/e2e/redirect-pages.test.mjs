// @ts-check
/** Sign-in by redirect on pages that are not like others: without storage, mounted twice, kept by the browser, left by a deep link. */

import assert from "node:assert/strict";
import { before } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { redirectOptions } from "../servers/options.mjs";
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

scenario("a page with parameters and a fragment of its own keeps them", async (world) => {
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
