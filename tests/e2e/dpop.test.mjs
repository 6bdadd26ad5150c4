// @ts-check
/** `dpop: true` (RFC 9449) in a real browser, against a provider and an API that check each proof by themselves. */

import assert from "node:assert/strict";
import { createHash, verify as isSignedBy } from "node:crypto";

import { startEmbedded } from "../servers/lib.mjs";
import { eventually } from "./lib/eventually.mjs";
import { answered, open } from "./lib/redirect.mjs";
import { suite } from "./lib/suite.mjs";

/** @typedef {import("./lib/world.mjs").World} World  @typedef {import("./lib/tab.mjs").Tab} Tab */

const scenario = suite();
const withNonces = suite({ start: (how) => startEmbedded({ ...how, dpopNonce: true }) });
const DPOP = { options: { storage: "local", dpop: true } };

/** Collects the requests of the context that carry a proof, or a token. @param {World} world */
function watch(world) {
  /** @type {{ url: string, method: string, headers: Record<string, string> }[]} */
  const seen = [];
  world.context.on("request", (request) => {
    const headers = request.headers();
    if (headers.dpop || headers.authorization) seen.push({ url: request.url(), method: request.method(), headers });
  });
  return seen;
}

/** @param {string} proof */
function parts(proof) {
  const [header, claims] = proof.split(".").map((part) => Buffer.from(part, "base64url"));
  return { header: JSON.parse(String(header)), claims: JSON.parse(String(claims)) };
}

/** The names of the keys in the browser. @param {Tab} tab @returns {Promise<string[]>} */
const keys = (tab) =>
  tab.evaluate(async () => {
    const known = await indexedDB.databases();
    if (!known.some(({ name }) => name === "doorkey")) return [];
    const opening = indexedDB.open("doorkey");
    await new Promise((done, fail) => Object.assign(opening, { onsuccess: done, onerror: fail }));
    const asking = opening.result.transaction("keys").objectStore("keys").getAllKeys();
    await new Promise((done, fail) => Object.assign(asking, { onsuccess: done, onerror: fail }));
    opening.result.close();
    return asking.result;
  });

/** Waits until so many keys are left, and gives their names: what is over is taken away a moment later. @param {Tab} tab @param {number} count */
const left = (tab, count) =>
  eventually(async () => {
    const found = await keys(tab);
    return found.length === count && found;
  }, `there are never ${count} keys`);

/** @param {Tab} tab */
const dropKeys = (tab) =>
  tab.evaluate(() => new Promise((done) => Object.assign(indexedDB.deleteDatabase("doorkey"), { onsuccess: done })));

scenario("each proof says what RFC 9449 section 4.2 wants, once, signed by the one key of the session", async (world) => {
  const seen = watch(world);
  const tab = await world.signedIn(DPOP);
  assert.equal((await tab.fetch(`${world.server.url}/api/me?x=1#y`)).status, 200);
  assert.equal((await tab.fetch(`${world.server.url}/me`)).status, 200, "the provider's own userinfo endpoint");
  assert.equal((await tab.fetch(`${world.server.url}/api/echo`, { method: "POST", body: "x" })).status, 200);
  await world.expire();
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  assert.equal(await world.refreshes(), 1);

  const proofs = seen.map(({ headers }) => headers.dpop);
  assert.equal(proofs.length, 6);
  assert.equal(new Set(proofs.map((proof) => parts(proof).claims.jti)).size, 6);
  const first = parts(proofs[0]).header.jwk;
  for (const { url, method, headers } of seen) {
    const { header, claims } = parts(headers.dpop);
    assert.deepEqual(header, { typ: "dpop+jwt", alg: "ES256", jwk: first });
    assert.deepEqual(Object.keys(first).sort(), ["crv", "kty", "x", "y"]);
    assert.deepEqual([claims.htm, claims.htu], [method, url.replace(/[?#].*/, "")]);
    assert.ok(Math.abs(claims.iat - world.serverNow() / 1000) < 120 && Number.isInteger(claims.iat));
    const [scheme, token] = headers.authorization?.split(" ") ?? [];
    assert.equal(claims.ath, token && createHash("sha256").update(token).digest("base64url"));
    if (token) assert.equal(scheme, "DPoP");
    const [text, signature] = [headers.dpop.slice(0, headers.dpop.lastIndexOf(".")), headers.dpop.split(".")[2]];
    const key = /** @type {any} */ ({ key: first, format: "jwk", dsaEncoding: "ieee-p1363" });
    assert.ok(isSignedBy("sha256", Buffer.from(text), key, Buffer.from(signature, "base64url")));
  }
});

scenario("without the key a token opens nothing, and the key can't be taken out", async (world) => {
  const tab = await world.signedIn(DPOP);
  const token = await tab.ok("accessToken");
  for (const headers of [{ Authorization: `Bearer ${token}` }, { Authorization: `DPoP ${token}` }])
    assert.equal((await fetch(`${world.server.url}/api/me`, { headers })).status, 401);
  const { refresh_token: refreshToken } = await world.newestTokens();
  assert.equal(await world.redeem(refreshToken), 400);
  const taken = await tab.evaluate(async () => {
    const opening = indexedDB.open("doorkey");
    await new Promise((done) => Object.assign(opening, { onsuccess: done }));
    const asking = opening.result.transaction("keys").objectStore("keys").getAll();
    await new Promise((done) => Object.assign(asking, { onsuccess: done }));
    opening.result.close();
    const [{ privateKey }] = asking.result;
    const failures = [];
    for (const format of ["jwk", "pkcs8"])
      await crypto.subtle.exportKey(/** @type {any} */ (format), privateKey).catch(({ name }) => failures.push(name));
    return { failures, isOut: privateKey.extractable };
  });
  assert.deepEqual(taken, { failures: ["InvalidAccessError", "InvalidAccessError"], isOut: false });
});

scenario("a reload, four tabs and a refresh among them share the key; a sign-out takes it away", async (world) => {
  const tabs = await world.signedInTabs(4, DPOP);
  assert.equal((await keys(tabs[0])).length, 1);
  await tabs[3].reload();
  await world.expire();
  const outcomes = await world.atOnce(tabs, "accessToken");
  assert.equal(new Set(outcomes.map(({ value }) => value)).size, 1);
  assert.equal(await world.refreshes(), 1);
  for (const tab of tabs) assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  assert.deepEqual((await tabs[1].ok("logout")).revoked, true);
  await tabs[0].event("signedOut");
  await left(tabs[0], 0);
});

scenario("another sign-in has another key, and one that fails leaves none", async (world) => {
  const tab = await world.signedIn(DPOP);
  const first = await keys(tab);
  await tab.fails("ERR_INVALID_CREDENTIALS", "signin", { ...world.user, password: "wrong" });
  assert.deepEqual(await left(tab, 1), first);
  await tab.ok("signin", world.user);
  const second = await left(tab, 1);
  assert.notDeepEqual(second, first);
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
});

scenario("the key is lost, and the record is not: expired, with no request, and a new sign-in works", async (world) => {
  for (const storage of ["local", "session"]) {
    const how = { options: { storage, dpop: true, name: storage } };
    const tab = await world.signedIn(how);
    await dropKeys(tab);
    const before = (await world.server.log()).length;
    await tab.reload();
    await tab.fails("ERR_REFRESH_REJECTED", "refreshAccessToken", { force: true });
    await tab.event("expired");
    assert.equal((await tab.status()).signedIn, false);
    assert.equal((await world.server.log()).length, before);
    await tab.ok("signin", world.user);
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  }
});

scenario("the record is lost, and the key is not: signed out, and a new sign-in works", async (world) => {
  const tab = await world.signedIn(DPOP);
  await tab.evaluate(() => localStorage.clear());
  await tab.reload();
  assert.equal((await tab.status()).signedIn, false);
  await tab.ok("signin", world.user);
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
});

scenario("in memory there is a key of this page alone, and nothing in the browser", async (world) => {
  const tab = await world.signedIn({ options: { storage: "memory", dpop: true } });
  assert.deepEqual(await keys(tab), []);
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
});

scenario("IndexedDB is denied: the session lasts as long as the page", async (world) => {
  const denied = () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("no", "SecurityError");
    };
  };
  const tab = await world.signedIn({ ...DPOP, before: denied });
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  await tab.ok("refreshAccessToken", { force: true });
  assert.equal((await tab.ok("logout")).revoked, true);
});

scenario("without WebCrypto a sign-in is ERR_NOT_READY, says why, and nothing is sent", async (world) => {
  const tab = await world.openTab({ ...DPOP, before: () => void Object.defineProperty(crypto, "subtle", { value: undefined }) });
  const { message } = await tab.fails("ERR_NOT_READY", "signin", world.user);
  assert.match(message, /https/);
  assert.deepEqual(await world.requests("/token"), []);
});

scenario("a server that binds nothing is ERR_INVALID_RESPONSE, and what it gave is revoked", async (world) => {
  await world.server.fail({
    path: "/token",
    mode: "status",
    status: 200,
    body: { access_token: "a", refresh_token: "r", token_type: "Bearer" },
  });
  const tab = await world.openTab(DPOP);
  const { path } = await tab.fails("ERR_INVALID_RESPONSE", "signin", world.user);
  assert.equal(path, "token_type");
  assert.equal((await tab.status()).signedIn, false);
  await left(tab, 0);
});

scenario("sign-in by redirect: the code is exchanged with a proof, and the session is bound", async (world) => {
  const seen = watch(world);
  const tab = await open(world, {}, { dpop: true });
  await answered(tab, world);
  assert.equal((await tab.ok("signinCallback")).ok, true);
  assert.equal((await tab.fetch(`${world.server.url}/me`)).status, 200);
  await tab.ok("refreshAccessToken", { force: true });
  assert.deepEqual(
    seen.map(({ url }) => new URL(url).pathname),
    ["/token", "/me", "/token"],
  );
});

scenario("no secret of it is in a trace, an error or an event", async (world) => {
  const tab = await world.signedIn(DPOP);
  await tab.fetch(`${world.server.url}/api/me`);
  const told = JSON.stringify(await tab.evaluate(() => [globalThis.auth.trace(), globalThis.kit.record.events]));
  for (const token of await world.tokens()) assert.ok(!told.includes(token));
});

withNonces("a server that wants nonces is answered with one more request, for each new nonce and origin", async (world) => {
  const tab = await world.signedIn(DPOP);
  assert.deepEqual(
    (await world.requests("/token")).map(({ status }) => status),
    [400, 200],
  );
  const statuses = [];
  for (let time = 0; time < 7; time++)
    statuses.push((await tab.fetch(`${world.server.url}/api/echo`, { method: "POST", body: `${time}` })).body);
  assert.deepEqual(statuses, [..."0123456"]);
  // The API's nonce is good for three requests; it is the provider's origin, whose nonce it learns away.
  const echoes = (await world.requests("/api/echo")).map(({ status }) => status);
  assert.deepEqual(echoes, [401, 200, 200, 200, 401, 200, 200, 200, 401, 200]);
  await tab.ok("refreshAccessToken", { force: true });
  assert.equal((await tab.ok("logout")).revoked, true);
});

withNonces("a refusal that is none for want of a nonce is not sent again", async (world) => {
  const tab = await world.openTab(DPOP);
  await tab.fails("ERR_INVALID_CREDENTIALS", "signin", { ...world.user, password: "wrong" });
  assert.equal((await world.requests("/token")).length, 2, "once for the nonce, once for the password");
});
