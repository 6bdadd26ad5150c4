// @ts-check
/** The Yew app of examples/yew in Chromium, against the real auth server. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import sirv from "sirv";

import { launchBrowser, noBrowser } from "../e2e/lib/browser.mjs";
import { startEmbedded } from "../servers/lib.mjs";

const served = process.env.DOORKEY_EXAMPLE;
const skip = noBrowser ?? false;

/** @type {any} */
let world;

before(async () => {
  if (skip) return;
  assert.ok(served, "DOORKEY_EXAMPLE names the folder of the app: run `npm test -- example`");
  const site = createServer(sirv(served, { dev: true }));
  await new Promise((resolve) => site.listen(0, "127.0.0.1", () => resolve(undefined)));
  const [server, browser] = await Promise.all([startEmbedded(), launchBrowser()]);
  const address = /** @type {import("node:net").AddressInfo} */ (site.address());
  const page = await browser.newPage();
  world = { site, server, browser, page, url: `http://127.0.0.1:${address.port}/?issuer=${server.url}`, errors: [] };
  page.on("pageerror", (error) => world.errors.push(error));
  page.on("console", (message) => message.text().includes("panicked") && world.errors.push(message.text()));
});

after(async () => {
  await world?.browser.close();
  await world?.server.stop();
  world?.site.close();
});

const heading = (name) => world.page.getByRole("heading", { name }).waitFor({ timeout: 20_000 });

async function signIn(password) {
  await world.page.getByLabel("Email").fill(world.server.user.email);
  await world.page.getByLabel("Password").fill(password);
  await world.page.getByRole("button", { name: "Sign in" }).click();
}

/** What the server answered to the app's own requests. */
const answers = async (path) => {
  const log = await world.server.log();
  return log.filter((entry) => entry.path === path && entry.method === "POST").map((entry) => entry.status);
};

test("whoever is signed out is sent from the protected page to the login page", { skip }, async () => {
  await world.page.goto(world.url);
  await heading("Sign in");
});

test("a wrong password shows the server's message", { skip }, async () => {
  await signIn("wrong");
  const alert = world.page.getByRole("alert").filter({ hasText: /./ });
  await alert.waitFor({ timeout: 20_000 });
  assert.deepEqual(await answers("/token"), [400]);
});

test("the right password leads to the protected page, also after a reload", { skip }, async () => {
  await signIn(world.server.user.password);
  await heading("Dashboard");
  await world.page.reload();
  await heading("Dashboard");
  await world.page.getByText(/good for \d+ seconds/).waitFor();
});

test("a sign-out revokes the session and leads to the login page", { skip }, async () => {
  await world.page.getByRole("button", { name: "Sign out" }).click();
  await heading("Sign in");
  assert.deepEqual(await answers("/token/revocation"), [200]);
  await world.page.reload();
  await heading("Sign in");
});

test("nothing panicked and no error was left uncaught", { skip }, () => {
  assert.deepEqual(world.errors, []);
});
