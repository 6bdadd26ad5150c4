// @ts-check
// What the user comes back with: an answer, somebody else's, a used one, or none.

import assert from "node:assert/strict";

import { By } from "selenium-webdriver";

import { PAGE_CLIENT_ID } from "../../servers/options.mjs";
import { scenario } from "./list.mjs";

/** @typedef {import("./user.mjs").User} User */

scenario("by redirect, and the address is clean before any script can look", async (user) => {
  await user.open();
  await user.isIn(await user.signsIn());
  assert.match(user.answers()[0], /\?code=.*&state=.*&iss=/);
  assert.equal(await user.now("seen"), user.app);
  assert.equal(await user.address(), user.app);
  assert.deepEqual(await user.kept(), []);
  // And after a reload the session is there, and no answer.
  await user.browser.navigate().refresh();
  assert.equal((await user.said()).value.reason, "no-callback");
  assert.equal((await user.status()).signedIn, true);
  await user.isIn(await user.call("refreshAccessToken", { force: true }));
  assert.equal(await user.exchanges(), 1);
});

scenario("the user says no", async (user) => {
  await user.open();
  await user.leave();
  await user.refuse();
  user.fails("ERR_CANCELLED", await user.said(), /^End-User aborted interaction$/);
  await user.assertNobody();
});

/** Comes up at an address that is somebody else's: it is left alone. @param {User} user @param {string} url */
async function isLeftAlone(user, url) {
  assert.equal((await user.visit(url)).value?.reason, "no-callback", url);
  assert.equal(await user.address(), url, "it is another's, and left alone");
}

/** Leaves and comes back to a page that does nothing: gives the address with the answer. @param {User} user */
async function answered(user) {
  await user.open();
  await user.leave();
  user.serve({ first: null });
  await user.approve();
  await user.ready();
  user.serve();
  return user.address();
}

/** @param {string} address @param {string} name @param {string} value */
function changed(address, name, value) {
  const url = new URL(address);
  url.searchParams.set(name, value);
  return url.href;
}

scenario("an answer that is forged, foreign or of another server is none", async (user) => {
  const address = await answered(user);
  await isLeftAlone(user, changed(address, "state", "other"));
  await isLeftAlone(user, `${user.app}?code=foreign`);
  await isLeftAlone(user, `${user.app}?code=foreign&state=another`);
  await isLeftAlone(user, `${user.app}?error=access_denied`);
  await isLeftAlone(user, `${user.app}?error=access_denied&state=another`);
  user.fails("ERR_CALLBACK_MISMATCH", await user.visit(changed(address, "iss", "https://evil.example")));
  assert.equal(await user.exchanges(), 0);
});

scenario("an answer with an empty code sends nothing", async (user) => {
  const address = await answered(user);
  user.fails("ERR_CALLBACK_MISMATCH", await user.visit(changed(address, "code", "")));
  assert.equal((await user.requests("/token")).length, 0);
  await user.assertNobody();
});

scenario("an answer with a parameter twice is none that can be trusted (RFC 6749 section 3.1)", async (user) => {
  await user.open();
  user.server.changeAnswers((answer) => answer.append("code", "another"));
  user.fails("ERR_CALLBACK_MISMATCH", await user.signsIn());
  assert.equal(await user.exchanges(), 0);
  await user.assertNobody();
});

scenario("`iss` that was promised and is absent (RFC 9207)", async (user) => {
  await user.open();
  user.server.changeAnswers((answer) => answer.delete("iss"));
  user.fails("ERR_CALLBACK_MISMATCH", await user.signsIn(), /lacks the iss/);
  assert.equal(await user.exchanges(), 0);
  await user.assertNobody();
});

scenario("`iss` that is another's", async (user) => {
  await user.open();
  user.server.changeAnswers((answer) => answer.set("iss", "https://evil.example"));
  user.fails("ERR_CALLBACK_MISMATCH", await user.signsIn(), /another server \(iss\)/);
  assert.equal(await user.exchanges(), 0);
  await user.assertNobody();
});

scenario("`iss` that nobody promised counts all the same, and need not be there", async (user) => {
  for (const [change, isRight] of /** @type {const} */ ([
    [(/** @type {URLSearchParams} */ answer) => answer.set("iss", "https://evil.example"), false],
    [(/** @type {URLSearchParams} */ answer) => answer.delete("iss"), true],
    [() => {}, true],
  ])) {
    await user.reset();
    user.server.changeMetadata((metadata) => {
      delete metadata.authorization_response_iss_parameter_supported;
    });
    user.server.changeAnswers(change);
    await user.open();
    const outcome = await user.signsIn();
    if (isRight) await user.isIn(outcome);
    else {
      user.fails("ERR_CALLBACK_MISMATCH", outcome);
      assert.equal(await user.exchanges(), 0, "no code has gone anywhere");
    }
  }
});

scenario("the answer of another server is refused before its error is believed", async (user) => {
  await user.open();
  user.server.changeAnswers((answer) => answer.set("iss", "https://evil.example"));
  await user.leave();
  await user.refuse();
  user.fails("ERR_CALLBACK_MISMATCH", await user.said());
});

scenario("an error of the provider is shown as plain text, and no longer than a person reads", async (user) => {
  await user.open();
  user.server.changeAnswers((answer) => {
    answer.set("error", "server_error");
    answer.set("error_description", `<img src=x onerror=alert(1)>${"long ".repeat(1000)}`);
  });
  await user.leave();
  await user.refuse();
  const { message } = user.fails("ERR_INVALID_CREDENTIALS", await user.said());
  assert.ok(message.startsWith("<img src=x") && message.length <= 500, `${message.length}`);
  await user.assertNobody();
});

scenario("`prompt=none` where nobody is signed in at the provider: login_required, and no page is shown", async (user) => {
  await user.forgetMe();
  await user.open({ given: { params: { prompt: "none" } } });
  await user.begin();
  user.fails("ERR_INVALID_CREDENTIALS", await user.said(), /End-User authentication is required/i);
  assert.match(user.answers()[0], /error=login_required/);
  assert.ok(!user.asked.some(({ path }) => path.startsWith("/interaction/")));
  await user.assertNobody();
});

scenario("a code that is replayed: the used answer is none, by hand and by the back button", async (user) => {
  await user.open();
  await user.isIn(await user.signsIn());
  const used = `${user.site.origin}${user.answers()[0]}`;
  await user.browser.get(`${user.site.origin}/elsewhere.html`);
  await user.browser.navigate().back();
  await user.said();
  assert.equal(await user.address(), user.app, "the answer is not in the history");
  assert.equal((await user.status()).signedIn, true);
  assert.equal((await user.visit(used)).value.reason, "no-callback");
  assert.equal((await user.status()).signedIn, true);
  assert.equal(await user.exchanges(), 1);
});

scenario("a code that somebody has used before is told in the server's words", async (user) => {
  const address = new URL(await answered(user));
  const [kept] = (await user.kept()).map((text) => JSON.parse(text));
  const { status } = await fetch(`${user.server.url}/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: PAGE_CLIENT_ID,
      code: address.searchParams.get("code") ?? "",
      redirect_uri: kept.redirectUri,
      code_verifier: kept.verifier,
    }),
  });
  assert.equal(status, 200, "whoever has the code and the verifier gets tokens");
  user.fails("ERR_INVALID_CREDENTIALS", await user.call("signinCallback"), /^grant request is invalid$/);
  await user.assertNobody();
});

scenario("a code without its verifier is worth nothing (RFC 7636)", async (user) => {
  await answered(user);
  await user.browser.executeScript(`
    const [[key, text]] = Object.entries({ ...sessionStorage });
    sessionStorage[key] = JSON.stringify({ ...JSON.parse(text), verifier: "x".repeat(43) });
  `);
  user.fails("ERR_INVALID_CREDENTIALS", await user.call("signinCallback"));
  await user.assertNobody();
});

scenario("an answer in another browser is none", async (user) => {
  const address = await answered(user);
  // What another browser has of this one is the address, and nothing else.
  await user.newTab();
  await user.browser.get(`${user.site.origin}/elsewhere.html`);
  await user.clear();
  const { value } = await user.visit(address);
  assert.equal(value.reason, "no-callback");
  assert.match(value.message, /begun here/);
  assert.equal(await user.exchanges(), 0);
});

scenario("an answer after ten minutes is none", async (user) => {
  await user.open();
  await user.leave();
  user.serve({ before: "const now = Date.now; Date.now = () => now() + 11 * 60000;" });
  await user.approve();
  assert.equal((await user.said()).value?.reason, "no-callback");
  assert.equal(await user.exchanges(), 0);
  assert.equal((await user.status()).signedIn, false);
});

scenario("two tabs that leave at once come back to their own", async (user) => {
  await user.open();
  const other = await user.newTab();
  await user.open();
  await user.begin();
  await user.to(user.first);
  await user.begin();
  await user.approve();
  await user.isIn(await user.said());
  await user.to(other);
  await user.asks();
  await user.browser.navigate().refresh(); // the provider knows the user by now
  await user.approve();
  await user.isIn(await user.said());
  assert.equal(await user.exchanges(), 2);
});

scenario("a sign-out goes on at the provider, and comes back to a clean address", async (user) => {
  await user.open({ options: { pages: { login: "/app" } }, first: ["guard", "login"] });
  await user.leave();
  await user.approve();
  await user.until(async () => (await user.status())?.signedIn, "nobody is signed in");
  await user.start("logout");
  await user.click(By.xpath("//button[contains(., 'sign me out')]"));
  await user.comesTo(user.app);
  assert.equal((await user.said()).value, true);
  assert.ok(user.site.requests.some(({ path }) => path.startsWith("/app?state=")));
  assert.equal((await user.requests("/token/revocation")).length, 1);
  await user.assertNobody();
  await user.begin();
  assert.equal(await (await user.asks()).getTagName(), "input", "the provider knows nobody any more");
});
