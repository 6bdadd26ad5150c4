// The template for a page without a builder, in Chromium, at a real provider.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startParts } from "../lib/app.mjs";
import { approve, exchanges } from "../lib/redirect.mjs";
import { listen } from "../lib/servers.mjs";

let [parts, site, context] = [];
before(async () => {
  parts = await startParts();
  const body = parts.template("page/index.html");
  site = await listen(() => ({ type: "text/html", body }));
  context = await parts.browser.newContext();
});
after(async () => {
  await context?.close();
  await Promise.all([site?.close(), parts?.stop()]);
});

test("page: a person signs in at the provider, sees what the session may see, and signs out there too", async () => {
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  await page.goto(`${site.url}/orders?tab=1`);
  await page.getByText("You are signed out.").waitFor();
  await page.getByRole("button", { name: "Sign in with Example" }).click();
  await approve(page, parts.server.user);
  await page.getByText("Grace Hopper").waitFor();
  assert.equal(page.url(), `${site.url}/orders`, "the address is clean");
  assert.equal(await exchanges(parts.server), 1);
  await page.reload();
  await page.getByText("You are signed in.").waitFor();

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: /sign me out/ }).click();
  await page.getByText("You are signed out.").waitFor();
  assert.equal(page.url(), `${site.url}/orders`);
  assert.deepEqual(faults, []);
});

test("page: who says no is told so, and can try again", async () => {
  const page = await context.newPage();
  await page.goto(`${site.url}/orders`);
  await page.getByRole("button", { name: "Sign in with Example" }).click();
  await page.waitForURL(/\/interaction\//);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("End-User aborted interaction").waitFor();
  assert.equal(page.url(), `${site.url}/orders`);
  await page.getByRole("button", { name: "Sign in with Example" }).click();
  await approve(page, parts.server.user);
  await page.getByText("Grace Hopper").waitFor();
});
