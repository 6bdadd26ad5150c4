// @ts-check
// hosts.browser() on a real page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, serve } from "./browser.mjs";
import { makeProject } from "./project.mjs";

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  project = await makeProject();
  const page = `<!doctype html><title>x</title><script src="/doorkey.umd.min.js"></script>`;
  const script = await project.dist("doorkey.umd.min.js");
  server = await serve({ "/app/LoginPage": page, "/app/Dashboard": page, "/doorkey.umd.min.js": script }, {});
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await project?.remove();
});

/** Where a call leads, without the origin. @param {string} args */
async function leads(args) {
  const { page, close } = await open(browser, `${server.url}/app/LoginPage`);
  try {
    await page.evaluate(`globalThis.mark = 1; void Doorkey.hosts.browser().navigateTo(${args})`).catch(() => {});
    await page.waitForURL((url) => !url.href.endsWith("/LoginPage"), { waitUntil: "commit" });
    const sameDocument = (await page.evaluate("globalThis.mark")) === 1;
    return [page.url().slice(server.url.length), sameDocument];
  } finally {
    await close();
  }
}

test("a page's name is an address relative to the page", async () => {
  assert.deepEqual(await leads(`"Dashboard"`), ["/app/Dashboard", false]);
});

test("params become the query, before a hash, and without what is not there", async () => {
  assert.deepEqual(await leads(`"Dashboard?a=1#part", { b: "x y", c: undefined, d: { e: 2 } }`), [
    "/app/Dashboard?a=1&b=x+y&d=%7B%22e%22%3A2%7D#part",
    false,
  ]);
});

test("a hash stays in the document, params and all", async () => {
  assert.deepEqual(await leads(`"#/orders", { id: 7 }`), ["/app/LoginPage#/orders?id=7", true]);
});

test("a new window opens without a way back to this one", async () => {
  const { page, close } = await open(browser, `${server.url}/app/LoginPage`);
  try {
    const popup = page.waitForEvent("popup");
    await page.evaluate(`Doorkey.hosts.browser().navigateTo("Dashboard", {}, "NEW_WINDOW")`);
    const opened = await popup;
    await opened.waitForURL("**/app/Dashboard");
    assert.equal(await opened.evaluate("window.opener"), null);
    assert.ok(page.url().endsWith("/app/LoginPage"));
  } finally {
    await close();
  }
});

test("an address that would run a script is refused", async () => {
  const { page, close } = await open(browser, `${server.url}/app/LoginPage`);
  try {
    for (const target of ["javascript:globalThis.ran=1", " JaVaScRiPt:globalThis.ran=1", "data:text/html,x"]) {
      const message = await page.evaluate(`Doorkey.hosts.browser().navigateTo(${JSON.stringify(target)}).catch((error) => error.message)`);
      assert.match(String(message), /^can't navigate to a (javascript|data): address$/);
    }
    assert.equal(await page.evaluate("globalThis.ran"), undefined);
  } finally {
    await close();
  }
});
