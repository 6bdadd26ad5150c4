// Where the guide's refresh goes wrong, and that the shipped templates come out right. One test for each defect.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { refreshes } from "../lib/gateway.mjs";
import { startGuide } from "./guide.mjs";

let guide;
before(async () => (guide = await startGuide()));
beforeEach(() => guide.server.reset());
after(() => guide?.stop());

/** A tab with a session, on the Dashboard. */
async function signedIn(changes) {
  const app = await guide.newApp(changes);
  const tab = await app.open();
  await guide.signIn(tab);
  app.runs.length = 0;
  return { app, tab };
}

/** Both clocks move on: the access token's time has passed. */
async function expire(...tabs) {
  await guide.server.shiftTime(61_000);
  for (const tab of tabs) await tab.shiftTime(61_000);
}

const names = (app) => app.runs.map(({ name }) => name);
const failure = (script) =>
  `${script}.then((done) => ({ done }), ({ code, status, retryable, message }) => ({ code, status, retryable, message, isError: true }))`;

test("defect 12: values are read by a function that exists", async () => {
  const { tab } = await signedIn();
  await tab.run("Doorkey.storeValue('theme', 'dark')");
  assert.equal(await tab.run("Doorkey.getValue('theme')"), "dark");
  assert.equal(await tab.run("appsmith.store.theme"), "dark");
  for (const file of ["Auth.js", "Auth-http.js", "Guard.js", "Orders.js", "package/Login.js"]) {
    assert.doesNotMatch(guide.template(file), /appsmith\.store\.getValue/);
  }
});

test("defect 13: an answer with the standard's names is enough to refresh", async () => {
  const { app, tab } = await signedIn();
  const before = (await tab.persisted()).accesstoken;
  await expire(tab);
  assert.equal((await tab.run("Auth.refreshAccessToken()")).refreshed, true);
  const { accesstoken } = await tab.persisted();
  assert.equal(typeof accesstoken, "string");
  assert.notEqual(accesstoken, before);
  assert.deepEqual(names(app), ["refreshAPI"]);
});

test("defect 14: an answer without a refresh token keeps the old one, also after a reload", async () => {
  const { app, tab } = await signedIn();
  app.answers("refreshAPI", () => ({ status: 200, body: { access_token: "second-access-token", expires_in: 60 } }));
  const sent = () => app.runs.filter(({ name }) => name === "refreshAPI").map(({ params }) => params.refresh_token);
  await tab.run("Auth.refreshAccessToken()");
  await tab.run("Doorkey.refreshAccessToken({ force: true })");
  await tab.reload();
  await tab.run("Doorkey.refreshAccessToken({ force: true })");
  assert.equal(sent().length, 2);
  assert.equal(typeof sent()[0], "string");
  assert.equal(sent()[1], sent()[0]);
  assert.doesNotMatch(JSON.stringify(await tab.persisted()), /undefined/);
});

test("defect 15: the refresh token reaches the query's body, under every spelling", async () => {
  const { app, tab } = await signedIn();
  await tab.run("Doorkey.refreshAccessToken({ force: true })");
  const [{ params, texts }] = app.runs;
  assert.deepEqual(Object.keys(params).sort(), ["accessToken", "refreshToken", "refresh_token", "refreshtoken"]);
  assert.deepEqual(JSON.parse(texts.body), { refresh_token: params.refreshtoken });
});

test("defect 16: no request while the token is good, one when its time comes", async () => {
  const { app, tab } = await signedIn();
  assert.equal((await tab.run("Auth.refreshAccessToken()")).refreshed, false);
  assert.deepEqual(names(app), []);
  await tab.shiftTime(58_000);
  assert.equal((await tab.run("Auth.refreshAccessToken()")).refreshed, true, "before the last second");
  assert.deepEqual(names(app), ["refreshAPI"]);
});

test("defect 17: a refused refresh ends the session, an unreachable server does not", async () => {
  const { app, tab } = await signedIn();
  app.answers("refreshAPI", () => ({ thrown: "Response not valid" }));
  await expire(tab);
  const unreachable = await tab.run(failure("Auth.refreshAccessToken()"));
  assert.equal(unreachable.isError, true);
  assert.notEqual(unreachable.code, "ERR_REFRESH_REJECTED");
  assert.equal(await tab.run("Doorkey.status().hasRefreshToken"), true);

  app.answers("refreshAPI");
  await guide.server.revokeAll();
  const refused = await tab.run(failure("Doorkey.refreshAccessToken({ force: true })"));
  assert.equal(refused.code, "ERR_REFRESH_REJECTED");
  await tab.shows("LoginPage");
  assert.equal((await tab.persisted()).accesstoken, undefined);
});

test("defect 18: without a session there is still a promise", async () => {
  const tab = await (await guide.newApp()).open();
  assert.equal(await tab.run("(Auth.setup(), Doorkey.refreshAccessToken() instanceof Promise)"), true);
  assert.deepEqual(await tab.run("Auth.refreshAccessToken()"), { ok: false, reason: "signed-out" });
});

test("defect 19: twenty callers and two tabs cause one refresh, and all stay signed in", async () => {
  const { app, tab } = await signedIn();
  const second = await app.open("Dashboard");
  await guide.server.reset();
  await expire(tab, second);
  const many = "Promise.all(Array.from({ length: 20 }, () => Doorkey.accessToken().then((token) => token.length > 20)))";
  const [one, two] = await Promise.all([tab.run(many), second.run(many)]);
  assert.ok([...one, ...two].every(Boolean));
  assert.equal((await refreshes(guide.server)).length, 1);
  for (const each of [tab, second])
    assert.equal(await each.run("Doorkey.headers().then(({ Authorization }) => Authorization.length > 20)"), true);
});

test("defect 20: a refresh tells what came of it, and the token can be asked for", async () => {
  const { tab } = await signedIn();
  await expire(tab);
  const told = await tab.run("Auth.refreshAccessToken()");
  assert.deepEqual(Object.keys(told).sort(), ["expiresAt", "ok", "refreshed"]);
  assert.ok(told.expiresAt > Date.now() + 61_000);
  assert.equal(await tab.run("Doorkey.accessToken()"), (await tab.persisted()).accesstoken);
});

test("defect 21: functions that load a page together need no order", async () => {
  const Other = "export default { load: async () => { Auth.setup(); await Doorkey.guard('protected'); return Doorkey.run(orders); } }";
  const onLoad = [["Orders.load", "Other.load", "Guard.protectedPage"]];
  const app = await guide.newApp({
    objects: { Other },
    pages: { LoginPage: {}, Dashboard: { widgets: [] }, Orders: { onLoad, widgets: [] } },
  });
  const tab = await app.open();
  await guide.signIn(tab);
  app.runs.length = 0;
  await expire(tab);
  await tab.run("navigateTo('Orders')");
  await tab.page.waitForFunction(
    () => window.appsmithPage.log().filter(({ payload }) => payload?.path === "Other.load" || payload?.path === "Orders.load").length === 2,
  );
  assert.deepEqual(names(app).sort(), ["orders", "orders", "refreshAPI"]);
  assert.ok((await tab.run("Orders.load.data")).orders.length > 0);
  assert.ok((await tab.run("Other.load.data")).orders.length > 0);
});

test("defect 22: the walkthrough gives each query its own address, and defines all that the templates name", () => {
  const walkthrough = guide.template("README.md");
  const rows = Object.fromEntries([...walkthrough.matchAll(/^\| `(\w+)` \| POST ([^|]*)\|/gm)].map(([, name, address]) => [name, address]));
  assert.match(rows.sign_in, /grant_type=password/);
  assert.match(rows.refreshAPI, /grant_type=refresh_token/);
  assert.notEqual(rows.revokeAPI, undefined);
  for (const [, name] of guide.template("Auth.js").matchAll(/query: "(\w+)"/g)) assert.ok(rows[name], name);
});

test("defect 23: the walkthrough says that each app has its own session, and each app has", async () => {
  assert.match(guide.template("README.md"), /two apps of the same instance do not share a session/);
  const { tab } = await signedIn();
  const keys = await tab.page.evaluate(() => Object.keys(localStorage));
  assert.deepEqual(keys, ["APPSMITH_LOCAL_STORE-app1"]);
});

test("defect 24: a refused query is run once more after one refresh, never a third time", async () => {
  const { app, tab } = await signedIn();
  let refusals = 1;
  app.answers("orders", ({ next }) => (refusals-- > 0 ? { status: 401, body: { statusCode: 401, message: "token expired" } } : next()));
  await tab.run("navigateTo('Orders')");
  await tab.shows("Orders");
  await tab.page.waitForFunction(() => window.appsmithPage.log().some(({ payload }) => payload?.path === "Orders.load"));
  assert.deepEqual(names(app), ["orders", "refreshAPI", "orders"]);

  refusals = Infinity;
  app.runs.length = 0;
  assert.equal((await tab.run(failure("Doorkey.run(orders)"))).status, 401);
  assert.deepEqual(names(app), ["orders"], "a token just got for a refusal is not given up for the next");

  await tab.run("Doorkey.refreshAccessToken({ force: true })");
  app.runs.length = 0;
  assert.equal((await tab.run(failure("Doorkey.run(orders)"))).status, 401);
  assert.deepEqual(names(app), ["orders", "refreshAPI", "orders"]);
});
