// @ts-check
// Runs through sign-ins and sign-outs elsewhere with every secret of them known: each may be only where the standards put it.

import assert from "node:assert/strict";

import { By } from "selenium-webdriver";

import { Heard, leaks, overhear } from "../../e2e/lib/canary.mjs";
import { scenario } from "./list.mjs";

/** @typedef {import("./user.mjs").User} User */

/** What went over the wire, as the provider saw it and the app's own server. */
class Wire extends Heard {
  /** @param {User} user */
  constructor(user) {
    super(user.server);
    this.user = user;
  }

  /** Addresses, and referrers, that hold what the standards do not put there. */
  leaks() {
    const { server, site, app } = this.user;
    return [...this.requests, ...site.seen].flatMap(({ url: to, referer }) => {
      const { origin, pathname } = new URL(to);
      const may = to.startsWith(`${server.url}/auth?`)
        ? this.without("state", "nonce") // RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1
        : to.startsWith(`${server.url}/session/end?`)
          ? this.without("state", "idTokens") // RP-Initiated Logout section 2
          : `${origin}${pathname}` === app
            ? this.without("code", "state") // the provider wrote it: RFC 6749 section 4.1.2
            : this.without();
      // What an origin tells itself is its own affair.
      const said = referer.startsWith(origin) ? "" : referer;
      return [...leaks({ [`the address ${origin}${pathname}`]: to }, may), ...leaks({ [`the referrer to ${to}`]: said }, this.without())];
    });
  }
}

/** All that a page shows, or the next page can see, but for the session's own record. */
const PLACES = `(async () => {
  const after = { ...localStorage, ...sessionStorage };
  delete after.doorkey;
  const databases = [];
  for (const { name } of (await indexedDB.databases?.()) ?? []) {
    const opening = indexedDB.open(name);
    const database = await new Promise((opened) => { opening.onsuccess = () => opened(opening.result); });
    for (const store of database.objectStoreNames) {
      const asked = database.transaction(store).objectStore(store).getAll();
      await new Promise((found) => { asked.onsuccess = found; });
      databases.push(...asked.result);
    }
    database.close();
  }
  return JSON.stringify({
    after, databases, overheard, events, outcomes, noise,
    session: [JSON.stringify(auth), String(auth), JSON.stringify(auth.status())],
    history: [JSON.stringify(history.state), ...(globalThis.navigation?.entries().map(({ url }) => url) ?? [])],
    document: document.documentElement.outerHTML, title: document.title, cookie: document.cookie,
    window: [name, location.href, document.referrer], seen,
    trace: auth.trace(),
  });
})().then(done, (error) => done("failed: " + error))`;

const before = `(${overhear})();`;

scenario("a canary run through the redirect: no code, verifier, nonce, state or token where the standards do not put it", async (user) => {
  const wire = new Wire(user);
  const app = { options: { pages: { login: "/app" } }, before };
  await user.open(app);
  /** @type {Record<string, unknown>} */
  const places = {};
  const collect = async (/** @type {string} */ when) => {
    places[when] = await user.wait(PLACES);
    assert.doesNotMatch(String(places[when]), /^failed/);
  };
  const failed = async (/** @type {string} */ when, /** @type {string} */ code, /** @type {any} */ outcome) => {
    user.fails(code, outcome);
    await collect(when);
    await user.heal();
  };
  const take = async () => {
    const [kept] = (await user.kept()).map((text) => JSON.parse(text));
    wire.add("verifier", kept.verifier);
    wire.add("nonce", kept.nonce);
    return kept;
  };

  // It has left, and is there again.
  await user.leave();
  await user.browser.navigate().back();
  await user.said();
  await take();
  await user.browser.executeScript("sessionStorage.clear()");
  await collect("given up");
  places["a test"] = (await user.call("test", "signin")).value;
  assert.ok(places["a test"]);

  await user.leave();
  await user.refuse();
  await failed("refused", "ERR_CANCELLED", await user.said());

  user.server.changeAnswers((answer) => answer.set("iss", "https://evil.example"));
  await failed("another server", "ERR_CALLBACK_MISMATCH", await user.signsIn());

  // A server that gives back all that it was sent.
  await user.leave();
  user.serve({ ...app, first: null });
  await user.approve();
  await user.ready();
  const code = new URL(await user.address()).searchParams.get("code");
  const { verifier, nonce, id } = await take();
  const echo = `code ${code}, verifier ${verifier}, nonce ${nonce}, state ${id}`;
  const body = { error: "invalid_grant", error_description: echo, code, code_verifier: verifier, again: encodeURIComponent(echo) };
  await user.server.fail({ path: "/token", grant: "authorization_code", status: 400, body });
  await user.browser.executeScript("window.seen = ''"); // this page has waited with its answer, and looked at it
  await failed("an echo", "ERR_INVALID_CREDENTIALS", await user.call("signinCallback"));
  user.serve(app);

  user.server.changeIdTokens((claims) => void (claims.aud = "another"));
  await failed("a wrong ID token", "ERR_INVALID_RESPONSE", await user.signsIn());

  await user.isIn(await user.signsIn());
  await collect("signed in");
  await user.isIn(await user.call("refreshAccessToken", { force: true }));
  await collect("refreshed");
  const record = await user.now("localStorage.doorkey");
  assert.deepEqual(leaks({ "the session's record": record }, wire.without("tokens", "idTokens")), []);

  user.serve({ ...app, first: ["guard", "login"] });
  await user.start("logout");
  await user.click(By.xpath("//button[contains(., 'sign me out')]"));
  await user.comesTo(user.app);
  assert.equal((await user.said()).value, true);
  await collect("signed out");
  const left = await user.now("JSON.stringify({ ...localStorage, ...sessionStorage })");
  assert.deepEqual(leaks({ "what is left": left }, wire.without()), [], "not even in the session's own record");

  for (const [kind, values] of Object.entries(wire.secrets)) {
    const least = { idTokens: 2, tokens: 4, code: 4, verifier: 4 }[kind] ?? 5;
    assert.ok(values.length >= least, `only ${values.length} of the kind ${kind}`);
  }
  assert.equal(leaks({ record }, wire.secrets.tokens).length, 2, "the search finds what is there");
  places["the provider's log"] = await user.server.log();
  assert.deepEqual(leaks(places, wire.without()), []);
  assert.deepEqual(wire.leaks(), []);
});

scenario("a canary run through a window of its own: the verifier and the tokens stay with the page that began", async (user) => {
  const wire = new Wire(user);
  const popup = { given: { mode: "popup" }, before };
  await user.open(popup);
  // So that the window can be looked at.
  user.serve({ ...popup, before: `${before} window.close = () => {};` });
  const other = await user.beginInWindow();
  await user.approve();
  await user.ready();
  await user.to(user.first);
  await user.isIn(await user.said());
  const { overheard, ...rest } = JSON.parse(await user.wait(PLACES));
  assert.deepEqual(leaks(rest, wire.without()), []);
  await user.to(other);
  const heard = await user.now("JSON.stringify([overheard, events, outcomes, { ...sessionStorage }, name, noise])");
  assert.deepEqual(await user.kept(), [], "a browser gives a window a copy of what its opener has in sessionStorage");
  // The answer itself goes from window to page, and is worth nothing without the verifier.
  assert.deepEqual(leaks({ heard, overheard }, wire.without("code", "state")), []);
  assert.ok(wire.secrets.verifier.length === 1 && wire.secrets.tokens.length === 2);
  assert.deepEqual(wire.leaks(), []);
});
