// @ts-check
/** A run through sign-ins and sign-outs elsewhere, with every secret of it known: each may be only where the standards put it. */

import assert from "node:assert/strict";

import { startFaulty } from "../servers/faulty.mjs";
import { inPage, leaks, overhear } from "./lib/canary.mjs";
import { answered, approve, comeBack, leave, open } from "./lib/redirect.mjs";
import { suite } from "./lib/suite.mjs";

/** @typedef {import("./lib/world.mjs").World} World  @typedef {import("./lib/tab.mjs").Tab} Tab */

const scenario = suite({ start: startFaulty });

/** What goes over the wire, by what it is. */
class Wire {
  /** @type {Record<"code" | "verifier" | "nonce" | "state" | "tokens" | "idTokens", string[]>} */
  secrets = { code: [], verifier: [], nonce: [], state: [], tokens: [], idTokens: [] };
  /** @type {{ url: string, referer: string }[]} */
  requests = [];

  /** @param {World} world */
  constructor(world) {
    world.context.on("request", (request) => {
      const url = request.url();
      this.requests.push({ url, referer: request.headers().referer ?? "" });
      const params = new URL(url).searchParams;
      const form = new URLSearchParams(request.postData() ?? "");
      this.add("state", params.get("state"));
      this.add("nonce", params.get("nonce"));
      this.add("code", params.get("code"), form.get("code"));
      this.add("verifier", form.get("code_verifier"));
    });
    // The browser's tools give the bodies of answers late, and some never.
    const faulty = /** @type {Awaited<ReturnType<typeof startFaulty>>} */ (world.server);
    faulty.hear(({ body, headers }, { path }) => {
      if (path !== "/token" || !headers["content-type"]?.includes("json")) return;
      const tokens = JSON.parse(body);
      this.add("tokens", tokens.access_token, tokens.refresh_token);
      this.add("idTokens", tokens.id_token);
    });
  }

  /** @param {keyof Wire["secrets"]} kind @param {(string | null | undefined)[]} values */
  add(kind, ...values) {
    for (const value of values) if (value && !this.secrets[kind].includes(value)) this.secrets[kind].push(value);
  }

  /** All but those kinds. @param {(keyof Wire["secrets"])[]} kinds */
  without(...kinds) {
    return Object.entries(this.secrets).flatMap(([kind, values]) => (kinds.includes(/** @type {any} */ (kind)) ? [] : values));
  }

  /** Addresses that hold what the standards do not put there. @param {World} world */
  leaks(world) {
    const { url } = world.server;
    return this.requests.flatMap(({ url: to, referer }) => {
      const { origin, pathname } = new URL(to);
      const isApps = origin === world.site.origin && pathname === "/app.html";
      const may = to.startsWith(`${url}/auth?`)
        ? this.without("state", "nonce") // RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1
        : to.startsWith(`${url}/session/end?`)
          ? this.without("state", "idTokens") // RP-Initiated Logout section 2
          : isApps
            ? this.without("code", "state") // the provider wrote it: RFC 6749 section 4.1.2
            : this.without();
      // What an origin tells itself is its own affair.
      const said = referer.startsWith(origin) ? "" : referer;
      return [...leaks({ [`the address ${origin}${pathname}`]: to }, may), ...leaks({ [`the referrer to ${to}`]: said }, this.without())];
    });
  }
}

/** Every record of IndexedDB. */
const databases = async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const opening = indexedDB.open(name ?? "");
    const database = await new Promise((done) => opening.addEventListener("success", () => done(opening.result)));
    for (const store of database.objectStoreNames) {
      const asked = database.transaction(store).objectStore(store).getAll();
      await new Promise((done) => asked.addEventListener("success", done));
      found.push(...asked.result);
    }
    database.close();
  }
  return JSON.stringify(found);
};

/** The addresses that back and forward lead to. */
const history = () => /** @type {any} */ (globalThis).navigation.entries().map((/** @type {any} */ { url }) => url);

/** All that a tab shows, but for the session's own record. @param {Tab} tab */
async function placesOf(tab) {
  const seen = await tab.evaluate(inPage);
  const stored = await tab.stored();
  delete stored.doorkey;
  return {
    ...seen,
    entries: [], // the browser's own list of the page's requests: those are the wire's
    after: stored,
    databases: await tab.evaluate(databases),
    back: await tab.evaluate(history),
    referrer: await tab.evaluate(() => document.referrer),
    trace: await tab.evaluate(() => globalThis.auth.trace()),
    console: tab.console,
    errors: tab.errors,
  };
}

scenario("a canary run through the redirect: no code, verifier, nonce, state or token where the standards do not put it", async (world) => {
  const tab = await open(world, {}, { pages: { login: "/app.html" } }, { before: overhear });
  const wire = new Wire(world);
  const faulty = /** @type {Awaited<ReturnType<typeof startFaulty>>} */ (world.server);
  /** @type {Record<string, unknown>} */
  const places = {};
  const collect = async (/** @type {string} */ when) => {
    for (const [what, content] of Object.entries(await placesOf(tab))) places[`${when}: ${what}`] = content;
  };
  const failed = async (/** @type {string} */ when, /** @type {string} */ code) => {
    places[`${when}: the error`] = await tab.fails(code, "signinCallback");
    await collect(when);
    await world.heal();
  };

  // It has left, and is there again.
  await leave(tab);
  await tab.page.goBack({ waitUntil: "commit" });
  await tab.until(() => Boolean(globalThis.kit));
  if (await tab.evaluate(() => !globalThis.auth)) await tab.startAuth();
  const kept = await tab.evaluate(() => Object.values(sessionStorage).map((text) => JSON.parse(text)));
  wire.add("verifier", kept[0].verifier);
  wire.add("nonce", kept[0].nonce);
  await tab.evaluate(() => sessionStorage.clear());
  await collect("given up");
  places["a test"] = await tab.ok("test", "signin");

  await leave(tab);
  await tab.page.getByRole("button", { name: "Cancel" }).click();
  await comeBack(tab);
  await failed("refused", "ERR_CANCELLED");

  faulty.changeAnswers((answer) => answer.set("iss", "https://evil.example"));
  await answered(tab, world);
  await failed("another server", "ERR_CALLBACK_MISMATCH");

  // A server that gives back all that it was sent.
  await leave(tab);
  await approve(tab.page, world);
  await comeBack(tab);
  const code = new URL(tab.page.url()).searchParams.get("code");
  const [{ verifier, nonce, id }] = await tab.evaluate(() => Object.values(sessionStorage).map((text) => JSON.parse(text)));
  const echo = `code ${code}, verifier ${verifier}, nonce ${nonce}, state ${id}`;
  const body = {
    error: "invalid_grant",
    error_description: echo,
    code,
    code_verifier: verifier,
    seen: [echo],
    again: encodeURIComponent(echo),
  };
  await world.server.fail({ path: "/token", grant: "authorization_code", status: 400, body });
  await failed("an echo", "ERR_INVALID_CREDENTIALS");

  faulty.changeIdTokens((claims) => {
    claims.aud = "another";
  });
  await answered(tab, world);
  await failed("a wrong ID token", "ERR_INVALID_RESPONSE");

  await answered(tab, world);
  places["the result"] = await tab.ok("signinCallback");
  await collect("signed in");
  places["a refresh"] = await tab.ok("refreshAccessToken", { force: true });
  places["the status"] = await tab.status();
  await collect("refreshed");
  const record = (await tab.stored()).doorkey;
  assert.deepEqual(leaks({ "the session's record": record }, wire.without("tokens", "idTokens")), []);

  await tab.page.evaluate(() => void globalThis.auth.logout());
  await tab.page.waitForURL(/\/session\/end\?/);
  await tab.page.getByRole("button", { name: /sign me out/ }).click();
  await comeBack(tab);
  await tab.ok("guard", "login");
  await collect("signed out");
  assert.deepEqual(leaks({ "what is left": await tab.stored() }, wire.without()), [], "not even in the session's own record");

  for (const [kind, values] of Object.entries(wire.secrets)) {
    const least = { idTokens: 2, tokens: 4, code: 4, verifier: 4 }[kind] ?? 6;
    assert.ok(values.length >= least, `only ${values.length} of the kind ${kind}`);
  }
  assert.ok(leaks({ record }, wire.secrets.tokens).length === 2, "the search finds what is there");
  places["the site's log"] = world.site.requests;
  places["the provider's log"] = await world.server.log();
  assert.deepEqual(leaks(places, wire.without()), []);
  assert.deepEqual(wire.leaks(world), []);
});

scenario("a canary run through a window of its own: the verifier and the tokens stay with the page that began", async (world) => {
  const tab = await open(world, { mode: "popup" }, {}, { before: overhear });
  const wire = new Wire(world);
  const [popup] = await Promise.all([
    tab.page.waitForEvent("popup"),
    tab.page.evaluate(() => {
      globalThis.said = globalThis.auth.signin();
    }),
  ]);
  await popup.addInitScript(overhear);
  await approve(popup, world);
  await popup.waitForURL(/app\.html/);
  const heard = await popup.evaluate((issuer) => {
    const { createAuth } = globalThis.kit.doorkey;
    globalThis.close = () => {}; // so that it can be looked at
    createAuth({ issuer, clientId: "app", flows: { signin: [{ authorize: { mode: "popup" } }] } }).guard("login");
    return new Promise((done) => setTimeout(() => done(JSON.stringify([globalThis.overheard, { ...sessionStorage }, window.name])), 500));
  }, world.server.url);
  await tab.evaluate(() => globalThis.said);
  await popup.close();
  const places = await placesOf(tab);
  const { overheard, ...rest } = places;
  assert.deepEqual(leaks(rest, wire.without()), []);
  // The answer itself goes from window to page, and is worth nothing without the verifier.
  assert.deepEqual(leaks({ heard, overheard }, wire.without("code", "state")), []);
  assert.ok(wire.secrets.verifier.length === 1 && wire.secrets.tokens.length === 2);
  assert.deepEqual(wire.leaks(world), []);
});
