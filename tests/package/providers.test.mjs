// @ts-check
// Each preset, through the packed package: the exact requests by which it signs in, refreshes, asks and signs out, and what it
// makes of the answers. The servers are rebuilt from what real ones were seen to say, or are documented to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FRAMEWORKS } from "./providers/frameworks.mjs";
import { doorkey, life, providers, USER } from "./providers/lib.mjs";
import { PLATFORMS } from "./providers/platforms.mjs";

/** @typedef {import("./providers/lib.mjs").Answer} Answer */

const URL = "https://api.example.com";
const LIVES = { ...FRAMEWORKS, ...PLATFORMS };

for (const [name, { provider, inputs = USER, answers, asked, headers, wrong, dead }] of Object.entries(LIVES)) {
  test(`${name}: sign in, refresh, check, sign out`, async () => {
    const session = life(provider, structuredClone(answers));
    await session.auth.signin(inputs);
    assert.deepEqual(session.asked(), asked.signin, "sign-in");
    const refreshed = await session.auth.refreshAccessToken({ force: true });
    assert.equal(refreshed.ok, Boolean(asked.refresh));
    assert.deepEqual(session.asked(), asked.refresh ?? [], "refresh");
    if (headers) assert.deepEqual(await session.auth.headers(), headers);
    if (asked.check) {
      assert.equal(await session.auth.check(), true);
      assert.deepEqual(session.asked(), asked.check, "check");
    }
    if (asked.revoke) {
      assert.equal((await session.auth.logout()).revoked, true);
      assert.deepEqual(session.asked(), asked.revoke, "sign-out");
    }
    session.end();
  });

  test(`${name}: a wrong password, in the server's words`, async () => {
    const first = Object.keys(answers).find((key) => asked.signin.at(-1).to === key) ?? "";
    const session = life(provider, { ...structuredClone(answers), [first]: wrong[0] });
    await assert.rejects(session.auth.signin(inputs), (/** @type {any} */ error) => {
      assert.deepEqual([error.code, error.message], ["ERR_INVALID_CREDENTIALS", wrong[1]]);
      return true;
    });
    session.end();
  });

  if (!dead) continue;
  test(`${name}: a refresh that is refused ends the session, one that fails does not`, async () => {
    const last = asked.refresh.at(-1).to;
    const given = structuredClone(answers);
    const before = last === asked.signin.at(-1).to ? [/** @type {Answer[]} */ (given[last])[0]] : [];
    for (const [answer, code] of /** @type {[Answer, string][]} */ ([
      [dead, "ERR_REFRESH_REJECTED"],
      [[503, { message: "later" }], "ERR_UNREACHABLE"],
    ])) {
      const session = life(provider, { ...structuredClone(answers), [last]: [...before, answer] });
      await session.auth.signin(inputs);
      await assert.rejects(session.auth.refreshAccessToken({ force: true }), { code });
      assert.equal(session.auth.status().signedIn, code === "ERR_UNREACHABLE");
      session.end();
    }
  });
}

test("options of presets are checked, with the path", () => {
  const bad = [
    [() => providers.fastapiUsers(), "url"],
    [() => providers.fastapiUsers({ url: "" }), "url"],
    [() => providers.fastapiUsers({ url: URL, path: 1 }), "path"],
    [() => providers.fastapiUsers({ url: URL, cookie: "yes" }), "cookie"],
    [() => providers.fastapiUsers({ url: URL, cooky: true }), "cooky"],
    [() => providers.betterAuth({ url: URL, provider: {} }), "provider"],
    [() => providers.oauthToolkit({ url: URL }), "clientId"],
    [() => providers.oidc({ issuer: URL }), "clientId"],
  ];
  for (const [make, path] of bad) assert.throws(make, { code: "ERR_INVALID_OPTION", path });
  const secret = () => providers.oidc({ issuer: URL, clientId: "app", clientSecret: "hush" });
  assert.throws(secret, { code: "ERR_INVALID_OPTION", path: "clientSecret", message: /a page can't keep a secret/ });
});

test("params of a preset are texts, or null, by their names", () => {
  for (const make of [
    (/** @type {any} */ params) => providers.oidc({ issuer: URL, clientId: "c", params }),
    (/** @type {any} */ params) => providers.supabase({ url: URL, key: "k", provider: "google", params }),
  ]) {
    for (const params of ["prompt=none", ["prompt"], 7, true, null])
      assert.throws(() => make(params), { code: "ERR_INVALID_OPTION", path: "params" }, JSON.stringify(params));
    for (const value of [5, true, { b: 1 }, ["x"]])
      assert.throws(() => doorkey.createAuth({ name: "params", storage: "memory", provider: make({ prompt: value }) }), {
        code: "ERR_INVALID_OPTION",
        path: "flows.signin[0].authorize.params.prompt",
      });
    const good = make({ prompt: "{{ store.prompt ?? 'none' }}", scope: null, hint: undefined });
    doorkey.createAuth({ name: "params", storage: "memory", provider: good }).dispose();
  }
});

test("an address that can't be one is refused, with the path", () => {
  const { simplejwt, oidc, firebase, auth0, okta, zitadel, cognito } = providers;
  const clientId = "c";
  for (const url of ["api.example.com", "//api.example.com", "ftp://a.example", "https://", "https:///x", "/\\a.example", "localhost:8000"])
    assert.throws(() => simplejwt({ url }), { code: "ERR_INVALID_OPTION", path: "url" }, url);
  for (const more of ["?tenant=a", "/#/", " ", "/a b", "\n", "\\"])
    assert.throws(() => simplejwt({ url: URL + more }), { code: "ERR_INVALID_OPTION", path: "url" }, more);
  assert.throws(() => simplejwt({ url: "https://me:secret@api.example.com" }), { code: "ERR_INVALID_OPTION", path: "url" });
  assert.throws(() => firebase({ key: "k", url: "localhost" }), { code: "ERR_INVALID_OPTION", path: "url" });
  for (const issuer of ["id.example.com", "/realm", `${URL}?a=b`, `${URL}/ `])
    assert.throws(() => oidc({ issuer, clientId }), { code: "ERR_INVALID_OPTION", path: "issuer" }, issuer);
  for (const domain of ["http://a.example", "a.example?x", "a.example/#/", "https://", "a b", "me@a.example"])
    for (const make of [auth0, okta, zitadel, (/** @type {any} */ given) => cognito({ ...given, region: "r", poolId: "p" })])
      assert.throws(() => make({ domain, clientId }), { code: "ERR_INVALID_OPTION", path: "domain" }, domain);
});

test("an address that can be one is taken", () => {
  const { simplejwt, oidc, auth0, okta, zitadel, cognito, sanctum } = providers;
  const at = (/** @type {string} */ url) => simplejwt({ url }).flows.signin.url;
  assert.equal(at(`${URL}//`), `${URL}/api/token/`);
  assert.equal(at("HTTP://[::1]:8000/a/~b/@c"), "HTTP://[::1]:8000/a/~b/@c/api/token/");
  assert.equal(at("/"), "/api/token/");
  assert.equal(at("/backend/"), "/backend/api/token/");
  assert.equal(at("{{ inputs.home ?? 'https://a.example/?' }}"), "{{ inputs.home ?? 'https://a.example/?' }}/api/token/");
  assert.equal(
    at("https://{{ inputs.tenant }}.example.com/{{ inputs.way }}"),
    "https://{{ inputs.tenant }}.example.com/{{ inputs.way }}/api/token/",
  );
  const clientId = "c";
  assert.equal(oidc({ issuer: `${URL}/`, clientId }).issuer, `${URL}/`);
  const domain = "HTTPS://a.example.com:8443/";
  assert.equal(auth0({ domain, clientId }).issuer, "https://a.example.com:8443/");
  assert.match(auth0({ domain, clientId }).endSession.endpoint, /"https:\/\/a\.example\.com:8443\/v2/);
  assert.equal(okta({ domain, clientId, server: "s" }).issuer, "https://a.example.com:8443/oauth2/s");
  assert.equal(zitadel({ domain, clientId }).issuer, "https://a.example.com:8443");
  const end = (/** @type {string} */ domain) => cognito({ domain, region: "r", poolId: "p", clientId }).endSession.endpoint;
  assert.match(end("https://login.example.com/"), /^https:\/\/login\.example\.com\/logout/);
  assert.match(end("https://shop"), /^https:\/\/shop\.auth\.r\.amazoncognito\.com\/logout/);
  assert.equal(sanctum({ url: URL, user: "api/me" }).flows.check.url, `${URL}/api/me`);
});

test("what presets give is plain data", () => {
  for (const { provider } of Object.values(LIVES)) assert.deepEqual(structuredClone(provider), provider);
});

/** A call of the API that is refused, and whether it is the token's fault. @type {[string, string, number, any, boolean][]} */
const REFUSALS = [
  ["Supabase (its source)", "/rest/v1/orders", 403, { code: 403, error_code: "bad_jwt", msg: "token is expired" }, true],
  ["Supabase (its source)", "/rest/v1/orders", 403, { code: "bad_jwt", message: "token is expired" }, true],
  ["Supabase (its source)", "/rest/v1/orders", 403, { code: "session_not_found", message: "x" }, true],
  ["Supabase (its source)", "/rest/v1/orders", 403, { code: "42501", message: "permission denied" }, false],
  ["Supabase (its source)", "/rest/v1/orders", 403, { code: 403, msg: "no" }, false],
  ["Cognito's API (seen in cognito-local, and documented)", "/", 400, { __type: "NotAuthorizedException", message: "expired" }, true],
  ["Cognito's API (seen in cognito-local, and documented)", "/", 400, { __type: "InvalidParameterException", message: "no" }, false],
  ["Cognito's API (seen in cognito-local, and documented)", "/", 400, "no", false],
];
for (const [name, path, status, body, isPast] of REFUSALS) {
  test(`${name}: ${status} ${JSON.stringify(body)} is ${isPast ? "" : "not "}the token's fault`, async () => {
    const { provider, answers, inputs = USER } = LIVES[name];
    const session = life(provider, structuredClone(answers));
    const usual = globalThis.fetch;
    let count = 0;
    globalThis.fetch = async () => {
      count++;
      return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/x-amz-json-1.1" } });
    };
    try {
      await session.auth.signin(inputs);
      session.asked();
      const [, origin] = /** @type {RegExpExecArray} */ (/ (https:\/\/[^/]+)/.exec(Object.keys(answers)[0]));
      assert.equal((await session.auth.fetch(origin + path)).status, status);
      assert.deepEqual([session.asked().length, count], isPast ? [1, 2] : [0, 1]);
    } finally {
      globalThis.fetch = usual;
      session.end();
    }
  });
}
