// The guide's whole flow in Appsmith's worker, from the packed UMD file: by queries and by endpoints.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { refreshes } from "../lib/gateway.mjs";
import { startGuide } from "./guide.mjs";

let guide;
before(async () => (guide = await startGuide()));
after(() => guide?.stop());

const forms = {
  "by queries": () => guide.newApp(),
  "by endpoints": () => guide.newApp({ objects: { Auth: guide.authHttp() } }),
};

test("the packed file installs without CORS under the one name Doorkey", async () => {
  const tab = await (await guide.newApp({ mode: "EDIT", libraries: [], pages: { LoginPage: {} } })).open();
  const before = await tab.send("INSPECT", "Object.keys(self)");
  const { accessor, definitionMs } = await tab.install(guide.appsmith.doorkeyUrl);
  assert.deepEqual(accessor, ["Doorkey"]);
  assert.ok(definitionMs < 50, `walked for autocompletion in ${definitionMs} ms`);
  const added = (await tab.send("INSPECT", "Object.keys(self)")).filter((key) => !before.includes(key));
  assert.deepEqual(added, ["Doorkey"]);
  assert.equal(await tab.run("typeof Doorkey.version"), "string");
});

for (const [form, newApp] of Object.entries(forms)) {
  test(`appsmith: failure shapes: ${form}, a wrong password shows the server's words, stores nothing and stays`, async () => {
    const tab = await (await newApp()).open();
    const outcome = await guide.signIn(tab, { ...guide.server.user, password: "wrong" });
    assert.equal(outcome.ok, false);
    const alerts = (await tab.toasts()).map(({ kind, message }) => [kind, message]);
    assert.equal(alerts.length, 1);
    assert.equal(alerts[0][0], "error");
    assert.doesNotMatch(alerts[0][1], /failed to execute|\{/);
    assert.deepEqual(await tab.persisted(), {});
    assert.equal(await tab.current(), "LoginPage");
  });

  test(`appsmith: sign in: ${form}, then reload, refresh and sign-out`, async () => {
    await guide.server.reset();
    const app = await newApp();
    const tab = await app.open();
    const outcome = await guide.signIn(tab);
    assert.deepEqual({ ...outcome, expiresAt: typeof outcome.expiresAt }, { ok: true, navigated: true, expiresAt: "number" });
    assert.equal(typeof (await tab.persisted()).accesstoken, "string");

    const steps = await tab.steps();
    assert.ok(steps.lastIndexOf("STORE_VALUE") < steps.indexOf("NAVIGATE_TO"), `stores before the page change: ${steps}`);

    await tab.reload();
    assert.equal(await tab.current(), "Dashboard");
    assert.equal(await tab.run("Doorkey.status().signedIn"), true);
    await tab.run("navigateTo('Orders')");
    await tab.shows("Orders");
    assert.ok((await tab.run("Orders.load()")).orders.length > 0);

    const first = (await tab.persisted()).accesstoken;
    assert.equal((await tab.run("Doorkey.refreshAccessToken({ force: true })")).refreshed, true);
    assert.notEqual((await tab.persisted()).accesstoken, first);
    assert.equal((await refreshes(guide.server)).length, 1);
    assert.ok((await tab.run("Orders.load()")).orders.length > 0, "the new token works");

    const record = JSON.stringify(await tab.persisted());
    assert.deepEqual(await tab.run("Auth.logout()"), { ok: true, revoked: true, navigated: true });
    await tab.shows("LoginPage");
    assert.ok(record.length > 100);
    assert.equal((await tab.persisted()).accesstoken, undefined);
    assert.equal(await tab.run("Doorkey.status().signedIn"), false);
    assert.deepEqual(tab.console, []);
  });
}

// Releases differ in what a failed query tells: nothing (A), the answer's body to a callback (B), the body always (C).
for (const variant of ["A", "B", "C"]) {
  const tells = variant !== "A";
  test(`appsmith: failure shapes: release ${variant}, a wrong password shows ${tells ? "the server's" : "Appsmith's"} words`, async () => {
    const tab = await (await guide.newApp({ variant })).open();
    await guide.signIn(tab, { ...guide.server.user, password: "wrong" });
    const [{ message }] = await tab.toasts();
    assert.equal(message === "sign_in failed to execute", !tells, message);
    assert.deepEqual(await tab.persisted(), {});
  });

  test(`appsmith: refresh: release ${variant}, a refused refresh ${tells ? "ends the session" : "is no word of the server, and keeps the session"}`, async () => {
    const tab = await (await guide.newApp({ variant })).open();
    await guide.signIn(tab);
    await guide.server.revokeAll();
    const code = await tab.run("Doorkey.refreshAccessToken({ force: true }).then(() => 'done', (error) => error.code)");
    assert.equal(code, tells ? "ERR_REFRESH_REJECTED" : "ERR_HOST");
    if (tells) await tab.shows("LoginPage");
    assert.equal(await tab.run("Doorkey.status().signedIn"), !tells);
  });
}

test("appsmith: guard: a visitor without a session who types a hidden page's address lands on LoginPage, and no data came", async () => {
  await guide.server.reset();
  const app = await guide.newApp();
  const tab = await app.open("Orders");
  await tab.shows("LoginPage");
  assert.deepEqual(app.runs, []);
});

test("appsmith: store: what is stored survives a structured clone and JSON unchanged", async () => {
  const tab = await (await guide.newApp()).open();
  await guide.signIn(tab);
  for (const { method, payload } of await tab.log()) {
    if (method !== "PROCESS_STORE_UPDATES") continue;
    for (const { payload: each } of payload)
      assert.deepEqual(JSON.parse(JSON.stringify(structuredClone(each?.value ?? null))), each?.value ?? null);
  }
  assert.equal((await tab.log()).filter(({ method }) => /ERROR|UNHANDLED/.test(method)).length, 0);
});

test("data fields: synchronous calls answer, asynchronous ones say where to call them", async () => {
  const tab = await (await guide.newApp()).open();
  await guide.signIn(tab);
  assert.equal((await tab.field("Doorkey.status(appsmith.store).signedIn")).result, true);
  assert.equal((await tab.field("typeof Doorkey.getValue('missing')")).result, "undefined");
  assert.match((await tab.field("Doorkey.signin()")).error.message, /Found a Promise/);
  // A data field can't wait; the rejection must not become an unhandled one, and its text is for a person.
  const script = `(async () => { let told; self.$isDataField = true; const call = Doorkey.refreshAccessToken(); self.$isDataField = false; await call.catch((error) => { told = [error.code, error.message]; }); return told; })()`;
  const [code, message] = await tab.run(script);
  assert.equal(code, "ERR_HOST");
  assert.match(message, /event or a JS function/);
});

test("appsmith: logout: a bound property follows sign-in and sign-out", async () => {
  const tab = await (await guide.newApp()).open();
  await tab.bind("Text1", "Doorkey.status(appsmith.store).signedIn");
  assert.deepEqual((await tab.bound()).Text1, { value: false });
  await guide.signIn(tab);
  assert.deepEqual((await tab.bound()).Text1, { value: true });
  await tab.run("Auth.logout()");
  await tab.shows("LoginPage");
  assert.deepEqual((await tab.bound()).Text1, { value: false });
});

test("appsmith: store: the session holds when the page tells the store late", async () => {
  const tab = await (await guide.newApp({ storeLagMs: 300 })).open();
  await guide.signIn(tab);
  assert.equal(await tab.run("Doorkey.status().signedIn"), true);
  await tab.run("Auth.logout()");
  await tab.page.waitForTimeout(700);
  assert.equal(await tab.run("Doorkey.status().signedIn"), false);
  assert.equal((await tab.persisted()).accesstoken, undefined);
});

test("appsmith: two tabs: what another tab did reaches this tab's bindings without a reload", async () => {
  const app = await guide.newApp();
  const tab = await app.open();
  await guide.signIn(tab);
  const second = await app.open("Dashboard");
  await second.bind("Text1", "[Doorkey.status(appsmith.store).signedIn, appsmith.store.accesstoken ?? null]");
  const first = (await tab.persisted()).accesstoken;
  assert.deepEqual((await second.bound()).Text1, { value: [true, first] });

  await tab.run("Doorkey.refreshAccessToken({ force: true })");
  const renewed = (await tab.persisted()).accesstoken;
  assert.notEqual(renewed, first);
  await second.boundTo("Text1", [true, renewed]);

  await tab.run("Auth.logout()");
  await second.boundTo("Text1", [false, null]);
  assert.equal((await second.persisted()).accesstoken, undefined);
});

test("appsmith: sign in: the package form, a JS module with query modules that read inputs", async () => {
  const queries = guide.modules;
  assert.deepEqual(Object.keys(queries.sign_in.inputs), ["email", "password"]);
  const app = await guide.newApp({ queries, objects: { Login1: guide.template("package/Login.js") }, pages: { LoginPage: {}, Home: {} } });
  const tab = await app.open();
  const { email, password } = guide.server.user;
  assert.equal((await tab.run(`Login1.signin({ email: ${JSON.stringify(email)}, password: ${JSON.stringify(password)} })`)).ok, true);
  await tab.shows("Home");
  assert.equal((await tab.run("Login1.refreshAccessToken()")).ok, true);
  assert.equal((await tab.run("Login1.logout()")).revoked, true);
  await tab.shows("LoginPage");
});

test("appsmith: retry: a query that is refused once is run once more, after a refresh", async () => {
  const app = await guide.newApp();
  const tab = await app.open();
  await guide.signIn(tab);
  let refusals = 1;
  app.answers("orders", ({ next }) => (refusals-- > 0 ? { status: 401, body: { statusCode: 401, message: "token expired" } } : next()));
  app.runs.length = 0;
  assert.ok((await tab.run("Doorkey.run(orders)")).orders.length > 0);
  assert.deepEqual(
    app.runs.map(({ name }) => name),
    ["orders", "refreshAPI", "orders"],
  );
});

test("appsmith: navigate: to pages by name with parameters, and a page that is not there undoes nothing", async () => {
  const Auth = guide.template("Auth.js").replace('home: "Dashboard"', 'home: "Dashbord"');
  const tab = await (await guide.newApp({ objects: { Auth } })).open();
  const outcome = await guide.signIn(tab).catch((error) => error);
  assert.ok(outcome instanceof Error || outcome.navigated === false);
  assert.equal(await tab.run("Doorkey.status().signedIn"), true);
  await tab.run("Doorkey.hosts.appsmith().navigateTo('Orders', { from: 'test' })");
  await tab.shows("Orders");
  assert.equal(new URL(tab.page.url()).search, "?from=test");
});

test("appsmith: reload: a session that was signed in is found again, on any page", async () => {
  const tab = await (await guide.newApp()).open();
  await guide.signIn(tab);
  const { expiresAt } = await tab.run("Doorkey.status()");
  await tab.visit("Orders");
  await tab.returned("Orders.load");
  assert.equal(await tab.current(), "Orders");
  assert.equal(await tab.run("Doorkey.status().expiresAt"), expiresAt);
});
