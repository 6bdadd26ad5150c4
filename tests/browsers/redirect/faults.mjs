// @ts-check
// A provider that is broken, foreign, hostile, or only strict.

import assert from "node:assert/strict";

import { scenario } from "./list.mjs";

const OPENID = "/.well-known/openid-configuration";
const OAUTH = "/.well-known/oauth-authorization-server";

/** @typedef {(claims: any, header: any) => void} Change */

/** @param {Change} change @param {string} claim @param {import("./user.mjs").User} user */
async function isRefused(change, claim, user) {
  await user.open();
  user.server.changeIdTokens(change);
  const error = user.fails("ERR_INVALID_RESPONSE", await user.signsIn());
  assert.equal(error.message, `the ID token's ${claim} is not what it must be`);
  assert.equal(error.path, "id_token");
  await user.assertNobody();
  await user.until(async () => (await user.requests("/token/revocation")).length, "its tokens are not revoked");
}

scenario("an ID token of another issuer signs nobody in, leaves nothing, and has its tokens revoked", (user) =>
  isRefused((claims) => void (claims.iss = "https://evil.example"), "iss", user),
);

scenario("an ID token for another app signs nobody in, leaves nothing, and has its tokens revoked", (user) =>
  isRefused((claims) => void (claims.aud = "another"), "aud", user),
);

scenario("an ID token for several apps that names none signs nobody in, leaves nothing, and has its tokens revoked", (user) =>
  isRefused((claims) => void (claims.aud = [claims.aud, "another"]), "azp", user),
);

scenario("an ID token that is long past signs nobody in, leaves nothing, and has its tokens revoked", (user) =>
  isRefused((claims) => void (claims.exp -= 7200), "exp", user),
);

scenario("an ID token of another sign-in (nonce) signs nobody in, leaves nothing, and has its tokens revoked", (user) =>
  isRefused((claims) => void (claims.nonce = "another"), "nonce", user),
);

scenario("an ID token without a nonce signs nobody in, leaves nothing, and has its tokens revoked", (user) =>
  isRefused((claims) => void delete claims.nonce, "nonce", user),
);

scenario("an ID token with the algorithm none signs nobody in, leaves nothing, and has its tokens revoked", (user) =>
  isRefused((_, header) => void (header.alg = "none"), "alg", user),
);

scenario("an ID token that is old as a whole is told by the server's clock, where the page can read it", async (user) => {
  user.server.change(({ headers }) => {
    headers["access-control-expose-headers"] = "Date";
  });
  await isRefused(
    (claims) => {
      claims.iat -= 7200;
      claims.exp -= 7200;
    },
    "exp",
    user,
  );
});

scenario("an ID token that is missing", async (user) => {
  await user.open();
  user.server.changeJson("/token", (tokens) => {
    delete tokens.id_token;
  });
  user.fails("ERR_INVALID_RESPONSE", await user.signsIn(), /holds no ID token/);
  await user.assertNobody();
});

scenario("an ID token that is none", async (user) => {
  await user.open();
  user.server.changeIdTokens(() => "opaque");
  user.fails("ERR_INVALID_RESPONSE", await user.signsIn(), /no JSON web token/);
  await user.assertNobody();
});

scenario("without the scope openid nobody waits for an ID token", async (user) => {
  await user.open({ given: { scope: "offline_access" } });
  await user.isIn(await user.signsIn());
  assert.ok(!user.asked.some(({ url }) => /\/auth\?.*nonce=/.test(url)));
});

scenario("a refresh that gives the ID token of another user ends the session", async (user) => {
  await user.open();
  await user.isIn(await user.signsIn());
  user.server.changeIdTokens((claims, _, { grant }) => {
    if (grant === "refresh_token") claims.sub = "somebody-else";
  });
  user.fails("ERR_INVALID_RESPONSE", await user.call("refreshAccessToken", { force: true }), /sub/);
  await user.once("events.some(({ type }) => type === 'expired')");
  await user.assertNobody();
});

/** Nobody is sent away. @param {import("./user.mjs").User} user @param {string} code @param {RegExp} message */
async function stays(user, code, message) {
  await user.open();
  const error = user.fails(code, await user.call("signin"), message);
  assert.equal(error.path, "issuer");
  assert.equal(await user.address(), user.app);
  assert.equal(await user.now("JSON.stringify({ ...localStorage, ...sessionStorage })"), "{}");
  await user.heal();
}

scenario("metadata of another issuer sends nobody away", async (user) => {
  const { changeMetadata } = user.server;
  changeMetadata((given) => void (given.issuer = "https://evil.example"));
  await stays(user, "ERR_INVALID_RESPONSE", /is of the issuer https:\/\/evil\.example$/);
  changeMetadata((given) => void (given.issuer += "/"));
  await stays(user, "ERR_INVALID_RESPONSE", /mind the slash at its end/);
  changeMetadata((given) => void delete given.issuer);
  await stays(user, "ERR_INVALID_RESPONSE", /no metadata of an issuer/);
});

scenario("metadata with an open endpoint sends nobody away", async (user) => {
  for (const name of ["authorization_endpoint", "token_endpoint", "end_session_endpoint"]) {
    user.server.changeMetadata((given) => void (given[name] = "http://provider.example/x"));
    await stays(user, "ERR_INVALID_RESPONSE", new RegExp(`${name} must be an https address`));
  }
});

scenario("no metadata at all sends nobody away, and the next try asks again", async (user) => {
  const { fail } = user.server;
  for (const path of [OPENID, OAUTH]) await fail({ path, status: 404 });
  await stays(user, "ERR_UNREACHABLE", /could not be had/);
  await fail({ path: OPENID, status: 200, body: "<h1>Welcome</h1>" });
  await stays(user, "ERR_INVALID_RESPONSE", /no metadata of an issuer/);
  // Of an answer that a page may not read it learns no more than that there is none: so the second address is asked, too.
  for (const path of [OPENID, OAUTH]) await fail({ path, mode: "drop", times: Infinity });
  await stays(user, "ERR_UNREACHABLE", /could not be had/);
  await user.isIn(await user.signsIn());
  const kept = JSON.parse(await user.now("localStorage['doorkey.kept:metadata']"));
  assert.equal(kept.metadata.issuer, user.server.url);
});

scenario("where the metadata stands at the address of RFC 8414 alone, it is found there", async (user) => {
  await user.server.fail({ path: OPENID, status: 404 });
  await user.open();
  await user.isIn(await user.signsIn());
  assert.deepEqual([(await user.requests(OPENID)).length, (await user.requests(OAUTH)).length], [1, 1]);
});

for (const [name, fault] of /** @type {const} */ ([
  ["is down", { status: 503 }],
  ["cuts the connection", { mode: "drop" }],
  ["is too slow", { mode: "hang" }],
  ["has no time (429)", { status: 429, headers: { "Retry-After": "120" } }],
])) {
  scenario(`a token endpoint that ${name}, and the way to try again`, async (user) => {
    const options = { timeoutSeconds: 2 };
    await user.open({ options });
    // A browser sends again what was cut.
    await user.server.fail({ path: "/token", grant: "authorization_code", times: Infinity, ...fault });
    const error = user.fails("ERR_UNREACHABLE", await user.signsIn());
    assert.equal(error.retryable, true);
    const before = Number(await user.now("performance.timeOrigin"));
    if ("headers" in fault) assert.ok(Number(error.retryAtMs) >= before + 119_000, `it says when: ${error.retryAtMs}`);
    await user.assertNobody();
    await user.heal();
    user.serve(); // with the usual limit: the machine may be busy
    await user.isIn(await user.signsIn());
  });
}

scenario("a token endpoint that writes its words in other letters, and leaves out what it may", async (user) => {
  user.server.changeJson("/token", (tokens) => {
    tokens.token_type = "bEARER";
    delete tokens.scope;
    delete tokens.expires_in;
  });
  await user.open();
  await user.isIn(await user.signsIn());
  const url = `${user.server.url}/api/me`;
  assert.equal(await user.wait(`auth.fetch("${url}").then(({ status }) => done(status), ({ code }) => done(code))`), 200);
});

scenario("endpoints that redirect take no code", async (user) => {
  const headers = { Location: `${user.site.other}/echo` };
  await user.server.fail({ path: "/token", grant: "authorization_code", status: 307, headers });
  await user.open();
  user.fails("ERR_UNREACHABLE", await user.signsIn());
  assert.ok(!user.site.seen.some(({ url }) => url.includes("/echo")), "the code has followed nowhere");
});

scenario("a provider that wants the parameters pushed gets them so (RFC 9126)", async (user) => {
  const pushes = await user.at({ par: true });
  await user.open();
  await user.begin();
  await user.asks();
  // Where the user was sent is what brought them here.
  await user.approve();
  await user.isIn(await user.said());
  assert.equal((await user.requests("/request")).length, 1);
  // Without what was pushed the provider sends nobody on: so it was.
  const plain = new URLSearchParams({ client_id: "app", response_type: "code", scope: "openid", redirect_uri: user.app });
  const answer = await fetch(`${pushes.url}/auth?${plain}`, { redirect: "manual" });
  assert.match(`${answer.headers.get("location")} ${await answer.text()}`, /invalid_request/);

  await pushes.fail({ path: "/request", status: 400, body: { error: "invalid_request", error_description: "no such scope" } });
  user.fails("ERR_INVALID_CREDENTIALS", await user.call("signin"), /^no such scope$/);
  assert.equal(await user.address(), user.app);
});
