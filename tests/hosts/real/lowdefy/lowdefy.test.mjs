// The templates for Lowdefy, built by Lowdefy's build and run by its engine in Chromium, with the packed package.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";

import { launch } from "../../../package/browser.mjs";
import { startEmbedded } from "../../../servers/lib.mjs";
import { refreshes, startGateway, tokensIn } from "../../lib/gateway.mjs";
import { unpackPackage } from "../../lib/package.mjs";
import { startLowdefy } from "./app.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const lifetime = 60; // seconds
const limit = { timeout: 60_000 };
const plugin = "lowdefy-plugin-session";
let [files, server, gateway, app, browser, work, context, seen] = [];

before(
  async () => {
    files = unpackPackage();
    [server, browser] = await Promise.all([startEmbedded({ accessTtl: lifetime }), launch()]);
    gateway = await startGateway(server.url);
    // The templates as they are, but for the address of the server, which is the builder's own.
    const own = (text) => text.replaceAll("https://example.api.co", gateway.url).replaceAll("https://server.test", server.url);
    work = mkdtempSync(join(tmpdir(), "doorkey-template-"));
    cpSync(files.path("templates/lowdefy/plugin"), work, { recursive: true });
    // As the guide says: in a package, another package.json would be taken for a part of that package.
    renameSync(join(work, "manifest.json"), join(work, "package.json"));
    writeFileSync(join(work, "src/session.js"), own(files.read("templates/lowdefy/plugin/src/session.js")));
    const probe = "\n  - name: lowdefy-plugin-probe\n    version: 1.0.0\n";
    const yaml = own(files.read("templates/lowdefy/lowdefy.yaml") + readFileSync(here("more.yaml"), "utf8")).replace(
      "\nplugins:\n",
      `$&${probe.slice(1)}`,
    );
    app = await startLowdefy({ yaml, packages: { [plugin]: work, "lowdefy-plugin-probe": here("probe"), doorkey: files.path("") } });
  },
  { timeout: 540_000 }, // the build, on a busy machine
);

after(async () => {
  await browser?.close();
  await Promise.all([app?.stop(), gateway?.stop(), server?.stop()]);
  files?.remove();
  if (work) rmSync(work, { recursive: true, force: true });
});

beforeEach(async () => {
  await server.reset();
  context = await browser.newContext();
  seen = { requests: [], answers: [], urls: [] };
  context.on("response", (response) => response.url().includes("/api/request/") && seen.answers.push(response.status()));
  context.on("request", (request) => {
    seen.urls.push(request.url());
    if (request.url().includes("/api/request/")) seen.requests.push(new URL(request.url()).pathname);
  });
});

afterEach(() => context.close());

const open = async (path) => {
  const page = await context.newPage();
  await page.goto(app.url + path);
  return page;
};

/** Types and presses, as a person does. */
async function signIn(page, { email, password } = server.user) {
  await page.fill("#email_input", email);
  await page.fill("#password_input", password);
  await page.click("#signin");
}

async function signedIn(path = "/dashboard") {
  const page = await open("/login");
  await signIn(page);
  await shows(page, "#list", "Grace Hopper");
  if (path !== "/dashboard") await page.goto(app.url + path);
  return page;
}

const shows = (page, place, text) =>
  page.waitForFunction(([at, words]) => document.querySelector(at)?.textContent.includes(words), [place, text], { timeout: 15_000 });
const at = (page, path) => page.waitForURL(app.url + path, { timeout: 15_000, waitUntil: "commit" });
/** Waits for what this process sees. */
async function until(condition) {
  for (let waited = 0; !condition(); waited += 25) {
    assert.ok(waited < 15_000, `not within 15 s: ${condition}, with ${JSON.stringify(seen)}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}
const kept = (page) => page.evaluate(() => ({ ...localStorage }));
/** The server takes no token for good any more that it gave before. */
const expire = () => server.shiftTime((lifetime + 1) * 1000);

test("lowdefy: sign in: the button signs in and the dashboard shows what the session may see", limit, async () => {
  const page = await signedIn();
  assert.equal(page.url(), `${app.url}/dashboard`);
  const tokens = tokensIn(JSON.parse(JSON.parse((await kept(page))["lowdefy:doorkey"])));
  assert.ok(tokens.length > 0);
  assert.deepEqual(
    seen.urls.filter((url) => tokens.some((token) => url.includes(token))),
    [],
    "a token in an address",
  );
});

test("lowdefy: sign in: a wrong password is told, and nothing is kept", limit, async () => {
  const page = await open("/login");
  await signIn(page, { ...server.user, password: "wrong" });
  await shows(page, ".ant-message", "rong");
  assert.equal(page.url(), `${app.url}/login`);
  assert.deepEqual(await kept(page), {});
});

test("lowdefy: refresh: an action renews the token, and the binding has the new one", limit, async () => {
  const page = await signedIn("/more");
  await page.waitForSelector("#renew");
  const first = (await kept(page))["lowdefy:accesstoken"];
  await page.click("#renew");
  await page.waitForFunction((old) => localStorage.getItem("lowdefy:accesstoken") !== old, first);
  await page.click("#ask");
  await shows(page, "#answer", '"given": 7');
  assert.equal((await refreshes(server)).length, 1);
});

test("lowdefy: retry: a request that is refused is sent again with a new token, once", limit, async () => {
  const page = await signedIn();
  await expire();
  seen.requests.length = 0;
  await page.click("#load");
  await until(() => seen.answers.at(-1) === 200 && seen.requests.length === 2);
  await shows(page, "#list", "Grace Hopper");
  assert.deepEqual(seen.requests, ["/api/request/dashboard/orders", "/api/request/dashboard/orders"]);
  assert.equal((await refreshes(server)).length, 1);
});

test("lowdefy: logout: the server hears of it, the login page is shown, and only the builder's own keys are left", limit, async () => {
  const page = await signedIn();
  await page.evaluate(() => localStorage.setItem("mine", "1"));
  await page.click("#logout");
  await at(page, "/login");
  assert.deepEqual(
    Object.keys(await kept(page)).filter((key) => key !== "lowdefy:doorkey"),
    ["mine"],
  );
  assert.deepEqual(tokensIn(JSON.parse(JSON.parse((await kept(page))["lowdefy:doorkey"] ?? '"null"'))), []);
  const revoked = (await server.log()).filter(({ path }) => path === "/token/revocation");
  assert.deepEqual(
    revoked.map(({ status }) => status),
    [200],
  );
  await page.goto(`${app.url}/dashboard`);
  await at(page, "/login");
});

test("lowdefy: store: a value is bound at once, is there after a reload, and goes with the session", limit, async () => {
  const page = await signedIn("/more");
  await shows(page, "#theme", "no theme");
  await page.click("#keep");
  await shows(page, "#theme", "dark");
  await page.reload();
  await shows(page, "#theme", "dark");
  await page.goto(`${app.url}/dashboard`);
  await page.click("#logout");
  await at(page, "/login");
  assert.equal((await kept(page))["lowdefy:theme"], undefined);
});

test("lowdefy: navigate: to a page with a query, to another site, to a new window", limit, async () => {
  const page = await signedIn("/more");
  await page.click("#away");
  await at(page, "/more?page=2");
  const [aside] = await Promise.all([context.waitForEvent("page"), page.click("#aside")]);
  await at(aside, "/more?page=3");
  await context.route("https://elsewhere.test/**", (route) => route.fulfill({ contentType: "text/html", body: "elsewhere" }));
  await page.click("#outside");
  await page.waitForURL("https://elsewhere.test/?from=%22here%22");
});

test("lowdefy: guard: a visitor without a session sees nothing of a protected page and is sent to the login page", limit, async () => {
  const page = await context.newPage();
  await page.addInitScript(() => {
    globalThis.drawn = [];
    new MutationObserver(() => document.querySelector("#list, #logout") && globalThis.drawn.push(location.pathname)).observe(document, {
      childList: true,
      subtree: true,
    });
  });
  await page.goto(`${app.url}/dashboard`);
  await at(page, "/login");
  await page.waitForSelector("#signin");
  assert.deepEqual(seen.requests, []);
  assert.deepEqual(await page.evaluate(() => globalThis.drawn), []);
});

test("lowdefy: guard: a page that was open is not shown again after the sign-out, and is after the next sign-in", limit, async () => {
  const page = await signedIn();
  await page.click("#logout");
  await at(page, "/login");
  await page.waitForSelector("#signin");
  await page.goBack();
  await shows(page, "#root", "Sign in");
  await at(page, "/login");
  assert.equal(await page.locator("#list").count(), 0);
  seen.requests.length = 0;
  await signIn(page);
  await shows(page, "#list", "Grace Hopper");
  assert.equal(seen.requests.length, 1);
});

test("lowdefy: guard: who is signed in goes on from the login page", limit, async () => {
  const page = await signedIn();
  await page.goto(`${app.url}/login`);
  await at(page, "/dashboard");
  await shows(page, "#list", "Grace Hopper");
});

test("lowdefy: two tabs: one refresh for both, and a sign-out ends both", limit, async () => {
  const first = await signedIn();
  const second = await open("/dashboard");
  await shows(second, "#list", "Grace Hopper");
  await expire();
  await Promise.all([first.click("#load"), second.click("#load")]);
  // Who asks a moment later has the fresh token already, and is not refused first.
  await until(() => seen.answers.filter((status) => status === 200).length === 4);
  assert.ok(seen.answers.length <= 6, "each is sent twice at most");
  assert.equal((await refreshes(server)).length, 1);
  await first.click("#logout");
  await at(first, "/login");
  await at(second, "/login");
});

test("lowdefy: reload: the session and what is bound to it are there again", limit, async () => {
  const page = await signedIn();
  seen.requests.length = 0;
  await page.reload();
  await shows(page, "#list", "Grace Hopper");
  assert.equal((await refreshes(server)).length, 0);
});

test("lowdefy: failure shapes: a failure that is not about the session is told and leaves it alone", limit, async () => {
  const page = await signedIn("/more");
  await page.click("#fails");
  await shows(page, ".ant-message", "There is nothing here.");
  await page.click("#unknown");
  await shows(page, ".ant-message", "unheard_of");
  await server.fail({ path: "*", mode: "drop", times: Infinity });
  await page.click("#ask");
  await page.waitForFunction(() => document.querySelectorAll(".ant-message-notice").length >= 3);
  await server.reset();
  assert.equal((await refreshes(server)).length, 0);
  await page.click("#ask");
  await shows(page, "#answer", '"given": 7');
});

test("lowdefy: braces and operators in data that is handed over are data, and never run", limit, async () => {
  const page = await signedIn("/more");
  await page.waitForSelector("#plant");
  await page.click("#plant");
  await shows(page, ".ant-message", "{{ window.harmed = 1 }}");
  await shows(page, "#answer", "_string.concat");
  await page.waitForFunction(() => location.search.includes("harmed"));
  await shows(page, "#planted", '"_js": "window.harmed = 1; return');
  await shows(page, "#planted", "_nunjucks");
  await shows(page, "#planted", "{{ window.harmed = 1 }}");
  await shows(page, "#query", "_string.concat");
  assert.equal(await page.evaluate(() => typeof globalThis.harmed), "undefined");
});
