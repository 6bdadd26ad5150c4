// @ts-check
// Sign-in in a window of its own: as it should go, and as it should not.

import assert from "node:assert/strict";

import { scenario } from "./list.mjs";

/** @typedef {import("./user.mjs").User} User */

const POPUP = { given: { mode: "popup" } };

/** The app in two windows: the second time all is known at once, and nothing gives the browser time. @param {User} user @param {string} [before] */
async function signsInTwice(user, before) {
  await user.open({ ...POPUP, before });
  const already = await user.exchanges();
  for (const time of [1, 2]) {
    await user.beginInWindow();
    await user.approve();
    await user.isIn(await user.windowCloses());
    assert.equal(await user.exchanges(), already + time);
  }
  assert.equal(await user.address(), user.app);
}

scenario("in a window of its own", async (user) => {
  await signsInTwice(user);
  // The windows have each other.
  await signsInTwice(user, "delete window.BroadcastChannel;");
});

scenario("a host that replaces addresses itself is asked to only where the page stands at the answer", async (user) => {
  await user.open({ ...POPUP, replaces: true });
  await user.beginInWindow();
  await user.approve();
  await user.isIn(await user.windowCloses());
  assert.deepEqual(await user.now("replaced"), []);
  await user.open({ replaces: true });
  await user.isIn(await user.signsIn());
  assert.deepEqual(await user.now("replaced"), [user.app]);
});

scenario("in a window that the provider cuts off from its opener (COOP same-origin)", async (user) => {
  await user.at({ coop: true });
  // The user is in the window. A page that is driven may have the focus all the same, and would believe that the window is closed.
  await signsInTwice(user, "document.hasFocus = () => false;");
});

scenario("in a window that is blocked: the page itself goes there", async (user) => {
  await user.open({ ...POPUP, before: "window.open = () => null;" });
  await user.isIn(await user.signsIn());
});

scenario("a window that is closed", async (user) => {
  await user.open(POPUP);
  await user.beginInWindow();
  await user.asks();
  await user.browser.close();
  await user.to(user.first);
  // Only while the user looks at the page it counts that its window says it is closed.
  // A page that is driven has it or not, as the machine pleases.
  await user.browser.executeScript("document.hasFocus = () => true");
  user.fails("ERR_CANCELLED", await user.said());
});

scenario("a window that was opened is closed again where there is nowhere to go", async (user) => {
  await user.server.fail({ path: "/.well-known/openid-configuration", status: 503 });
  await user.open(POPUP);
  await user.begin();
  user.fails("ERR_UNREACHABLE", await user.windowCloses());
});

scenario("in a window the user says no: the call ends so, the window closes, and a second try signs in", async (user) => {
  await user.open(POPUP);
  await user.beginInWindow();
  await user.asks();
  await user.refuse();
  user.fails("ERR_CANCELLED", await user.windowCloses(), /^End-User aborted interaction$/);
  await user.beginInWindow();
  await user.approve();
  await user.isIn(await user.windowCloses());
});

scenario("in a window the answer is another server's: the call ends so, and the window closes", async (user) => {
  await user.open(POPUP);
  user.server.changeAnswers((answer) => answer.set("iss", "https://evil.example"));
  await user.beginInWindow();
  await user.approve();
  user.fails("ERR_CALLBACK_MISMATCH", await user.windowCloses());
  assert.equal(await user.exchanges(), 0);
});

scenario("a second click while the window is open begins again in a window that stays", async (user) => {
  await user.open(POPUP);
  const before = await user.browser.getAllWindowHandles();
  await user.beginInWindow();
  await user.asks();
  const asked = await user.address();
  await user.to(user.first);
  await user.begin();
  user.fails("ERR_SUPERSEDED", JSON.parse(await user.once("window.outcomes[1]")));
  await user.toNew(before);
  await user.until(async () => (await user.address()) !== asked, "the window does not begin again");
  await user.approve();
  await user.windowCloses();
  await user.isIn(JSON.parse(await user.once("window.outcomes[2]")));
});

scenario("the page that began has gone: its window shows what any page shows, and nobody is signed in", async (user) => {
  await user.open(POPUP);
  const popup = await user.beginInWindow();
  await user.asks();
  await user.to(user.first);
  await user.browser.get(`${user.site.origin}/elsewhere.html`);
  await user.to(popup);
  await user.approve();
  assert.equal((await user.said()).value.reason, "no-callback");
  assert.equal(await user.exchanges(), 0);
});

scenario("what another origin, another window, or anybody says to a page that waits for a window is no answer", async (user) => {
  await user.open(POPUP);
  const popup = await user.beginInWindow();
  await user.asks();
  const state = user.asked.map(({ url }) => new URL(url).searchParams.get("state")).find(Boolean);
  const word = { doorkey: "doorkey", answer: `${user.app}?code=forged&state=${state}` };
  await user.to(user.first);
  // Who has the very state: a frame of another origin, one of this origin, and the page itself.
  user.site.answer("/empty", { headers: { "content-type": "text/html" }, body: "<!doctype html><title>frame</title>" });
  for (const origin of [user.site.other, user.site.origin]) {
    await user.browser.executeScript(
      "document.body.append(Object.assign(document.createElement('iframe'), { src: arguments[0] }))",
      `${origin}/empty`,
    );
  }
  for (const frame of [0, 1]) {
    await user.browser.switchTo().frame(frame);
    await user.once("document.title === 'frame'");
    await user.browser.executeScript(`parent.postMessage(${JSON.stringify(word)}, "*")`);
    await user.browser.switchTo().defaultContent();
  }
  await user.browser.executeScript(`
    const at = location.href;
    const channel = new BroadcastChannel("doorkey.signin:");
    const forged = [at + "?code=forged&state=another", "https://evil.example/?code=forged&state=${state}", 1, null, {}, "x".repeat(100000)];
    for (const answer of forged) {
      for (const said of [answer, { doorkey: "doorkey", answer }, { doorkey: "another", answer }]) {
        postMessage(said, "*");
        channel.postMessage(said);
      }
    }
    postMessage(${JSON.stringify(word)}, "*");
    channel.close();
  `);
  // The right one still counts, and by the time it comes all else has been heard.
  await user.to(popup);
  await user.approve();
  await user.isIn(await user.windowCloses());
  assert.equal(await user.exchanges(), 1, "no other code went out");
});
