// @ts-check
/** Retool's guide to custom authentication, with doorkey. R12 to R19: is there a session, and what keeps it. docs/retool.md says what each number stands for. */

import assert from "node:assert/strict";

import { asPerson, formsOf, noticesOf, variableFlows } from "./lib/guide.mjs";
import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** The provider's tokens, in variables, and a check URL. A form asks for the credentials. */
function resource({ server }, refresh) {
  const flows = variableFlows(server);
  const [{ request }, define] = flows.signin;
  const form = { ...request.form, username: "{{ form1.email }}", password: "{{ form1.password }}" };
  return {
    flows: {
      ...flows,
      signin: [{ form: {} }, { request: { ...request, form } }, { define: { ...define.define, TENANT: "{{ form1.email }}" } }],
    },
    attach: { headers: { Authorization: "Bearer OAUTH2_TOKEN" } },
    ...(refresh && { refresh }),
  };
}

const openResource = (world, refresh, answers = [world.user]) =>
  world.openTab({ options: resource(world, refresh), complete: asPerson, data: { answers } });

/** A tab of the resource, signed in by its form. */
async function signedIn(world, refresh) {
  const tab = await openResource(world, refresh);
  await tab.ok("signin");
  return tab;
}

const notes = (tab, { url }) => tab.fetch(`${url}/rest/notes`);
const statuses = async (world) => (await world.requests("/rest/notes")).map(({ status }) => status);

scenario("R12: the check URL at load: 2xx is signed in; any other status is not, and the form is shown", async (world) => {
  const tab = await signedIn(world);
  const load = (auth) => auth.check().then(async (good) => good || (await auth.signin(), false));
  const atLoad = `(${load})(globalThis.auth)`;
  await tab.reload();
  assert.equal(await tab.evaluate(atLoad), true);
  assert.deepEqual(await formsOf(tab), []);
  assert.equal((await world.requests("/api/me")).at(-1).status, 200);
  for (const status of [403, 404]) {
    await world.server.fail({ path: "/api/me", status });
    assert.equal(await tab.ok("check"), false, String(status));
  }
  // What carries a token to another origin follows no redirect, and says so.
  await world.server.fail({ path: "/api/me", status: 302 });
  assert.match((await tab.fails("ERR_UNREACHABLE", "check")).message, /redirects this request to another address/);
  await world.server.fail({ path: "/api/me", status: 401, times: 2 });
  await tab.reload();
  assert.equal(await tab.evaluate(atLoad), false);
  assert.equal((await formsOf(tab)).length, 1);
  assert.equal(await tab.ok("check"), true);
});

scenario("R12: without a session the check asks the server nothing, and the form is shown", async (world) => {
  const tab = await openResource(world);
  assert.equal(await tab.ok("check"), false);
  assert.deepEqual(await world.server.log(), []);
  assert.equal(await tab.ok("guard", "protected"), false);
  assert.deepEqual(await tab.navigations(), ["LoginPage"]);
});

scenario("R14: a flow without a form signs in at load, and nobody is asked", async (world) => {
  const { signin } = variableFlows(world.server);
  const request = { ...signin[0].request, form: { ...signin[0].request.form, username: world.user.email, password: "{{ store.secret }}" } };
  const flows = { ...variableFlows(world.server), signin: [{ request }, { define: { OAUTH2_TOKEN: "{{ http1.body.access_token }}" } }] };
  const tab = await world.openTab({ options: { ...resource(world), flows }, complete: asPerson, data: { answers: [] } });
  await tab.ok("storeValue", "secret", world.user.password);
  assert.equal(await tab.ok("check"), false);
  await tab.ok("signin");
  assert.equal((await notes(tab, world.server)).status, 200);
  assert.deepEqual(await formsOf(tab), []);
});

scenario("R15: a button signs in: the form, the flow, and the header on the next call", async (world) => {
  const tab = await openResource(world);
  await tab.evaluate(() => {
    document.body.innerHTML = "<button>Sign in</button>";
    document.querySelector("button").addEventListener("click", globalThis.auth.signin);
  });
  await tab.page.click("button");
  await tab.event("signedIn");
  assert.equal((await formsOf(tab)).length, 1);
  assert.equal((await notes(tab, world.server)).status, 200);
});

scenario("R16: the refresh is a flow of its own, and a test of it shows its steps; what the server has rotated is kept", async (world) => {
  const tab = await signedIn(world);
  const before = await tab.ok("headers");
  const { ok, steps } = await tab.ok("test", "refresh");
  assert.ok(ok, JSON.stringify(steps.at(-1)?.error));
  assert.deepEqual(
    steps.map(({ id, kind, status }) => [id, kind, status]),
    [
      ["http1", "request", 200],
      ["define1", "define", undefined],
    ],
  );
  const { access_token: newest, refresh_token: rotated } = await world.newestTokens();
  const shown = JSON.stringify(steps);
  assert.ok(!shown.includes(newest) && !shown.includes(rotated), "tokens are masked");
  assert.notDeepEqual(await tab.ok("headers"), before);
  assert.equal((await notes(tab, world.server)).status, 200);
  await tab.ok("refreshAccessToken", { force: true });
  assert.equal((await notes(tab, world.server)).status, 200);
});

scenario("R16: a test of a refresh that fails says why, and the session stays as it was", async (world) => {
  const tab = await signedIn(world);
  const before = await tab.ok("headers");
  await world.failRefresh({ status: 503, body: { error: "Missing access token" } });
  const { ok, steps } = await tab.ok("test", "refresh");
  assert.equal(ok, false);
  const { status, error } = steps.at(-1);
  assert.deepEqual([status, error.code, error.message], [503, "ERR_UNREACHABLE", "Missing access token"]);
  assert.deepEqual(await tab.ok("headers"), before);
  assert.equal((await tab.status()).signedIn, true);
});

for (const [what, refresh, status] of [
  ["a status of the list", { status: [401, 403] }, 403],
  ["any status that is not 2xx", { status: "non-2xx" }, 500],
]) {
  scenario(`R17: ${what} runs the refresh, and the same call again succeeds`, async (world) => {
    const tab = await signedIn(world, refresh);
    await world.server.fail({ path: "/rest/notes", status });
    assert.equal((await notes(tab, world.server)).status, 200);
    assert.equal(await world.refreshes(), 1);
    assert.deepEqual(await statuses(world), [status, 200]);
  });
}

scenario("R17: a status that is not of the list is the caller's", async (world) => {
  const tab = await signedIn(world, { status: [401, 403] });
  await world.server.fail({ path: "/rest/notes", status: 409 });
  assert.equal((await notes(tab, world.server)).status, 409);
  assert.equal(await world.refreshes(), 0);
});

scenario("R17: shortly before expiry a call refreshes first, and no call is refused", async (world) => {
  const tab = await signedIn(world, { beforeExpirySeconds: 60 });
  await world.sleep((world.accessTtl - 2) * 1000);
  assert.equal((await notes(tab, world.server)).status, 200);
  assert.equal(await world.refreshes(), 1);
  assert.deepEqual(await statuses(world), [200]);
});

scenario("R17: every query: each call refreshes first", async (world) => {
  const tab = await signedIn(world, { everyQuery: true });
  for (const count of [1, 2, 3]) {
    assert.equal((await notes(tab, world.server)).status, 200);
    assert.equal(await world.refreshes(), count);
  }
});

scenario("R17: none: without a refresh flow a refused call is the caller's", async (world) => {
  const { flows, ...options } = resource(world);
  const tab = await world.openTab({
    options: { ...options, flows: { ...flows, refresh: undefined } },
    complete: asPerson,
    data: { answers: [world.user] },
  });
  await tab.ok("signin");
  await world.expireOnServer();
  assert.equal((await notes(tab, world.server)).status, 401);
  assert.deepEqual(await statuses(world), [401]);
});

for (const [what, everySeconds] of [
  ["a constant", 30],
  ["a variable's bare name", "EVERY"],
  ["an expression with a variable", "{{ EVERY }}"],
]) {
  scenario(`R18: after so many seconds, given as ${what}, the next call refreshes first`, async (world) => {
    const tab = await signedIn(world, { everySeconds });
    await world.sleep(20_000);
    assert.equal((await notes(tab, world.server)).status, 200);
    assert.equal(await world.refreshes(), 0);
    await world.sleep(11_000);
    assert.equal((await notes(tab, world.server)).status, 200);
    assert.equal(await world.refreshes(), 1);
    assert.deepEqual(await statuses(world), [200, 200]);
  });
}

scenario("R18: after so many seconds the timer refreshes, without a call", async (world) => {
  const tab = await signedIn(world, { everySeconds: 1 });
  await tab.event("refreshed");
  assert.ok((await world.refreshes()) >= 1);
});

scenario("R19: 401 on a later call: the refresh flow, then the same call again succeeds, and nobody is asked", async (world) => {
  const tab = await signedIn(world);
  await world.expireOnServer();
  const answer = await tab.fetch(`${world.server.url}/rest/notes`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: '{"text":"once"}',
  });
  assert.equal(answer.status, 201);
  assert.equal(JSON.parse(answer.body).text, "once");
  assert.deepEqual(await statuses(world), [401, 201]);
  assert.equal(await world.refreshes(), 1);
  assert.equal((await formsOf(tab)).length, 1);
});

scenario("R19: a call that fails again after the refresh is the caller's: two calls, one refresh, never a third", async (world) => {
  const tab = await signedIn(world, { status: "non-2xx" });
  await world.server.fail({ path: "/rest/notes", status: 500, body: { message: "Out of order" }, times: Infinity });
  const { status, body } = await notes(tab, world.server);
  assert.deepEqual([status, JSON.parse(body)], [500, { message: "Out of order" }]);
  assert.deepEqual(await statuses(world), [500, 500]);
  assert.equal(await world.refreshes(), 1);
});

scenario("R19: a refresh that the server refuses ends the session: its text is shown, and the login page", async (world) => {
  const tab = await signedIn(world);
  await world.server.revokeAll();
  assert.equal((await notes(tab, world.server)).status, 401);
  await tab.event("expired");
  assert.deepEqual(
    (await noticesOf(tab)).map(({ kind }) => kind),
    ["error"],
  );
  await tab.navigated("LoginPage");
  assert.deepEqual(await tab.navigations(), ["Dashboard", "LoginPage"]);
});

scenario("the trace shows when and why the last refresh ran", async (world) => {
  const tab = await signedIn(world);
  await world.expireOnServer();
  const before = await tab.evaluate(() => Date.now());
  await notes(tab, world.server);
  const trace = await tab.evaluate(() => globalThis.auth.trace());
  const why = trace.findLast(({ id, kind }) => id === "refresh" && kind === "note");
  assert.equal(why.reason, "refused");
  assert.ok(why.at >= before && why.at <= before + 20_000, JSON.stringify(why));
  const steps = trace.slice(trace.lastIndexOf(why) + 1);
  assert.deepEqual(
    steps.map(({ id, status }) => [id, status]),
    [
      ["http1", 200],
      ["define1", undefined],
    ],
  );
  const tokens = await world.tokens();
  assert.ok(!tokens.some((token) => JSON.stringify(trace).includes(token)), "tokens are masked");
});
