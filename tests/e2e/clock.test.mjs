// @ts-check
/** Wrong clocks, sleep, timers, and pages that come back. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

const HOUR = 3_600_000;

for (const hours of [2, -2, 24, -24]) {
  const offset = `${hours > 0 ? "+" : "-"}${Math.abs(hours)} h`;
  scenario(`S7: device clock ${offset}: sign-in works, 5 calls make 0 refreshes, and expiry is noticed`, async (world) => {
    await world.setClock(hours * HOUR);
    const tab = await world.openTab();
    await tab.ok("signin", world.user);
    const { access_token: first } = await world.newestTokens();
    for (let call = 0; call < 5; call++) {
      assert.equal(await tab.ok("accessToken"), first);
    }
    assert.equal(await world.refreshes(), 0);
    await tab.reload();
    assert.equal(await tab.ok("accessToken"), first);
    assert.equal(await world.refreshes(), 0);
    await world.expire();
    assert.notEqual(await tab.ok("accessToken"), first);
    assert.equal(await world.refreshes(), 1);
    assert.equal((await world.requests("/api/me")).length, 0, "noticed by the clock, not by a 401");
  });

  scenario(`S7: the device's clock is set ${offset} in the middle: no storm, no stale token, signed in still`, async (world) => {
    const tab = await world.signedIn();
    await world.setClock(hours * HOUR);
    for (let call = 0; call < 5; call++) {
      assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    }
    assert.ok((await world.refreshes()) <= 1, `${await world.refreshes()} refreshes`);
    await world.expire();
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    const token = await tab.ok("accessToken");
    const { access_token: newest } = await world.newestTokens();
    assert.equal(token, newest);
    assert.ok((await world.refreshes()) <= 2, `${await world.refreshes()} refreshes`);
  });
}

for (const hours of [24, -24]) {
  scenario(`the device's clock is set by ${hours} h, then the page is loaded again: no storm, and the API answers`, async (world) => {
    const tab = await world.signedIn();
    await world.setClock(hours * HOUR);
    await tab.reload();
    for (let call = 0; call < 5; call++) {
      assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    }
    await world.expire();
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    const refreshes = await world.refreshes();
    assert.ok(refreshes <= 2, `${refreshes} refreshes`);
  });
}

scenario("tab asleep past expiry, then woken: refreshes once, by itself or at the next call", async (world) => {
  const tab = await world.signedIn();
  await world.expire();
  await tab.evaluate(() => {
    document.dispatchEvent(new Event("visibilitychange"));
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    dispatchEvent(new Event("focus"));
  });
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  assert.equal(await world.refreshes(), 1);
  assert.equal((await world.requests("/api/me")).length, 1);
});

scenario("tab asleep for a week: status() says so before anything is asked, and the session's end is told", async (world) => {
  const tab = await world.signedIn();
  await world.sleep(7 * 24 * HOUR);
  assert.ok((await tab.status()).expiresInSeconds < 0);
  await tab.fails("ERR_REFRESH_REJECTED", "accessToken");
  await tab.event("expired");
});

scenario("the refresh timer: a visible page refreshes before expiry, unasked, once", async (world) => {
  const tab = await openWithTimers(world);
  await tab.page.clock.runFor(45_000);
  assert.equal(await world.refreshes(), 0);
  await tab.page.clock.runFor(14_000);
  await tab.event("refreshed");
  assert.equal(await world.refreshes(), 1);
});

scenario("the refresh timer: everySeconds", async (world) => {
  const tab = await openWithTimers(world, { refresh: { everySeconds: 20 } });
  await tab.page.clock.runFor(21_000);
  await tab.event("refreshed");
  assert.equal(await world.refreshes(), 1);
});

scenario("the refresh timer: a lid closed past expiry: one refresh when it opens", async (world) => {
  const tab = await openWithTimers(world);
  await world.server.shiftTime(300_000);
  await tab.page.clock.fastForward(300_000);
  await tab.event("refreshed");
  await tab.ok("accessToken");
  assert.equal(await world.refreshes(), 1);
});

scenario("the refresh timer: maxAgeSeconds signs out, whatever the server says", async (world) => {
  const tab = await openWithTimers(world, { maxAgeSeconds: 30 });
  await tab.page.clock.runFor(31_000);
  await tab.event("signedOut");
  assert.equal((await tab.status()).signedIn, false);
  // The event comes first, then the revocation, then the page.
  await tab.navigated("LoginPage");
});

scenario("the refresh timer: idleSeconds signs out a page that nobody uses, not one that is used", async (world) => {
  const tab = await openWithTimers(world, { idleSeconds: 30 });
  for (let round = 0; round < 3; round++) {
    await tab.page.clock.runFor(15_000);
    await tab.page.mouse.move(100 + round, 100);
    await tab.page.keyboard.press("a");
    await tab.page.mouse.click(100, 100);
  }
  assert.equal((await tab.status()).signedIn, true);
  await tab.page.clock.runFor(31_000);
  await tab.event("signedOut");
});

scenario("a device that slept: a request's time limit is that of the request, whatever other timer is still to come", async (world) => {
  const tab = await world.openTab({ options: { timeoutSeconds: 2, refresh: { beforeExpirySeconds: 1 } } });
  await tab.ok("signin", world.user);
  // The timer of the sign-in has gone off, and that of the refresh is set, most of whose time passes while nothing runs.
  await new Promise((done) => setTimeout(done, 2500));
  await world.sleep(await tab.evaluate(() => Number(globalThis.auth.status().expiresAt) - Date.now() - 2500));
  await world.server.fail({ path: "/api/me", mode: "hang", times: 1 });
  const { error } = await tab.evaluate((url) => globalThis.kit.fetch(url), `${world.server.url}/api/me`);
  assert.equal(error.code, "ERR_UNREACHABLE");
});

/** A tab in which timers run with the clock that the test moves. */
async function openWithTimers(world, options = {}) {
  const tab = await world.openTab({ start: false, options });
  await tab.page.clock.install();
  await tab.page.reload();
  await tab.startAuth();
  await tab.ok("signin", world.user);
  return tab;
}
