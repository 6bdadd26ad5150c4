// What a library must keep to inside Appsmith, whatever the app does: state, data fields, order, secrets, errors.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { eventually } from "../../e2e/lib/eventually.mjs";
import { startGuide } from "./guide.mjs";

let guide;
before(async () => (guide = await startGuide()));
after(() => guide?.stop());

const answer = {
  status: 200,
  body: { access_token: "first-access-token-of-ada", refresh_token: "first-refresh-token-of-ada", expires_in: 60, name: "Ada" },
};

/** A JS object `Auth` with queries as flows and other options. */
const authWith = (options) => `export default {
  setup: () => {
    Doorkey.configure({
      host: Doorkey.hosts.appsmith(),
      flows: { signin: sign_in, refresh: refreshAPI, revoke: revokeAPI },
      pages: { home: "Dashboard", login: "LoginPage" },
      ...${JSON.stringify(options)},
    });
  },
  signin: async () => { Auth.setup(); return Doorkey.signin({ email: inp_username.text, password: inp_password.text }); },
}`;

/** An app whose pages run nothing by themselves. */
async function plainApp({ options = {}, objects, ...changes } = {}) {
  const app = await guide.newApp({ objects: { Auth: authWith(options), ...objects }, pages: { LoginPage: {}, Dashboard: {} }, ...changes });
  app.answers("sign_in", () => answer);
  app.answers("revokeAPI", () => ({ status: 200, body: "" }));
  return app;
}

test("H6: its state outlives what Appsmith clears, and it leaves nothing on the scope", async () => {
  const tab = await (await plainApp()).open();
  await tab.run("Auth.setup()");
  const before = await tab.send("INSPECT", "Object.keys(self)");
  await guide.signIn(tab);
  await tab.run("Doorkey.storeValue('draft', { a: 1 }, false)");
  for (const stray of ["one", "two", "three"]) await tab.run(`(self.${stray} = 1, 0)`);
  assert.equal(await tab.run("Doorkey.status().signedIn && typeof three"), "undefined");
  assert.deepEqual(await tab.run("Doorkey.getValue('draft')"), { a: 1 });
  const left = (await tab.send("INSPECT", "Object.keys(self)")).filter((key) => !before.includes(key));
  assert.deepEqual(left, []);
});

const asynchronous = {
  signin: "Doorkey.signin({ email: 'a' })",
  refreshAccessToken: "Doorkey.refreshAccessToken()",
  logout: "Doorkey.logout()",
  storeValue: "Doorkey.storeValue('a', 1)",
  removeValue: "Doorkey.removeValue('a')",
  clearStore: "Doorkey.clearStore()",
  accessToken: "Doorkey.accessToken()",
  headers: "Doorkey.headers()",
  run: "Doorkey.run('orders')",
  check: "Doorkey.check()",
  guard: "Doorkey.guard('protected')",
  fetch: "Doorkey.createAuth({ name: 'other' }).fetch('/')",
  test: "Doorkey.createAuth({ name: 'other' }).test('signin')",
};
const synchronous = {
  "status()": "Doorkey.status().signedIn",
  "status(store)": "Doorkey.status(appsmith.store).signedIn",
  claims: "Doorkey.claims('e30.eyJzdWIiOiJhZGEifQ.x').sub",
  getValue: "Doorkey.getValue('theme')",
  values: "Doorkey.values()",
  on: "typeof Doorkey.on('signedIn', () => {})",
  isAuthError: "Doorkey.isAuthError({})",
  version: "typeof Doorkey.version",
  trace: "Array.isArray(Doorkey.createAuth({ name: 'doorkey' }).trace())",
};

test("H7: in data fields every synchronous call answers, and every asynchronous one says where to call it", async () => {
  const tab = await (await plainApp()).open();
  await guide.signIn(tab);
  await tab.run("Doorkey.storeValue('theme', 'dark')");
  const before = await tab.log();
  const results = {};
  for (const [name, expression] of Object.entries(synchronous)) results[name] = (await tab.field(expression)).result;
  assert.deepEqual(results, {
    "status()": true,
    "status(store)": true,
    claims: "ada",
    getValue: "dark",
    values: { theme: "dark" },
    on: "function",
    isAuthError: false,
    version: "string",
    trace: true,
  });
  for (const [name, call] of Object.entries(asynchronous)) {
    // Kept where the next evaluation does not clear it.
    const field = await tab.field(
      `(${call}.catch(({ code, message }) => Object.defineProperty(self, "told", { value: [code, message], configurable: true })), "shown")`,
    );
    assert.deepEqual(field, { result: "shown" }, name);
    const [code, message] = await tab.send("INSPECT", "self.told");
    assert.equal(code, "ERR_HOST", name);
    assert.match(message, /from an event or a JS function/, name);
    assert.match((await tab.field(call)).error.message, /^Found a Promise\(\)/, name);
    assert.equal(await tab.send("INSPECT", "self.$isDataField"), false, name);
  }
  const acted = (await tab.log()).slice(before.length).filter(({ method }) => method !== "PROCESS_JS_FUNCTION_EXECUTION");
  assert.deepEqual(acted, [], "nothing reached the page");
});

const keys = {
  "no key": { options: { storage: "memory" }, stored: 0 },
  "one key": { options: {}, stored: 1 },
  "many keys": {
    options: { expose: { accessToken: "accesstoken", refreshToken: "refreshtoken", expiresAt: "expires" }, keep: ["name"] },
    stored: 5,
  },
};
for (const [name, { options, stored }] of Object.entries(keys)) {
  test(`H8: stores come before the page change, with ${name}, at sign-in, at the session's end and at sign-out`, async () => {
    const app = await plainApp({ options });
    const tab = await app.open();
    let from = 0;
    const next = async (page) => {
      await tab.shows(page);
      const steps = (await tab.steps()).slice(from);
      from += steps.length;
      const last = steps.findLastIndex((step) => step.endsWith("_VALUE"));
      assert.ok(last < steps.indexOf("NAVIGATE_TO"), String(steps));
      return new Set(
        (await tab.log())
          .filter(({ method }) => method === "PROCESS_STORE_UPDATES")
          .flatMap(({ payload }) => payload.map(({ payload }) => payload.key)),
      );
    };
    await guide.signIn(tab);
    assert.equal((await next("Dashboard")).size, stored);

    app.answers("refreshAPI", () => ({ status: 400, body: { error: "invalid_grant" } }));
    await tab.run("Doorkey.refreshAccessToken({ force: true }).catch(() => {})");
    await next("LoginPage");

    await guide.signIn(tab);
    await next("Dashboard");
    await tab.run("Doorkey.logout()");
    await next("LoginPage");
  });
}

test("H11: sign-out clears though revoking fails, spares foreign keys, clears the queries, tells other tabs, and once is enough", async () => {
  const app = await guide.newApp({ pages: { LoginPage: {}, Dashboard: {} } });
  app.answers("revokeAPI", () => ({ status: 500, body: { statusCode: 500 } }));
  const tab = await app.open();
  await tab.run("storeValue('theirs', 'kept')");
  await guide.signIn(tab);
  await tab.run("Doorkey.storeValue('ours', 1)");
  const second = await app.open("Dashboard");
  await second.run("Guard.protectedPage()");
  await second.run("Doorkey.refreshAccessToken({ force: true })");
  assert.deepEqual(await tab.run("Auth.logout()"), { ok: true, revoked: false, navigated: true });
  // Both tabs remove, and each writes the whole store: what one has removed the other may write once more before it does so, too.
  const left = ({ theirs, ours, accesstoken }) => JSON.stringify({ theirs, ours, accesstoken });
  const isDone = async () =>
    [await tab.persisted(), await second.run("appsmith.store")].every((store) => left(store) === left({ theirs: "kept" }));
  await eventually(isDone, "a value of ours is left, or one of theirs is not");
  const cleared = async (each) =>
    (await each.log()).filter(({ type }) => type === "CLEAR_PLUGIN_ACTION").map(({ payload }) => payload.actionId);
  assert.deepEqual([...new Set([...(await cleared(tab)), ...(await cleared(second))])].sort(), ["refreshAPI", "sign_in"]);
  await second.shows("LoginPage");
  assert.equal(await second.run("Doorkey.status().signedIn"), false);
  const runs = app.runs.length;
  assert.deepEqual(await tab.run("Auth.logout()"), { ok: true, revoked: false, navigated: true });
  assert.equal(app.runs.length, runs, "a second call sends nothing");
});

test("H12: tokens and passwords travel in store writes and query parameters, and nowhere else", async () => {
  const app = await guide.newApp({ mode: "EDIT" });
  const tab = await app.open();
  const { email, password } = guide.server.user;
  const secrets = new Set([password]);
  const results = [await guide.signIn(tab, { email, password: "wrong-password-of-ada" }), await guide.signIn(tab, { email, password })];
  const learn = async () => {
    const session = JSON.stringify(await tab.persisted());
    for (const [, token] of session.matchAll(/oken\\*":\\*"([\w.-]{20,})/g)) secrets.add(token);
  };
  await learn();
  results.push(
    await tab.run("Doorkey.refreshAccessToken({ force: true })"),
    await tab.run("Doorkey.run(orders)"),
    await tab.run("Doorkey.createAuth({ name: 'doorkey' }).trace()"),
  );
  await learn();
  app.answers("refreshAPI", ({ params }) => ({ status: 500, body: { statusCode: 500, message: `unknown token ${params.refresh_token}` } }));
  results.push(await tab.run("Doorkey.refreshAccessToken({ force: true }).catch(({ code, message, body }) => [code, message, body])"));
  app.answers("refreshAPI");
  results.push(await tab.run("Auth.logout()"));
  assert.ok(secrets.size >= 5, `${secrets.size} secrets: two pairs of tokens and a password`);
  secrets.add("wrong-password-of-ada");
  const posted = (await tab.log()).filter(({ method, type }) => method !== "PROCESS_STORE_UPDATES" && type !== "RUN_PLUGIN_ACTION");
  const seen = JSON.stringify([posted, results, tab.console, tab.page.url()]);
  for (const secret of secrets) assert.ok(!seen.includes(secret), "a secret was posted, returned, toasted or logged");
});

test("H13: what is written survives a structured clone and JSON, and a reload finds the session", async () => {
  const tab = await (await plainApp({ options: { expose: { accessToken: "accesstoken", expiresAt: "expires" }, keep: ["name"] } })).open();
  await guide.signIn(tab);
  await tab.run("Doorkey.storeValue('cart', { items: [1, 'zwei', null, { deep: true }], at: 0.1 })");
  const written = (await tab.log())
    .filter(({ method }) => method === "PROCESS_STORE_UPDATES")
    .flatMap(({ payload }) => payload.map(({ payload }) => payload.value));
  assert.ok(written.length >= 5);
  for (const value of written) assert.equal(JSON.stringify(JSON.parse(JSON.stringify(structuredClone(value)))), JSON.stringify(value));
  const before = await tab.run("({ ...Doorkey.status(), expiresInSeconds: 0 })");
  await tab.reload();
  await tab.run("Auth.setup()");
  assert.deepEqual(await tab.run("({ ...Doorkey.status(), expiresInSeconds: 0 })"), before);
  await tab.run("Doorkey.accessToken()"); // what tabs share is read by then
  assert.deepEqual(await tab.run("Doorkey.getValue('cart')"), { items: [1, "zwei", null, { deep: true }], at: 0.1 });
  assert.equal(await tab.run("Doorkey.accessToken()"), answer.body.access_token);
});

test("H14: what is thrown can be tagged by Appsmith, and nothing is left unhandled", async () => {
  const Fails = `export default {
    signedOut: async () => { Auth.setup(); return Doorkey.accessToken(); },
    wrong: async () => { Auth.setup(); return Doorkey.signin({ email: "a@b.c", password: "wrong" }); },
    noQuery: async () => { Auth.setup(); return Doorkey.run("missing"); },
    noJson: async () => { Auth.setup(); return Doorkey.storeValue("f", () => 1); },
    badOption: () => { Doorkey.configure({ stroage: "memory" }); },
    badTemplate: () => { Doorkey.createAuth({ name: "x", flows: { signin: { url: "{{ inputs. }}" } } }); },
    forgotten: async () => { Auth.setup(); Doorkey.accessToken().catch(() => {}); Doorkey.createAuth({ name: "y" }).on("failed", () => {}); return 1; },
  }`;
  const app = await plainApp({ objects: { Fails } });
  app.answers("sign_in", () => ({ status: 401, body: { statusCode: 401, message: "no" } }));
  const tab = await app.open();
  const codes = {
    signedOut: "ERR_SIGNED_OUT",
    wrong: "ERR_INVALID_CREDENTIALS",
    noQuery: "ERR_HOST",
    noJson: "ERR_INVALID_VALUE",
    badOption: "ERR_INVALID_OPTION",
    badTemplate: "ERR_TEMPLATE",
  };
  for (const [name, code] of Object.entries(codes)) {
    const script = `(async () => { try { await Fails.${name}(); } catch (error) { return [error instanceof Error, Object.isExtensible(error), error.code, error.source?.path]; } })()`;
    assert.deepEqual(await tab.run(script), [true, true, code, `Fails.${name}`]);
    const [shown] = (await tab.trigger(`Fails.${name}()`)).errors;
    assert.equal(shown.code, code, `${name}: ${shown.name}: ${shown.message}`);
  }
  assert.equal(await tab.run("Fails.forgotten()"), 1);
  await tab.page.waitForTimeout(100);
  assert.deepEqual(
    (await tab.log()).filter(({ method }) => /UNHANDLED|WORKER_ERROR/.test(method)),
    [],
  );
});
