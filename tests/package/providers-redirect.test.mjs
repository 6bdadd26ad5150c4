// @ts-check
// Presets by redirect: where they send the user, what makes an address their answer, and what they do with it. The servers are
// rebuilt from what real ones were seen to say, or are documented to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { leaving, PAGE } from "./providers/leaving.mjs";
import { jwt, params, providers } from "./providers/lib.mjs";

const URL_ = "https://x.example.com";
const now = Math.round(Date.now() / 1000);
const UNGUESSABLE = /^[\w-]{43}$/;
const verifierOf = async (/** @type {string} */ verifier) =>
  Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(verifier))).toString("base64url");

/** The address of the page with this beside what the user was sent with. @param {string} back @param {object} answer */
const withAnswer = (back, answer) => {
  const url = new URL(back);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  return url;
};

test("Supabase: our id in redirect_to, PKCE, and a fragment that is cleaned where it says an error", async () => {
  const token = `POST ${URL_}/auth/v1/token`;
  const session = leaving(providers.supabase({ url: URL_, key: "k", provider: "google", params: { prompt: "consent" } }), {
    [token]: [200, { access_token: "a1", token_type: "bearer", expires_in: 3600, refresh_token: "r1", provider_token: "theirs", user: {} }],
  });
  const to = await session.leave();
  assert.equal(to.origin + to.pathname, `${URL_}/auth/v1/authorize`);
  const { redirect_to: back, code_challenge: challenge, ...more } = params(to);
  assert.deepEqual(more, { code_challenge_method: "S256", provider: "google", prompt: "consent" });
  assert.match(new URL(back).searchParams.get("doorkey") ?? "", UNGUESSABLE);
  assert.equal(back.split("?")[0], PAGE);

  assert.equal((await session.comeBack(`${PAGE}?code=foreign`)).reason, "no-callback");
  assert.equal((await session.comeBack(withAnswer(back, { code: "c1" }))).ok, true);
  const [asked] = session.asked();
  const { auth_code, code_verifier } = asked.json;
  assert.deepEqual({ ...asked, json: {} }, { to: token, query: { grant_type: "pkce" }, json: {}, headers: { apikey: "k" } });
  assert.deepEqual([auth_code, await verifierOf(code_verifier)], ["c1", challenge]);
  assert.deepEqual(session.shown, [PAGE]);
  assert.ok(!JSON.stringify(session.auth.status()).includes("theirs"));

  const again = new URL((await session.leave()).searchParams.get("redirect_to") ?? "");
  again.hash = "error=access_denied&error_code=user_banned&error_description=User+is+banned&sb=";
  await assert.rejects(session.comeBack(withAnswer(again.href, { error: "access_denied", error_description: "User is banned" })), {
    code: "ERR_CANCELLED",
    message: "User is banned",
  });
  assert.equal(session.shown.at(-1), PAGE);
  session.end();
});

test("PocketBase: its list of providers, our state and verifier in the address that it made, none of the provider's tokens", async () => {
  const base = `${URL_}/api/collections/users`;
  const authURL = `${URL_}/idp/auth?client_id=pb&code_challenge=theirs&code_challenge_method=S256&response_type=code&scope=openid+email&state=theirs&redirect_uri=`;
  const session = leaving(providers.pocketbase({ url: URL_, provider: "oidc" }), {
    [`GET ${base}/auth-methods`]: [200, { oauth2: { providers: [{ name: "google" }, { name: "oidc", authURL, state: "theirs" }] } }],
    [`POST ${base}/auth-with-oauth2`]: [
      200,
      { token: jwt({ exp: now + 900, iat: now }), record: {}, meta: { accessToken: "theirs", refreshToken: "theirs", isNew: true } },
    ],
  });
  const to = await session.leave();
  const { state, code_challenge: challenge, ...more } = params(to);
  assert.deepEqual(more, {
    client_id: "pb",
    response_type: "code",
    scope: "openid email",
    redirect_uri: PAGE,
    code_challenge_method: "S256",
  });
  assert.match(state, UNGUESSABLE);
  session.asked();
  await session.comeBack(`${PAGE}?code=c1&state=${state}&iss=${encodeURIComponent("http://idp")}`);
  const [{ json }] = session.asked();
  assert.deepEqual(
    { ...json, codeVerifier: await verifierOf(json.codeVerifier) },
    {
      provider: "oidc",
      code: "c1",
      codeVerifier: challenge,
      redirectURL: PAGE,
    },
  );
  const { signedIn, hasRefreshToken } = session.auth.status();
  assert.deepEqual([signedIn, hasRefreshToken], [true, false]);
  session.end();
});

for (const [name, answer] of /** @type {const} */ ([
  ["Google", "authUrl"],
  ["GitHub", "github_authurl"],
  ["a provider whose template gives the address alone", ""],
])) {
  test(`Xano for ${name}: our state in the address that it made`, async () => {
    const provider = answer.startsWith("github") ? "github" : "google";
    const base = `${URL_}/api:g1/oauth/${provider}`;
    const made = `${URL_}/idp/auth?client_id=x&response_type=code&state=&redirect_uri=${encodeURIComponent(PAGE)}&scope=email`;
    const session = leaving(providers.xano({ url: `${URL_}/api:g1/`, provider }), {
      [`GET ${base}/init`]: [200, answer ? { [answer]: made } : made],
      [`GET ${base}/continue`]: [200, { token: "t1", name: "Ada", email: "ada@example.com" }],
    });
    const { state, ...more } = params(await session.leave());
    assert.deepEqual(more, { client_id: "x", response_type: "code", redirect_uri: PAGE, scope: "email" });
    assert.deepEqual(session.asked(), [{ to: `GET ${base}/init`, query: { redirect_uri: PAGE } }]);
    await session.comeBack(`${PAGE}?code=4%2F0A&scope=email&authuser=0&prompt=none&state=${state}`);
    assert.deepEqual(session.asked(), [{ to: `GET ${base}/continue`, query: { code: "4/0A", redirect_uri: PAGE } }]);
    assert.deepEqual([session.shown, await session.auth.accessToken()], [[PAGE], "t1"]);
    session.end();
  });
}

test("Firebase: its state stays, its session is what binds", async () => {
  const call = (/** @type {string} */ method) => `POST https://identitytoolkit.googleapis.com/v1/accounts:${method}`;
  const made = `https://accounts.example.com/auth?client_id=g&response_type=code&state=theirs&redirect_uri=${encodeURIComponent(PAGE)}`;
  const session = leaving(providers.firebase({ key: "k", provider: "google" }), {
    [call("createAuthUri")]: [200, { authUri: made, sessionId: "s1", providerId: "google.com" }],
    [call("signInWithIdp")]: [
      200,
      { idToken: "i1", refreshToken: "r1", expiresIn: "3600", localId: "1", oauthAccessToken: "theirs", oauthIdToken: "theirs" },
    ],
  });
  assert.deepEqual(params(await session.leave()), params(new URL(made)));
  assert.deepEqual(session.asked(), [
    { to: call("createAuthUri"), query: { key: "k" }, json: { providerId: "google.com", continueUri: PAGE, authFlowType: "CODE_FLOW" } },
  ]);
  const url = `${PAGE}?state=theirs&code=c1&scope=email`;
  await session.comeBack(url);
  assert.deepEqual(session.asked(), [
    { to: call("signInWithIdp"), query: { key: "k" }, json: { requestUri: url, sessionId: "s1", returnSecureToken: true } },
  ]);
  assert.deepEqual([session.shown, await session.auth.accessToken()], [[PAGE], "i1"]);
  session.end();
});

test("Nhost: state and PKCE under its own names, errors in camelCase", async () => {
  const token = jwt({ exp: now + 900, iat: now });
  const session = leaving(providers.nhost({ url: URL_, provider: "github" }), {
    [`POST ${URL_}/v1/token/exchange`]: [200, { accessToken: token, accessTokenExpiresIn: 900, refreshToken: "r1", user: {} }],
  });
  const to = await session.leave();
  assert.equal(to.origin + to.pathname, `${URL_}/v1/signin/provider/github`);
  const { state, codeChallenge, ...more } = params(to);
  assert.deepEqual(more, { redirectTo: PAGE });
  await session.comeBack(`${PAGE}?code=c1&state=${state}`);
  const [{ json }] = session.asked();
  assert.deepEqual([json.code, await verifierOf(json.codeVerifier)], ["c1", codeChallenge]);
  assert.equal(session.auth.status().hasRefreshToken, true);

  const again = params(await session.leave()).state;
  await assert.rejects(session.comeBack(`${PAGE}?error=invalid-email-password&errorDescription=No+such+user&state=${again}`), {
    code: "ERR_INVALID_CREDENTIALS",
    message: "No such user",
  });
  session.end();
});

test("Appwrite: our id in both addresses, a session for what comes back", async () => {
  const project = { "X-Appwrite-Project": "p1" };
  const session = leaving(providers.appwrite({ url: `${URL_}/v1`, project: "p1", provider: "google" }), {
    [`POST ${URL_}/v1/account/sessions/token`]: [201, { $id: "s", userId: "u1", secret: "" }, { "X-Fallback-Cookies": "{}" }],
  });
  const to = await session.leave();
  assert.equal(to.origin + to.pathname, `${URL_}/v1/account/tokens/oauth2/google`);
  const { success, failure, ...more } = params(to);
  assert.deepEqual([more, success], [{ project: "p1" }, failure]);
  await session.comeBack(withAnswer(success, { userId: "u1", secret: "short-lived" }));
  assert.deepEqual(session.asked(), [
    { to: `POST ${URL_}/v1/account/sessions/token`, json: { userId: "u1", secret: "short-lived" }, headers: project },
  ]);
  assert.deepEqual(session.shown, [PAGE]);
  assert.deepEqual(await session.auth.headers(), { ...project, "X-Fallback-Cookies": "{}" });
  assert.ok(!JSON.stringify(session.auth.trace()).includes("short-lived"));
  session.end();
});

test("Strapi: nothing comes back but a cookie", async () => {
  const session = leaving(providers.strapi({ url: URL_, provider: "google" }), {
    [`GET ${URL_}/api/auth/google/callback`]: [200, { jwt: jwt({ exp: now + 900, iat: now }), user: { id: 1 } }],
  });
  const to = await session.leave();
  assert.equal(to.href, `${URL_}/api/connect/google?callback=${encodeURIComponent(PAGE)}`);
  await session.comeBack(PAGE);
  assert.deepEqual(session.asked(), [{ to: `GET ${URL_}/api/auth/google/callback` }]);
  assert.equal(session.auth.status().signedIn, true);
  await session.leave();
  await assert.rejects(session.comeBack(`${PAGE}?error=oauth_error&error_description=OAuth2+state+mismatch`), {
    message: "OAuth2 state mismatch",
  });
  session.end();
});

test("Directus: nothing comes back but a cookie, or a reason", async () => {
  const refresh = `POST ${URL_}/auth/refresh`;
  const reason = "The refresh token is required in either the payload or cookie";
  const session = leaving(providers.directus({ url: URL_, provider: "op" }), {
    [refresh]: [
      [200, { data: { expires: 86400000 } }],
      [400, { errors: [{ message: `Invalid payload. ${reason}.`, extensions: { reason, code: "INVALID_PAYLOAD" } }] }],
    ],
  });
  const to = await session.leave();
  assert.equal(to.href, `${URL_}/auth/login/op?redirect=${encodeURIComponent(PAGE)}`);
  await session.comeBack(PAGE);
  assert.deepEqual(session.asked(), [{ to: refresh, json: { mode: "session" } }]);
  const { signedIn, expiresInSeconds } = session.auth.status();
  assert.ok(signedIn && expiresInSeconds > 86000);
  await session.leave();
  await assert.rejects(session.comeBack(`${PAGE}?reason=INVALID_CREDENTIALS`), {
    code: "ERR_INVALID_CREDENTIALS",
    message: "The sign-in was cancelled or refused.",
  });
  session.end();
});

test("better-auth: the address that it made stays whole, the session is in its cookie", async () => {
  const base = `${URL_}/api/auth`;
  const made = `${URL_}/idp/auth?response_type=code&client_id=ba&state=theirs&redirect_uri=${encodeURIComponent(`${base}/callback/op`)}&code_challenge_method=S256&code_challenge=theirs`;
  const session = leaving(providers.betterAuth({ url: URL_, provider: "op" }), {
    [`POST ${base}/sign-in/social`]: [200, { url: made, redirect: false }],
    [`GET ${base}/get-session`]: [
      [200, { session: { token: "t1", expiresAt: new Date(Date.now() + 6e8).toISOString() }, user: {} }],
      [200, null],
    ],
  });
  assert.deepEqual(params(await session.leave()), params(new URL(made)));
  const [{ json }] = session.asked();
  const { callbackURL, errorCallbackURL, ...more } = json;
  assert.deepEqual([more, callbackURL], [{ provider: "op", disableRedirect: true }, errorCallbackURL]);
  await session.comeBack(callbackURL);
  assert.deepEqual(session.asked(), [{ to: `GET ${base}/get-session` }]);
  assert.deepEqual([session.auth.status().signedIn, session.shown], [true, [PAGE]]);

  await session.leave();
  const [again] = session.asked();
  await assert.rejects(session.comeBack(again.json.callbackURL), { code: "ERR_INVALID_CREDENTIALS" });
  session.asked();
  await session.leave();
  const [third] = session.asked();
  await assert.rejects(session.comeBack(withAnswer(third.json.callbackURL, { error: "access_denied", error_description: "no way" })), {
    code: "ERR_CANCELLED",
    message: "no way",
  });
  session.end();
});
