// A sign-in at a provider from Lowdefy, with its published build, engine and client.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { startParts } from "../../lib/app.mjs";
import { ANSWER, approve, exchanges, inPopup } from "../../lib/redirect.mjs";
import { startLowdefy } from "./app.mjs";

const limit = { timeout: 60_000 };
const plugin = "lowdefy-plugin-session";
let [parts, apps, works, context] = [];

/** The template's app, with session-oidc.js in place of session.js. */
async function startApp(mode = (text) => text) {
  const work = mkdtempSync(join(tmpdir(), "doorkey-template-"));
  works.push(work);
  cpSync(parts.files.path("templates/lowdefy/plugin"), work, { recursive: true });
  renameSync(join(work, "manifest.json"), join(work, "package.json"));
  writeFileSync(join(work, "src/session.js"), mode(parts.template("lowdefy/plugin/src/session-oidc.js")));
  const yaml = parts.template("lowdefy/lowdefy.yaml");
  return startLowdefy({ yaml, packages: { [plugin]: work, doorkey: parts.files.path("") } });
}

before(
  async () => {
    works = [];
    parts = await startParts();
    apps = { redirect: await startApp(), popup: await startApp(inPopup) };
  },
  { timeout: 400_000 },
);

after(async () => {
  await Promise.all([apps?.redirect.stop(), apps?.popup.stop(), parts?.stop()]);
  for (const work of works) rmSync(work, { recursive: true, force: true });
});

beforeEach(async () => {
  await parts.server.reset();
  context = await parts.browser.newContext();
});
afterEach(() => context.close());

async function leave(app) {
  const page = await context.newPage();
  await page.goto(`${app.url}/login`);
  await page.click("#signin");
  return page;
}
const shows = (page, place, text) =>
  page.waitForFunction(([at, words]) => document.querySelector(at)?.textContent.includes(words), [place, text], { timeout: 30_000 });

test("lowdefy: redirect: the provider is shown in the same window, and the page that comes up anew is signed in", limit, async () => {
  const page = await leave(apps.redirect);
  await approve(page, parts.server.user);
  await shows(page, "#list", "Grace Hopper");
  assert.equal(page.url(), `${apps.redirect.url}/dashboard`);
  assert.equal(await exchanges(parts.server), 1);
  assert.equal(context.pages().length, 1, "the same window");
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  // Nothing of the answer is left in history.
  await page.goBack();
  await page.waitForURL(`${apps.redirect.url}/dashboard`);
  await shows(page, "#list", "Grace Hopper");
});

test("lowdefy: redirect: who says no is signed out, at a page that works", limit, async () => {
  const page = await leave(apps.redirect);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.waitForURL(({ origin }) => origin === apps.redirect.url);
  await page.locator("#signin").waitFor();
  await page.waitForFunction((answer) => !new RegExp(answer).test(location.href), ANSWER.source);
  assert.equal(await exchanges(parts.server), 0);
  await page.click("#signin");
  await approve(page, parts.server.user);
  await shows(page, "#list", "Grace Hopper");
});

test("lowdefy: popup: the provider is shown in a window of its own, which closes when Lowdefy comes up there", limit, async () => {
  const opened = context.waitForEvent("page", (page) => context.pages().indexOf(page) > 0);
  const page = await leave(apps.popup);
  const window = await opened;
  await approve(window, parts.server.user);
  if (!window.isClosed()) await window.waitForEvent("close");
  await shows(page, "#list", "Grace Hopper");
  assert.equal(await exchanges(parts.server), 1);
});
