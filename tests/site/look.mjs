// @ts-check
/** The site as a person meets it: light and dark, phone and wide, by search, by keyboard, with axe. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { servePlayground } from "../../www/serve.mjs";
import { noBrowser } from "../e2e/lib/browser.mjs";
import { openSite } from "./lib.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOWN = [
  "",
  "start/page.html",
  "session.html",
  "flows.html",
  "troubleshooting.html",
  "recipes/two-factors.html",
  "providers/",
  "reference/interfaces/Auth.html",
];
const SIZES = { phone: { width: 360, height: 740 }, wide: { width: 1440, height: 900 } };
/** What the first page may take, in bytes: on its way from our own server, with what headers take, and once it is unpacked. */
const FIRST_PAGE = { sent: 150_000, unpacked: 340_000 };
const skip = noBrowser ?? false;

/** @type {Awaited<ReturnType<typeof openSite>>} */
let site;
before(async () => {
  if (!skip) site = await openSite();
});
after(async () => site?.close());

/** @param {string} path @param {import("playwright-core").BrowserContextOptions} [how] */
async function open(path, how = {}) {
  const context = await site.browser.newContext({ viewport: SIZES.wide, reducedMotion: "reduce", ...how });
  const page = await context.newPage();
  /** @type {string[]} */
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(site.url + path, { waitUntil: "networkidle" });
  return {
    page,
    problems,
    close: () => context.close(),
  };
}

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    test(`axe finds nothing, nothing scrolls sideways, and no page has an error: ${colorScheme}, ${size}`, { skip }, async () => {
      const found = [];
      for (const path of SHOWN) {
        const { page, problems, close } = await open(path, { colorScheme, viewport });
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run());
        for (const { id, nodes } of violations)
          found.push(`${path}: ${id}: ${nodes.length} times: ${nodes[0].target}: ${nodes[0].failureSummary}`);
        const isWide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
        if (isWide) found.push(`${path} scrolls sideways`);
        found.push(...problems.map((problem) => `${path}: ${problem}`));
        await close();
      }
      assert.deepEqual(found, []);
    });
  }
}

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`axe finds nothing in the search, with results and without, nor where nothing is: ${colorScheme}`, { skip }, async () => {
    const { page, problems, close } = await open("", { colorScheme });
    const violations = async () => {
      await page.evaluate(axe);
      const found = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run());
      return found.violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes[0].html}`);
    };
    await page.keyboard.press("Control+k");
    const field = page.locator("#localsearch-input");
    await field.fill("refresh");
    await page.locator("#localsearch-list a[role=option]").first().waitFor();
    assert.deepEqual(await violations(), [], "results");
    await field.fill("zzxqy");
    await page.getByText("No results for").waitFor();
    assert.deepEqual(await violations(), [], "no results");
    assert.deepEqual(problems, []);
    for (const [address, says] of /** @type {[string, RegExp][]} */ ([
      ["nothing.html", /All documents/],
      ["../nothing.html", /playground/],
    ])) {
      const answer = await page.goto(new URL(address, site.url).href, { waitUntil: "networkidle" });
      assert.equal(answer?.status(), 404);
      await page.locator("main h1").getByText("Nothing is here").waitFor();
      assert.match(await page.locator("main").innerText(), says);
      assert.deepEqual(await violations(), [], address);
    }
    await close();
  });
}

test("until the documents are built, their place says so, or why they are not", { skip }, async () => {
  for (const [state, says] of /** @type {[string | undefined, RegExp][]} */ ([
    [undefined, /<h1>The documents are being built<\/h1>/],
    ["npm ci: <no network>", /npm ci: &lt;no network>/],
  ])) {
    const nowhere = { authUrl: "http://127.0.0.1:1", docsDir: fileURLToPath(new URL("nowhere", import.meta.url)), docsState: () => state };
    const playground = await servePlayground(nowhere);
    const answer = await fetch(`${playground.url}/docs`);
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), says);
    await playground.close();
  }
});

test("the first page weighs less than 150 kB on its way from our server, of a budget of 300", { skip }, async () => {
  const context = await site.browser.newContext({ viewport: SIZES.wide });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  /** @type {Map<string, string>} */
  const addresses = new Map();
  const parts = /** @type {Map<string, { sent: number, unpacked: number }>} */ (new Map());
  const part = (/** @type {string} */ id) => {
    if (!parts.has(id)) parts.set(id, { sent: 0, unpacked: 0 });
    return /** @type {{ sent: number, unpacked: number }} */ (parts.get(id));
  };
  devtools.on("Network.requestWillBeSent", ({ requestId, request }) => addresses.set(requestId, request.url));
  devtools.on("Network.dataReceived", ({ requestId, dataLength }) => (part(requestId).unpacked += dataLength));
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => (part(requestId).sent = encodedDataLength));
  await page.goto(site.url, { waitUntil: "networkidle" });
  const files = [...addresses].filter(([, url]) => url.startsWith("http")).map(([id, url]) => ({ url, ...part(id) }));
  assert.ok(files.length >= 5 && files.every(({ sent }) => sent > 0), JSON.stringify(files));
  const sum = (/** @type {"sent" | "unpacked"} */ kind) => files.reduce((total, file) => total + file[kind], 0);
  console.log(`# the first page: ${files.length} files, ${sum("sent")} bytes on their way, ${sum("unpacked")} unpacked`);
  assert.ok(sum("sent") > 20_000 && sum("sent") < FIRST_PAGE.sent, JSON.stringify(files));
  assert.ok(sum("unpacked") < FIRST_PAGE.unpacked, JSON.stringify(files));
  assert.ok(!files.some(({ url }) => /localSearchIndex/.test(url)), "the search has its index when somebody searches");
  await context.close();
});

test("the search finds an error by its text, by keyboard alone", { skip }, async () => {
  const { page, problems, close } = await open("");
  await page.keyboard.press("Control+k");
  await page.locator("#localsearch-input").fill("ERR_CALLBACK_MISMATCH");
  await page.locator("#localsearch-list a[role=option]").first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\.html/);
  await page.locator("main").filter({ hasText: "ERR_CALLBACK_MISMATCH" }).waitFor();
  assert.deepEqual(problems, []);
  await close();
});

test("a flow of a page opens in the workbench, as it stands there", { skip }, async () => {
  const { page, close } = await open("flows.html");
  await page.getByRole("link", { name: "Open in workbench" }).first().click();
  await page.waitForURL(/\/workbench\//);
  await page.waitForFunction(() => /** @type {any} */ (globalThis).workbench?.isChecked());
  assert.match(await page.evaluate(() => /** @type {any} */ (globalThis).workbench.editor.text()), /api\.example\.com\/login/);
  await close();
});

test("the switch makes a light page dark, and the choice stays", { skip }, async () => {
  const { page, close } = await open("session.html", { colorScheme: "light" });
  await page.getByRole("switch").first().click();
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.classList.contains("dark")), true);
  await close();
});
