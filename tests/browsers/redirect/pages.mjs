// @ts-check
// Pages that are not like others: without storage, mounted twice, kept by the browser, left by a deep link.

import assert from "node:assert/strict";

import { scenario } from "./list.mjs";
import { denied, FULL } from "./page.mjs";

scenario("where nothing can be kept nobody is sent away: storage and IndexedDB are denied", async (user) => {
  await user.open({ options: { storage: "memory" }, before: denied(true) });
  user.fails("ERR_STORAGE_DENIED", await user.call("signin"), /nothing can be kept/);
  assert.equal(await user.address(), user.app);
  assert.ok(!user.asked.some(({ path }) => path === "/auth"));
});

scenario("where nothing can be kept nobody is sent away: a sandboxed frame", async (user) => {
  user.serve({ options: { storage: "memory" } });
  const body = '<!doctype html><title>frame</title><link rel="icon" href="data:,"><iframe sandbox="allow-scripts" src="/app"></iframe>';
  user.site.answer("/frame", { headers: { "content-type": "text/html" }, body });
  await user.browser.get(`${user.site.origin}/frame`);
  await user.browser.switchTo().frame(0);
  await user.said();
  user.fails("ERR_STORAGE_DENIED", await user.call("signin"));
  assert.equal(await user.now("location.pathname"), "/app");
  assert.ok(!user.asked.some(({ path }) => path === "/auth"));
});

scenario("where sessionStorage is denied, what must survive the way does so in IndexedDB, and works once", async (user) => {
  for (const [time, before] of [denied(false), FULL].entries()) {
    await user.open({ options: { storage: "memory" }, before });
    await user.isIn(await user.signsIn());
    assert.equal(await user.address(), user.app);
    assert.equal((await user.call("signinCallback", `${user.site.origin}${user.answers()[time]}`)).value.reason, "no-callback");
    assert.equal(await user.exchanges(), time + 1);
  }
});

for (const [what, strict] of /** @type {const} */ ([
  ["one session for the page", "one"],
  ["createAuth in the effect itself", "own"],
  ["the guard", "guard"],
])) {
  scenario(`React's StrictMode runs an effect twice, and there is one exchange: ${what}`, async (user) => {
    await user.open({ strict });
    await user.leave();
    await user.approve();
    await user.once("window.outcomes?.length === 2", "both runs at their end");
    assert.equal(await user.now("runs"), 2, "it is the double run");
    for (const text of await user.now("outcomes")) await user.isIn(JSON.parse(text));
    assert.equal(await user.exchanges(), 1);
    // What React says of its own tools in development.
    await user.browser.executeScript("window.noise = window.noise.filter((line) => !line.includes('React DevTools'))");
  });
}

scenario("several calls share one exchange", async (user) => {
  await user.open();
  await user.leave();
  user.serve({ first: null });
  await user.approve();
  await user.ready();
  const said = await user.wait(
    "Promise.all([auth.signinCallback(), auth.guard('protected'), auth.signinCallback()]).then((all) => done(JSON.stringify(all)), ({ code }) => done(code))",
  );
  assert.deepEqual(
    JSON.parse(said).map((/** @type {any} */ outcome) => outcome.ok ?? outcome),
    [true, true, true],
  );
  assert.equal(await user.exchanges(), 1);
});

const TELLS_KEPT = "addEventListener('pageshow', ({ persisted }) => { window.isKept = persisted; });";

scenario("back from the provider to the page that the browser has kept (bfcache): its call ends, and it can leave again", async (user) => {
  await user.open({ before: TELLS_KEPT });
  await user.leave();
  await user.browser.navigate().back();
  const outcome = await user.said();
  const isKept = await user.once("window.isKept !== undefined && String(window.isKept)");
  if (isKept === "true") user.fails("ERR_CANCELLED", outcome);
  else assert.equal(outcome.value.reason, "no-callback", "loaded anew, it begins");
  assert.equal((await user.kept()).length, 1, "an answer that comes after all is waited for");
  await user.isIn(await user.signsIn());
  assert.equal((await user.kept()).length, 1, "that of the first, for its ten minutes");
  if (isKept !== "true") return "the browser keeps no page while it is driven: the page was loaded anew, and leaves again";
});

scenario("back from the provider, and there again: what comes after all signs in", async (user) => {
  await user.open();
  await user.leave();
  await user.browser.navigate().back();
  await user.said();
  await user.browser.navigate().forward();
  await user.approve();
  await user.isIn(await user.said());
});

scenario("a hundred sign-ins that were given up leave ten", async (user) => {
  await user.open({ stays: true });
  const left = await user.wait(`(async () => {
    for (let time = 0; time < 100; time++) {
      const before = Object.keys({ ...sessionStorage }).join();
      auth.signin().catch(() => {});
      while (Object.keys({ ...sessionStorage }).join() === before) await new Promise((next) => setTimeout(next, 1));
    }
    return sessionStorage.length;
  })().then(done, (error) => done(String(error)))`);
  assert.equal(left, 10);
  await user.browser.executeScript("auth.dispose()");
});

/**
 * A guard sends away from a page of the app, and the sign-in leads back there.
 * @param {import("./user.mjs").User} user @param {string} orders the page @param {string[]} first how the login page begins
 * @param {string} [name] of the session
 */
async function leadsBack(user, orders, first, name = "doorkey") {
  const options = { name, pages: { home: "/elsewhere.html", login: "/app", returnTo: true } };
  const url = `${user.site.origin}${orders}`;
  user.serve({ options, first });
  user.serve({ options, first: ["guard", "protected"] }, "/orders");
  await user.browser.get(url);
  await user.comesTo(user.app);
  await user.ready();
  await user.leave();
  await user.approve();
  await user.comesTo(url);
  await user.isIn(await user.said());
}

for (const first of [["guard", "login"], ["signinCallback"]]) {
  scenario(`a deep link is kept by returnTo, through the provider and back: ${first[0]}`, async (user) => {
    await leadsBack(user, "/orders?id=7&q=a+b#top", first);
    assert.equal(await user.exchanges(), 1);
  });
}

scenario("a page with parameters of its own keeps them", async (user) => {
  const at = "/app?tab=orders&q=a+b";
  await user.open({ given: { redirectUri: `${user.site.origin}${at}` } }, at);
  await user.isIn(await user.signsIn());
  assert.match(user.answers()[0], /\?tab=orders&q=a\+b&code=/);
  assert.equal(await user.address(), `${user.site.origin}${at}`);
});

scenario("an answer for another app of the same origin is left to it", async (user) => {
  await user.open();
  await user.leave();
  user.serve({ options: { name: "another" } });
  await user.approve();
  assert.equal((await user.said()).value.reason, "no-callback");
  const address = await user.address();
  assert.match(address, /\?code=/, "it stays as it was");
  assert.equal(await user.exchanges(), 0);
  user.serve();
  await user.isIn(await user.visit(address));
});

scenario("sessions whose names are those of other keys have nothing of each other's", async (user) => {
  const names = ["doorkey", "doorkey.metadata", "doorkey.returnTo", "doorkey.signin"];
  // Each knows the provider, and who was sent away from its page.
  for (const name of names) await leadsBack(user, `/orders?of=${name}`, ["signinCallback"], name);
  for (const name of names) {
    await user.open({ options: { name } });
    assert.equal((await user.status()).signedIn, true, name);
  }
});
