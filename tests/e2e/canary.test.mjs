// @ts-check
/** A run of everything with secrets that are known: they may be nowhere but where they must be. */

import assert from "node:assert/strict";

import { inPage, leaks, overhear } from "./lib/canary.mjs";
import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** Never the user's; wrong passwords are secrets too, for most are another account's right one. */
const WRONG_PASSWORD = "canary-of-another-account";

/** Every way of failing that an error can be made in, as errors leave the page. */
async function failInEveryWay(world, tab) {
  const { server, site } = world;
  const failures = [];
  const collect = async (name, ...args) => {
    const { error } = await tab.call(name, ...args);
    failures.push(error);
    return error;
  };

  await collect("signin", { email: world.user.email, password: WRONG_PASSWORD });
  await tab.ok("signin", world.user);
  let token = await tab.ok("accessToken");

  // A server that gives back all that it was sent, in header, body and URL.
  const echo = (how) => server.fail({ path: "/token", ...how });
  for (const status of [404, 500, 503]) {
    await echo({
      grant: "refresh_token",
      status,
      body: { message: `bad token ${token}`, error_description: `see ${token}`, seen: await tokensOf(world) },
    });
    await collect("refreshAccessToken", { force: true });
    await world.sleep(120_000);
    // The timer may refresh by now: what comes next is then a request of its own, and echoes what the session holds.
    token = await tab.ok("accessToken");
  }
  await tab.ok("accessToken");
  await echo({
    grant: "password",
    status: 400,
    body: { error: "invalid", error_description: `${world.user.password} is wrong`, password: world.user.password },
  });
  await collect("signin", world.user);
  await echo({ grant: "password", status: 401, body: `<p>${WRONG_PASSWORD}</p>` });
  await collect("signin", { email: world.user.email, password: WRONG_PASSWORD });
  await echo({ grant: "password", mode: "drop" });
  await collect("signin", world.user);

  await collect("run", "leaky");
  await collect("run", { secret: await tab.ok("accessToken") });
  await collect("fetch", "http://127.0.0.1:1/refused");
  await tab.fetch(`${server.url}/api/none`);
  await server.fail({ path: "/api/me", status: 401, times: 2 });
  await tab.fetch(`${server.url}/api/me`);
  await tab.fetch(`${site.other}/echo`, { method: "POST", body: "hello" });
  await collect("storeValue", "value", null, "not a boolean");
  return failures.filter(Boolean);
}

async function tokensOf(world) {
  const { access_token, refresh_token } = await world.newestTokens();
  return [access_token, refresh_token];
}

scenario("a canary run: no log line, error, event, URL, trace, message or foreign storage key holds a token or password", async (world) => {
  const tab = await world.openTab({
    before: overhear,
    complete: (options, kit) => ({
      ...options,
      host: {
        ...kit.recordingHost,
        // A host that puts what it knows into its errors, as app builders do.
        async run() {
          throw new Error(`request failed: Authorization: Bearer ${await globalThis.auth.accessToken()}`);
        },
      },
    }),
  });
  const other = await world.openTab({ before: overhear });
  const results = {};

  const failures = await failInEveryWay(world, tab);
  results.signin = await tab.ok("signin", world.user);
  results.refresh = await tab.ok("refreshAccessToken", { force: true });
  results.check = await tab.ok("check");
  results.guard = await tab.ok("guard", "protected");
  results.status = await tab.status();
  results.store = await tab.ok("storeValue", "theme", "dark");
  results.tests = [
    await tab.call("test", "signin", world.user),
    await tab.call("test", "signin", { email: world.user.email, password: WRONG_PASSWORD }),
    await tab.call("test", "refresh"),
    await tab.call("test", "check"),
  ];
  await world.expire();
  await tab.ok("headers");
  const trace = await tab.evaluate(() => globalThis.auth.trace());
  const stored = await tab.stored();
  const session = stored.doorkey;
  delete stored.doorkey;
  results.logout = await tab.ok("logout");
  await other.event("signedOut");

  const secrets = [...new Set([...(await world.tokens()), world.user.password, WRONG_PASSWORD])];
  assert.ok(secrets.length >= 10, `only ${secrets.length} secrets`);
  assert.ok(failures.length >= 9, `only ${failures.length} errors`);
  assert.ok(trace.length > 10, `only ${trace.length} steps in the trace`);
  const { refresh_token: current } = await world.newestTokens();
  assert.ok(session.includes(current), "the search finds what is there");

  const places = {
    failures,
    results,
    trace,
    "storage keys beside the session's own": stored,
    "requests to the site": world.site.requests,
    "the server's log": await world.server.log(),
    cookies: await world.context.cookies(),
  };
  for (const [name, each] of Object.entries({ "the tab": tab, "the other tab": other })) {
    places[`${name}: console`] = each.console;
    places[`${name}: uncaught errors`] = each.errors;
    places[`${name}: URLs`] = each.urls;
    for (const [what, content] of Object.entries(await each.evaluate(inPage))) {
      places[`${name}: ${what}`] = content;
    }
  }
  assert.deepEqual(leaks(places, secrets), []);
});

scenario("test() with { secrets: true } shows them, without it masks them: the canary can sing", async (world) => {
  const tab = await world.openTab();
  const shown = await tab.ok("test", "signin", world.user, { secrets: true });
  const masked = await tab.ok("test", "signin", world.user);
  const { access_token: token } = await world.newestTokens();
  const { access_token: first } = await world.answers[0];
  assert.ok(JSON.stringify(shown).includes(first));
  assert.ok(!JSON.stringify(masked).includes(token));
  assert.equal(masked.ok, true);
  assert.deepEqual(await tab.stored(), {}, "a test stores nothing");
  assert.deepEqual(await tab.navigations(), []);
});

scenario("expose and keep write what was asked for, and logout removes it", async (world) => {
  const tab = await world.signedIn({
    options: { expose: { accessToken: "accesstoken", expiresAt: "expires" }, keep: ["token_type"] },
  });
  const values = await tab.evaluate(() => globalThis.auth.values());
  const { access_token: token, refresh_token: refreshToken } = await world.newestTokens();
  assert.equal(values.accesstoken, token);
  assert.equal(values.token_type, "Bearer");
  assert.ok(!JSON.stringify(values).includes(refreshToken));
  await world.expire();
  const newest = await tab.ok("accessToken");
  assert.equal(await tab.evaluate(() => globalThis.auth.getValue("accesstoken")), newest);
  await tab.ok("logout");
  assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), {});
  await world.assertNoTokenStored(tab);
});
