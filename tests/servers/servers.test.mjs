// @ts-check
/** The test servers themselves, with plain fetch and without doorkey: what the other tests take for granted of them. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";

import { startDjango, startEmbedded } from "./lib.mjs";
import { postForm, rawDjango, rawEmbedded, request, sleep } from "./raw.mjs";

const SERVERS = [
  { name: "embedded", start: startEmbedded, raw: rawEmbedded, refused: 400, reuseEndsSession: true, revokeKillsAccess: true },
  { name: "django", start: startDjango, raw: rawDjango, refused: 401, reuseEndsSession: false, revokeKillsAccess: false },
];

for (const { name, start, raw, refused, reuseEndsSession, revokeKillsAccess } of SERVERS) {
  describe(`${name}: both servers`, () => {
    /** @type {any} */
    let server;
    before(async () => {
      server = await start({ accessTtl: 4, refreshTtl: 60 });
    });
    afterEach(() => server.reset());
    after(() => server?.stop());
    const signIn = async () => raw.tokens(await raw.signIn(server));

    test("the right password gives tokens that open the API", async () => {
      const { accessToken, refreshToken } = await signIn();
      assert.ok(refreshToken);
      const { status, body } = await raw.me(server, accessToken);
      assert.equal(status, 200);
      assert.equal(body.email, server.user.email);
    });

    test("a wrong password is refused and gives no token", async () => {
      const answer = await raw.signIn(server, "wrong");
      assert.equal(answer.status, refused);
      assert.deepEqual(raw.tokens(answer), { accessToken: undefined, refreshToken: undefined });
    });

    test("the API says 401 and WWW-Authenticate without a token and with a foreign one", async () => {
      for (const token of [undefined, "foreign"]) {
        const { status, headers, body } = await raw.me(server, token);
        assert.equal(status, 401);
        assert.match(headers.get("www-authenticate") ?? "", /^Bearer /);
        assert.equal(typeof body, "object");
      }
    });

    test("an access token is refused when its time is over, without any grace", async () => {
      const { accessToken } = await signIn();
      await sleep(4100);
      assert.equal((await raw.me(server, accessToken)).status, 401);
    });

    test("a refresh rotates the refresh token, and the old one is refused", async () => {
      const first = await signIn();
      const answer = await raw.refresh(server, first.refreshToken);
      const second = raw.tokens(answer);
      assert.equal(answer.status, 200);
      assert.notEqual(second.refreshToken, first.refreshToken);
      assert.equal((await raw.me(server, second.accessToken)).status, 200);
      assert.equal((await raw.refresh(server, first.refreshToken)).status, refused);
    });

    test("reuse of a refresh token has the consequence that this server is known for", async () => {
      const first = await signIn();
      const second = raw.tokens(await raw.refresh(server, first.refreshToken));
      await raw.refresh(server, first.refreshToken);
      assert.equal((await raw.refresh(server, second.refreshToken)).status, reuseEndsSession ? refused : 200);
    });

    test("of four refreshes at once with one token exactly one succeeds", async () => {
      const { refreshToken } = await signIn();
      const answers = await Promise.all(Array.from({ length: 4 }, () => raw.refresh(server, refreshToken)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, refused, refused, refused]);
    });

    test("a revoked refresh token is refused", async () => {
      const { accessToken, refreshToken } = await signIn();
      assert.equal((await raw.revoke(server, refreshToken)).status, 200);
      assert.equal((await raw.refresh(server, refreshToken)).status, refused);
      assert.equal((await raw.me(server, accessToken)).status, revokeKillsAccess ? 401 : 200);
    });

    test("revokeAll ends every session", async () => {
      const sessions = [await signIn(), await signIn()];
      await server.revokeAll();
      for (const { refreshToken } of sessions) assert.equal((await raw.refresh(server, refreshToken)).status, refused);
    });

    test("the log tells each request's path, grant and status, and holds no token", async () => {
      const { accessToken, refreshToken } = await signIn();
      await raw.me(server, accessToken);
      await raw.refresh(server, refreshToken);
      const log = await server.log();
      assert.deepEqual(
        log.map((/** @type {any} */ entry) => [entry.method, entry.grant, entry.status]),
        [
          ["POST", "password", 200],
          ["GET", undefined, 200],
          ["POST", "refresh_token", 200],
        ],
      );
      assert.ok(Math.abs(log[0].at - Date.now()) < 60_000);
      const text = JSON.stringify(log);
      for (const secret of [accessToken, refreshToken, server.user.password]) assert.ok(!text.includes(secret));
      await server.reset();
      assert.deepEqual(await server.log(), []);
    });

    test("a status fault meets one request of its grant, with its headers, and does none of the work", async () => {
      const { refreshToken } = await signIn();
      const path = new URL(server.options().flows.refresh.url).pathname;
      await server.fail({ path, grant: "refresh_token", status: 503, headers: { "Retry-After": "2" } });
      assert.equal((await raw.signIn(server)).status, 200);
      const failed = await raw.refresh(server, refreshToken);
      assert.equal(failed.status, 503);
      assert.equal(failed.headers.get("retry-after"), "2");
      assert.equal((await raw.refresh(server, refreshToken)).status, 200);
    });

    test("a fault with times Infinity lasts until reset", async () => {
      await server.fail({ path: "*", status: 500, body: "<h1>down</h1>", times: Infinity });
      for (let i = 0; i < 3; i += 1) assert.equal((await raw.me(server)).body, "<h1>down</h1>");
      await server.reset();
      assert.equal((await raw.me(server)).status, 401);
    });

    test("a fault that the server does not know is an error of the test that asks for it", async () => {
      await assert.rejects(server.fail({ path: "*", mode: "explode" }), /refuses fail: 400/);
    });
  });
}

describe("embedded", () => {
  /** @type {any} */
  let server;
  before(async () => {
    server = await startEmbedded({ accessTtl: 60, refreshTtl: 600, origins: ["http://app.test"] });
  });
  afterEach(() => server.reset());
  after(() => server?.stop());
  const raw = rawEmbedded;
  const signIn = async () => raw.tokens(await raw.signIn(server));

  test("a wrong password is told in OAuth's form, in words for a person", async () => {
    const { status, body } = await raw.signIn(server, "wrong");
    assert.equal(status, 400);
    assert.deepEqual(body, { error: "invalid_grant", error_description: "Wrong email or password." });
  });

  test("sign-in gives a lifetime, and an id token for the user", async () => {
    const { body } = await raw.signIn(server);
    assert.equal(body.expires_in, 60);
    assert.equal(body.token_type, "Bearer");
    const claims = JSON.parse(Buffer.from(body.id_token.split(".")[1], "base64url").toString());
    assert.equal(claims.iss, server.url);
    assert.equal(claims.sub, server.user.id);
  });

  test("introspection knows a good token and forgets a revoked one", async () => {
    const { accessToken, refreshToken } = await signIn();
    const introspect = () => postForm(`${server.url}/token/introspection`, { token: accessToken });
    assert.equal((await introspect()).body.active, true);
    await raw.revoke(server, refreshToken);
    assert.equal((await introspect()).body.active, false);
  });

  test("reuse of a refresh token takes the access tokens of the grant with it", async () => {
    const first = await signIn();
    const second = raw.tokens(await raw.refresh(server, first.refreshToken));
    assert.equal((await raw.refresh(server, first.refreshToken)).status, 400);
    assert.equal((await raw.me(server, second.accessToken)).status, 401);
    assert.equal((await server.log()).find((/** @type {any} */ entry) => entry.error)?.error, "refresh token already used");
  });

  test("shiftTime makes tokens expire at once, and the Date header goes with it", async () => {
    const { accessToken, refreshToken } = await signIn();
    await server.shiftTime(59_000 - 5_000);
    assert.equal((await raw.me(server, accessToken)).status, 200);
    await server.shiftTime(10_000);
    const expired = await raw.me(server, accessToken);
    assert.equal(expired.status, 401);
    assert.match(expired.body.message, /expired/);
    assert.ok(Date.parse(expired.headers.get("date") ?? "") > Date.now() + 55_000);
    assert.equal((await raw.refresh(server, refreshToken)).status, 200);
  });

  test("a refresh token expires as well, and reset puts the clock back", async () => {
    const { accessToken, refreshToken } = await signIn();
    await server.shiftTime(601_000);
    assert.equal((await raw.refresh(server, refreshToken)).status, 400);
    await server.reset();
    assert.equal((await raw.me(server, accessToken)).status, 200);
  });

  test("shiftTime leaves timers alone", async () => {
    await server.shiftTime(3_600_000);
    await server.fail({ path: "/api/me", mode: "delay", delayMs: 300 });
    const started = performance.now();
    await raw.me(server);
    const took = performance.now() - started;
    assert.ok(took >= 290 && took < 5_000, `took ${took} ms`);
  });

  test("a drop cuts the connection and does none of the work", async () => {
    const { refreshToken } = await signIn();
    await server.fail({ path: "/token", mode: "drop" });
    await assert.rejects(raw.refresh(server, refreshToken), /fetch failed/);
    assert.equal((await raw.refresh(server, refreshToken)).status, 200);
  });

  test("a lost answer leaves the refresh token used", async () => {
    const { refreshToken } = await signIn();
    await server.fail({ path: "/token", mode: "lose" });
    await assert.rejects(raw.refresh(server, refreshToken), /fetch failed/);
    assert.equal((await raw.refresh(server, refreshToken)).status, 400);
  });

  test("an answer that is held back has done its work before it comes, and comes when it is let go", async () => {
    const { refreshToken } = await signIn();
    for (const letGo of [server.release, server.reset]) {
      await server.fail({ path: "/token", mode: "hold" });
      let isHere = false;
      const late = raw.refresh(server, refreshToken).finally(() => (isHere = true));
      while ((await server.held()) === 0) await sleep(20);
      const again = await raw.refresh(server, refreshToken);
      assert.deepEqual([again.status, isHere], [400, false]);
      await letGo();
      assert.equal((await late).status, letGo === server.release ? 200 : 400);
      assert.equal(await server.held(), 0);
    }
  });

  test("a hanging request never gets an answer, and the log shows none", async () => {
    await server.fail({ path: "/api/me", mode: "hang" });
    const signal = AbortSignal.timeout(400);
    await assert.rejects(request(`${server.url}/api/me`, { signal }), { name: "TimeoutError" });
    assert.deepEqual(
      (await server.log()).map((/** @type {any} */ entry) => entry.status),
      [null],
    );
  });

  test("the API gives a dozen orders and echoes bodies", async () => {
    const { accessToken } = await signIn();
    const headers = { authorization: `Bearer ${accessToken}`, "content-type": "application/json" };
    const orders = await request(`${server.url}/api/orders`, { headers });
    assert.equal(orders.body.orders.length, 12);
    const echo = await request(`${server.url}/api/echo`, { method: "POST", headers, body: '{"a":["é",1]}' });
    assert.deepEqual(echo.body, { a: ["é", 1] });
    assert.equal((await request(`${server.url}/api/echo`, { headers })).status, 405);
    assert.equal((await request(`${server.url}/api/nothing`, { headers })).status, 404);
  });

  test("CORS lets the app's origin in and exposes Retry-After", async () => {
    const preflight = await request(`${server.url}/api/me`, {
      method: "OPTIONS",
      headers: { origin: "http://app.test", "access-control-request-method": "GET", "access-control-request-headers": "authorization" },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get("access-control-allow-origin"), "http://app.test");
    assert.equal(preflight.headers.get("access-control-allow-headers"), "authorization");
    await server.fail({ path: "/token", status: 503, headers: { "retry-after": "1" } });
    const failed = await postForm(`${server.url}/token`, {}, { origin: "http://app.test" });
    assert.equal(failed.headers.get("access-control-allow-origin"), "http://app.test");
    assert.match(failed.headers.get("access-control-expose-headers") ?? "", /retry-after/i);
  });

  test("CORS keeps a foreign origin out", async () => {
    const { user } = server;
    const fields = { grant_type: "password", username: user.email, password: user.password };
    const answer = await postForm(`${server.url}/token`, fields, { origin: "http://evil.test" });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get("access-control-allow-origin"), null);
  });
});
