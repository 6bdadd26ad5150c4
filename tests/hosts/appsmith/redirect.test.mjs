// A sign-in at a provider from Appsmith's worker: it ends with the page that leaves, and a new one comes up at the redirect address.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { refreshes } from "../lib/gateway.mjs";
import { ANSWER, approve, atProvider, exchanges, inPopup } from "../lib/redirect.mjs";
import { startGuide } from "./guide.mjs";

let guide;
before(async () => (guide = await startGuide()));
after(() => guide?.stop());

const auth = (mode = (text) => text) => {
  const placed = Object.entries(atProvider(guide.server.url));
  return mode(placed.reduce((text, [name, own]) => text.replaceAll(name, own), guide.template("Auth-oidc.js")));
};
const open = async (mode) => {
  await guide.server.reset();
  const app = await guide.newApp({ objects: { Auth: auth(mode) } });
  return app.open("LoginPage");
};
const leave = (tab) => tab.page.evaluate(() => void window.appsmithPage.trigger("Auth.signin()"));
const comeUp = async (tab) => {
  await tab.page.waitForURL(({ origin }) => origin !== guide.server.url);
  const address = tab.page.url();
  await tab.arrive();
  return address;
};
/** What doorkey keeps beside the session, where the worker keeps it. */
const kept = (tab) =>
  tab.send(
    "INSPECT",
    `new Promise((resolve) => {
      const opening = indexedDB.open("doorkey");
      opening.onsuccess = () => {
        const all = opening.result.transaction("records").objectStore("records").getAll();
        all.onsuccess = () => { opening.result.close(); resolve(all.result.join()); };
      };
    })`,
  );

test("appsmith: redirect: the worker that comes up anew at the redirect address is signed in", async () => {
  const tab = await open();
  await leave(tab);
  await tab.page.waitForURL(/\/interaction\//);
  await approve(tab.page, guide.server.user);
  const address = await comeUp(tab);
  assert.match(address, /\/app\/app1\/LoginPage\?code=.*&state=/);
  await tab.shows("Dashboard");
  assert.equal(await tab.run("Doorkey.status().signedIn"), true);
  assert.equal(typeof (await tab.persisted()).accesstoken, "string");
  assert.doesNotMatch(await kept(tab), /verifier/);
  assert.doesNotMatch(tab.page.url(), ANSWER, "another page is shown");
  assert.equal(tab.page.context().pages().length, 1, "the same window");
  await tab.run("navigateTo('Orders')");
  await tab.shows("Orders");
  assert.ok((await tab.run("Orders.load()")).orders.length > 0);
  await tab.run("Doorkey.refreshAccessToken({ force: true })");
  assert.equal((await refreshes(guide.server)).length, 1);

  // The address can't be replaced: the used answer is one step back, and works no more.
  await tab.page.goto(address);
  await tab.arrive();
  await tab.shows("Dashboard");
  assert.equal(await exchanges(guide.server), 1);
});

test("appsmith: redirect: who says no is signed out, at a page that works", async () => {
  const tab = await open();
  await leave(tab);
  await tab.page.waitForURL(/\/interaction\//);
  await tab.page.getByRole("button", { name: "Cancel" }).click();
  assert.match(await comeUp(tab), /[?&]error=access_denied/);
  assert.equal(await tab.current(), "LoginPage");
  assert.equal(await tab.run("Doorkey.status().signedIn"), false);
  assert.equal(await exchanges(guide.server), 0);
  await leave(tab);
  await approve(tab.page, guide.server.user);
  await comeUp(tab);
  await tab.shows("Dashboard");
});

test("appsmith: redirect: two tabs that leave at once come back to their own", async () => {
  const one = await open();
  const two = await one.app.open("LoginPage");
  await leave(one);
  await leave(two);
  await two.page.waitForURL(/\/interaction\//);
  await approve(one.page, guide.server.user);
  await comeUp(one);
  await one.shows("Dashboard");
  await two.page.reload();
  if (await two.page.locator("input[name=password]").count()) await approve(two.page, guide.server.user);
  else await two.page.getByRole("button", { name: "Allow" }).click();
  await comeUp(two);
  await two.shows("Dashboard");
  assert.equal(await exchanges(guide.server), 2);
});

test("appsmith: logout: it goes on at the provider, and comes back to LoginPage", async () => {
  const tab = await open();
  await leave(tab);
  await approve(tab.page, guide.server.user);
  await comeUp(tab);
  await tab.shows("Dashboard");
  await tab.page.evaluate(() => void window.appsmithPage.trigger("Auth.logout()"));
  await tab.page.waitForURL(/\/session\/end\?/);
  await tab.page.getByRole("button", { name: /sign me out/ }).click();
  await comeUp(tab);
  await tab.shows("LoginPage");
  assert.equal(await tab.run("Doorkey.status().signedIn"), false);
  assert.equal((await tab.persisted()).accesstoken, undefined);
});

test("appsmith: popup: a worker has no windows: the sign-in goes on in the same one (only by redirect)", async () => {
  const tab = await open(inPopup);
  await leave(tab);
  await approve(tab.page, guide.server.user);
  await comeUp(tab);
  await tab.shows("Dashboard");
});
