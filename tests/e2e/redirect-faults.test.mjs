// @ts-check
/** Sign-in by redirect at a provider that is broken, foreign, hostile, or only strict. */

import assert from "node:assert/strict";

import { startFaulty } from "../servers/faulty.mjs";
import { startEmbedded } from "../servers/lib.mjs";
import { PAGE_CLIENT_ID, redirectOptions } from "../servers/options.mjs";
import { answered, approve, comeBack, exchanges, isSignedIn, leave, open } from "./lib/redirect.mjs";
import { suite } from "./lib/suite.mjs";

/** @typedef {import("./lib/world.mjs").World} World  @typedef {import("./lib/tab.mjs").Tab} Tab */

const OPENID = "/.well-known/openid-configuration";
const OAUTH = "/.well-known/oauth-authorization-server";

const scenario = suite({ start: startFaulty });

/** The provider, with what it can be made to do. @param {World} world */
const faulty = (world) => /** @type {Awaited<ReturnType<typeof startFaulty>>} */ (world.server);

/** Nobody is signed in, nothing is kept, and the address is clean. @param {Tab} tab @param {World} world */
async function assertNobody(tab, world) {
  assert.equal(await isSignedIn(tab), false);
  assert.deepEqual(await tab.evaluate(() => ({ ...sessionStorage })), {}, "the answer is used up");
  await world.assertNoTokenStored(tab);
  assert.equal(tab.page.url(), `${world.site.origin}/app.html`);
}

/** Each is one thing that is wrong with an ID token, by the claim that the error names; all others are tried natively. @type {Record<string, (claims: any, header: any) => void>} */
const WRONG = {
  "iss: another's": (claims) => {
    claims.iss = "https://evil.example";
  },
  "aud: another app's": (claims) => {
    claims.aud = "another";
  },
  "azp: shared, with nobody named": (claims) => {
    claims.aud = [claims.aud, "another"];
  },
  "exp: long past": (claims) => {
    claims.exp -= 7200;
  },
  "nonce: of another sign-in": (claims) => {
    claims.nonce = "another";
  },
  "nonce: none": (claims) => {
    delete claims.nonce;
  },
  "alg: none": (_, header) => {
    header.alg = "none";
  },
};

scenario("an ID token that is wrong signs nobody in, leaves nothing, and has its tokens revoked", async (world) => {
  const tab = await open(world);
  for (const [what, change] of Object.entries(WRONG)) {
    await world.heal();
    faulty(world).changeIdTokens(change);
    await answered(tab, world);
    const error = await tab.fails("ERR_INVALID_RESPONSE", "signinCallback");
    assert.equal(error.message, `the ID token's ${what.split(":")[0]} is not what it must be`, what);
    assert.equal(error.path, "id_token");
    await assertNobody(tab, world);
    while (!(await world.requests("/token/revocation")).length) await new Promise((done) => setTimeout(done, 20));
  }
});

scenario("an ID token that is old as a whole is told by the server's clock, where the page can read it", async (world) => {
  const tab = await open(world);
  const { change, changeIdTokens } = faulty(world);
  const toThePast = (/** @type {any} */ claims) => {
    claims.iat -= 7200;
    claims.exp -= 7200;
  };
  changeIdTokens(toThePast);
  change(({ headers }) => {
    headers["access-control-expose-headers"] = "Date";
  });
  await answered(tab, world);
  assert.match((await tab.fails("ERR_INVALID_RESPONSE", "signinCallback")).message, /ID token's exp/);
  await assertNobody(tab, world);
});

scenario("an ID token that is missing, or none", async (world) => {
  const tab = await open(world);
  faulty(world).changeJson("/token", (tokens) => {
    delete tokens.id_token;
  });
  await answered(tab, world);
  assert.match((await tab.fails("ERR_INVALID_RESPONSE", "signinCallback")).message, /holds no ID token/);
  await assertNobody(tab, world);

  await world.heal();
  faulty(world).changeIdTokens(() => "opaque");
  await answered(tab, world);
  assert.match((await tab.fails("ERR_INVALID_RESPONSE", "signinCallback")).message, /no JSON web token/);
  await assertNobody(tab, world);
});

scenario("without the scope openid nobody waits for an ID token", async (world) => {
  const tab = await open(world, { scope: "offline_access" });
  await leave(tab);
  assert.doesNotMatch(tab.urls.find((url) => url.includes("response_type=")) ?? "response_type", /nonce=/);
  await approve(tab.page, world);
  await comeBack(tab);
  assert.equal((await tab.ok("signinCallback")).ok, true);
});

scenario("metadata of another issuer, with an open endpoint, or none at all sends nobody away", async (world) => {
  const tab = await open(world);
  const { url } = world.server;
  const stays = async (/** @type {string} */ code, /** @type {RegExp} */ message) => {
    const error = await tab.fails(code, "signin");
    assert.match(error.message, message);
    assert.equal(error.path, "issuer");
    assert.equal(tab.page.url(), `${world.site.origin}/app.html`);
    assert.deepEqual(await tab.evaluate(() => ({ ...localStorage, ...sessionStorage })), {});
    await world.heal();
  };
  const metadata = faulty(world).changeMetadata;
  metadata((given) => {
    given.issuer = "https://evil.example";
  });
  await stays("ERR_INVALID_RESPONSE", /is of the issuer https:\/\/evil\.example$/);
  metadata((given) => {
    given.issuer += "/";
  });
  await stays("ERR_INVALID_RESPONSE", /mind the slash at its end/);
  metadata((given) => void delete given.issuer);
  await stays("ERR_INVALID_RESPONSE", /no metadata of an issuer/);
  for (const name of ["authorization_endpoint", "token_endpoint", "end_session_endpoint"]) {
    metadata((given) => {
      given[name] = "http://provider.example/x";
    });
    await stays("ERR_INVALID_RESPONSE", new RegExp(`${name} must be an https address`));
  }
  for (const path of [OPENID, OAUTH]) await world.server.fail({ path, status: 404 });
  await stays("ERR_UNREACHABLE", /could not be had/);
  await world.server.fail({ path: OPENID, status: 200, body: "<h1>Welcome</h1>" });
  await stays("ERR_INVALID_RESPONSE", /no metadata of an issuer/);
  // Of an answer that a page may not read it learns no more than that there is none: so the second address is asked, too.
  for (const path of [OPENID, OAUTH]) await world.server.fail({ path, mode: "drop", times: Infinity });
  await stays("ERR_UNREACHABLE", /could not be had/);
  // It is asked again each time, and now all is right.
  await answered(tab, world);
  assert.equal((await tab.ok("signinCallback")).ok, true);
  assert.equal(await tab.evaluate(() => JSON.parse(localStorage["doorkey.metadata"]).metadata.issuer), url);
});

scenario("where the metadata stands at the address of RFC 8414 alone, it is found there", async (world) => {
  const tab = await open(world);
  await world.server.fail({ path: OPENID, status: 404 });
  await answered(tab, world);
  assert.equal((await tab.ok("signinCallback")).ok, true);
  assert.deepEqual([(await world.requests(OPENID)).length, (await world.requests(OAUTH)).length], [1, 1]);
});

scenario("`iss` that was promised and is absent, that is another's, or that nobody promised (RFC 9207)", async (world) => {
  const tab = await open(world);
  const forget = () => tab.evaluate(() => localStorage.clear());
  const comesBackWithout = faulty(world).changeAnswers;

  comesBackWithout((answer) => answer.delete("iss"));
  await answered(tab, world);
  assert.match((await tab.fails("ERR_CALLBACK_MISMATCH", "signinCallback")).message, /lacks the iss/);
  await assertNobody(tab, world);

  await world.heal();
  comesBackWithout((answer) => answer.set("iss", "https://evil.example"));
  await answered(tab, world);
  assert.match((await tab.fails("ERR_CALLBACK_MISMATCH", "signinCallback")).message, /another server \(iss\)/);
  await assertNobody(tab, world);

  // A server that promises nothing: what it sends counts all the same, and it need send none.
  const promisesNothing = async () => {
    await world.heal();
    await forget();
    faulty(world).changeMetadata((metadata) => {
      delete metadata.authorization_response_iss_parameter_supported;
    });
  };
  await promisesNothing();
  comesBackWithout((answer) => answer.set("iss", "https://evil.example"));
  await answered(tab, world);
  await tab.fails("ERR_CALLBACK_MISMATCH", "signinCallback");
  assert.equal(await exchanges(world), 0, "no code has gone anywhere");

  await promisesNothing();
  await answered(tab, world);
  assert.equal((await tab.ok("signinCallback")).ok, true);

  await promisesNothing();
  comesBackWithout((answer) => answer.delete("iss"));
  await answered(tab, world);
  assert.equal((await tab.ok("signinCallback")).ok, true);
});

scenario("the answer of another server is refused before its error is believed", async (world) => {
  const tab = await open(world);
  faulty(world).changeAnswers((answer) => answer.set("iss", "https://evil.example"));
  await leave(tab);
  await tab.page.getByRole("button", { name: "Cancel" }).click();
  await comeBack(tab);
  await tab.fails("ERR_CALLBACK_MISMATCH", "signinCallback");
});

scenario("an answer with a parameter twice is none that can be trusted (RFC 6749 section 3.1)", async (world) => {
  const tab = await open(world);
  faulty(world).changeAnswers((answer) => answer.append("code", "another"));
  await answered(tab, world);
  await tab.fails("ERR_CALLBACK_MISMATCH", "signinCallback");
  assert.equal(await exchanges(world), 0);
  await assertNobody(tab, world);
});

scenario("an error of the provider is shown as plain text, and no longer than a person reads", async (world) => {
  const tab = await open(world);
  faulty(world).changeAnswers((answer) => {
    answer.set("error", "server_error");
    answer.set("error_description", `<img src=x onerror=alert(1)>${"long ".repeat(1000)}`);
  });
  await leave(tab);
  await tab.page.getByRole("button", { name: "Cancel" }).click();
  await comeBack(tab);
  const error = await tab.fails("ERR_INVALID_CREDENTIALS", "signinCallback");
  assert.ok(error.message.startsWith("<img src=x") && error.message.length <= 500, `${error.message.length}`);
  await assertNobody(tab, world);
});

scenario("a token endpoint that is down, slow, or has no time, and the way to try again", async (world) => {
  const tab = await open(world, {}, { timeoutSeconds: 2 });
  const code = { path: "/token", grant: "authorization_code" };
  for (const fault of [{ mode: "drop" }, { mode: "hang" }, { status: 503 }, { status: 429, headers: { "Retry-After": "120" } }]) {
    await world.heal();
    await world.server.fail({ ...code, times: Infinity, .../** @type {any} */ (fault) }); // a browser sends again what was cut
    await answered(tab, world);
    const before = await tab.evaluate(() => Date.now());
    const error = await tab.fails("ERR_UNREACHABLE", "signinCallback");
    assert.equal(error.retryable, true, JSON.stringify(fault));
    if (fault.headers) assert.ok(Number(error.retryAtMs) >= before + 119_000, `it says when: ${error.retryAtMs}`);
    await assertNobody(tab, world);
  }
  await world.heal();
  await answered(tab, world);
  assert.equal((await tab.ok("signinCallback")).ok, true);
});

scenario("a token endpoint that writes its words in other letters, and leaves out what it may", async (world) => {
  const tab = await open(world);
  faulty(world).changeJson("/token", (tokens) => {
    tokens.token_type = "bEARER";
    delete tokens.scope;
    delete tokens.expires_in;
  });
  await answered(tab, world);
  assert.equal((await tab.ok("signinCallback")).ok, true);
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
});

scenario("a code that somebody has used before is told in the server's words", async (world) => {
  const tab = await open(world);
  const address = new URL(await answered(tab, world));
  const [kept] = await tab.evaluate(() => Object.values(sessionStorage).map((text) => JSON.parse(text)));
  const { status } = await fetch(`${world.server.url}/token`, {
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
  const error = await tab.fails("ERR_INVALID_CREDENTIALS", "signinCallback");
  assert.equal(error.message, "grant request is invalid");
  await assertNobody(tab, world);
});

scenario("a code without its verifier is worth nothing (RFC 7636)", async (world) => {
  const tab = await open(world);
  await answered(tab, world);
  await tab.evaluate(() => {
    const [[key, text]] = Object.entries(sessionStorage);
    sessionStorage[key] = JSON.stringify({ ...JSON.parse(text), verifier: "x".repeat(43) });
  });
  await tab.fails("ERR_INVALID_CREDENTIALS", "signinCallback");
  await assertNobody(tab, world);
});

scenario("`prompt=none` where nobody is signed in at the provider: login_required, and no page is shown", async (world) => {
  const tab = await open(world, { params: { prompt: "none" } });
  await tab.page.evaluate(() => void globalThis.auth.signin().catch(() => {}));
  await tab.page.waitForURL(/error=login_required/);
  await tab.startAuth();
  const error = await tab.fails("ERR_INVALID_CREDENTIALS", "signinCallback");
  assert.match(error.message, /End-User authentication is required/i);
  assert.ok(!tab.urls.some((url) => url.includes("/interaction/")));
  await assertNobody(tab, world);
});

scenario("a provider that wants the parameters pushed gets them so (RFC 9126)", async (world) => {
  const pushes = await startEmbedded({ par: true });
  try {
    const tab = await world.openTab({
      whole: true,
      options: { storage: "local", ...redirectOptions(pushes.url) },
      complete: (options, kit) => ({ ...options, host: { ...kit.recordingHost, navigateTo: kit.doorkey.hosts.browser().navigateTo } }),
    });
    await answered(tab, world);
    assert.equal((await tab.ok("signinCallback")).ok, true);
    const sent = tab.urls.filter((url) => url.startsWith(`${pushes.url}/auth?`));
    assert.deepEqual(
      sent.map((url) => [...new URL(url).searchParams.keys()]),
      [["client_id", "request_uri"]],
    );
    // And without it the provider sends nobody on.
    const plain = await fetch(sent[0].replace(/request_uri=[^&]*/, "response_type=code&scope=openid"), { redirect: "manual" });
    assert.match(plain.headers.get("location") ?? "", /error=invalid_request/);

    await pushes.fail({ path: "/request", status: 400, body: { error: "invalid_request", error_description: "no such scope" } });
    await tab.evaluate(() => globalThis.auth.logout({ navigate: false }));
    const error = await tab.fails("ERR_INVALID_CREDENTIALS", "signin");
    assert.equal(error.message, "no such scope");
    assert.equal(tab.page.url(), `${world.site.origin}/app.html`);
  } finally {
    await pushes.stop();
  }
});

scenario("endpoints that redirect take no code", async (world) => {
  const tab = await open(world);
  await world.server.fail({ path: "/token", grant: "authorization_code", status: 307, headers: { Location: `${world.site.other}/echo` } });
  await answered(tab, world);
  await tab.fails("ERR_UNREACHABLE", "signinCallback");
  assert.deepEqual(world.site.requests, [], "the code has followed nowhere");
});

scenario("a refresh that gives the ID token of another user ends the session", async (world) => {
  const tab = await open(world);
  await answered(tab, world);
  await tab.ok("signinCallback");
  faulty(world).changeIdTokens((claims, _, { grant }) => {
    if (grant === "refresh_token") claims.sub = "somebody-else";
  });
  const error = await tab.fails("ERR_INVALID_RESPONSE", "refreshAccessToken", { force: true });
  assert.match(error.message, /sub/);
  await tab.event("expired");
  assert.equal(await isSignedIn(tab), false);
  await world.assertNoTokenStored(tab);
});
