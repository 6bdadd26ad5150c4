// The templates for Lowcoder in Lowcoder's published runtime, used as a person uses an app. What only a rebuilt sandbox can
// show, such as failures in the middle of a refresh, is in tests/hosts/lowcoder.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { startParts } from "../../lib/app.mjs";
import { refreshes, tokensIn } from "../../lib/gateway.mjs";
import { button, layout, rest, script, startLowcoder } from "./app.mjs";

const STORE = "lowcoder_app_local_storage";
/** Spelt so that Lowcoder finds no braces in the script itself. */
const BRACES = '"{" + "{ window.harmed = 1 }" + "}"';
const limit = { timeout: 240_000 }; // the runtime is 12 MB of scripts, which a busy machine takes long to read
let [parts, lowcoder, context] = [];

before(async () => {
  parts = await startParts();
  const template = (name) => parts.template(`lowcoder/${name}.js`);
  const named = (name, onLoad) => script(name, template(name), onLoad);
  const http = rest("doorkey_http", {
    httpMethod: "POST",
    path: "{{url}}",
    headers: [{ key: "Authorization", value: "{{authorization}}" }],
    body: "{{body}}",
  });
  const orders = rest("orders", {
    httpMethod: "GET",
    path: `${parts.server.url}/api/orders`,
    headers: [{ key: "Authorization", value: "Bearer {{localStorage.values.accesstoken}}" }],
  });
  const preload = { script: template("preload"), libs: [parts.cdn.url + parts.files.cdnPath("dist/doorkey.umd.min.js")] };
  const app = (components, ...queries) => ({
    ui: layout(components),
    queries: [...queries, http, orders, named("doorkey_answer"), named("logout"), named("refreshAccessToken")],
    preload,
  });
  const setup = template("login").match(/^.*\bsetupDoorkey\(.*$/m)[0];
  const keep = script("keep", `${setup}\nreturn Doorkey.storeValue("theme", "dark");`);
  const braces = `const braces = ${BRACES}; const host = window.Doorkey.hosts.lowcoder({ localStorage, utils, message, http: doorkey_http });`;
  const hand = script(
    "hand",
    `${braces}
return host.store.set("note", { text: braces, deep: [braces] }, true)
  .then(() => host.notify(braces, "error"))
  .then(() => host.run(echo, { given: { text: braces, list: [braces] } }))
  .then((data) => host.store.set("back", data, true));`,
  );
  const echo = rest("echo", {
    httpMethod: "POST",
    path: `${parts.server.url}/api/echo`,
    headers: [{ key: "Authorization", value: "Bearer {{localStorage.values.accesstoken}}" }],
    body: "{{given}}",
  });
  const renew = script("renew", `${setup}\nreturn Doorkey.refreshAccessToken({ force: true });`);
  lowcoder = await startLowcoder({
    LoginPage: app(
      { email: ["input", {}], password: ["input", {}], signin: button("Sign in", "login") },
      named("login"),
      named("guardLogin", true),
    ),
    Dashboard: app(
      {
        list: ["text", { text: "{{ JSON.stringify(loadOrders.data) }}" }],
        note: ["text", { text: "note: {{ JSON.stringify(localStorage.values.note) }}" }],
        hander: button("Hand", "hand"),
        theme: ["text", { text: "theme: {{ localStorage.values.theme }}" }],
        load: button("Load", "loadOrders"),
        keeper: button("Keep", "keep"),
        renewer: button("Renew", "renew"),
        leave: button("Sign out", "logout"),
      },
      named("loadOrders", true),
      echo,
      hand,
      keep,
      renew,
    ),
  });
}, limit);

after(async () => {
  await Promise.all([lowcoder?.stop(), parts?.stop()]);
});

beforeEach(async () => {
  await parts.server.reset();
  context = await parts.browser.newContext();
  lowcoder.runs.length = 0;
});

afterEach(() => context.close());

const open = async (id) => {
  const page = await context.newPage();
  await page.goto(lowcoder.url(id));
  return page;
};
const at = (page, id) => page.waitForURL(lowcoder.url(id), { timeout: 90_000, waitUntil: "commit" });
const shows = (page, text) => page.waitForFunction((words) => document.body.innerText.includes(words), text, { timeout: 90_000 });
const press = (page, text) => page.getByRole("button", { name: text, exact: true }).click();
const kept = (page) => page.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? "{}"), STORE);
const ran = (name) => lowcoder.runs.filter((run) => run.name === name).map(({ status }) => status);

async function signIn(page, { email, password } = parts.server.user) {
  const [first, second] = [page.locator("input").nth(0), page.locator("input").nth(1)];
  await first.fill(email);
  await second.fill(password);
  // What is typed reaches the app a moment later.
  await page.waitForTimeout(500);
  await press(page, "Sign in");
}

async function signedIn() {
  const page = await open("LoginPage");
  await signIn(page);
  await at(page, "Dashboard");
  await shows(page, "Grace Hopper");
  return page;
}

/** The server takes no token for good any more that it gave before. */
const expire = () => parts.server.shiftTime(61_000);

test("lowcoder: sign in: in the published runtime, the button signs in and the dashboard shows the orders", limit, async () => {
  const page = await signedIn();
  assert.ok(tokensIn(await kept(page)).length > 0);
});

test("lowcoder: sign in: in the published runtime, a wrong password is told", limit, async () => {
  const page = await open("LoginPage");
  await signIn(page, { ...parts.server.user, password: "wrong" });
  await shows(page, "Wrong email or password");
  assert.deepEqual(tokensIn(await kept(page)), []);
});

test("lowcoder: refresh: in the published runtime, a script renews the token and the binding has the new one", limit, async () => {
  const page = await signedIn();
  const { accesstoken } = await kept(page);
  await press(page, "Renew");
  await page.waitForFunction(([key, old]) => JSON.parse(localStorage.getItem(key)).accesstoken !== old, [STORE, accesstoken]);
  lowcoder.runs.length = 0;
  await press(page, "Load");
  await page.waitForTimeout(1000);
  assert.deepEqual(ran("orders"), [200]);
  assert.equal((await refreshes(parts.server)).length, 1);
});

test("lowcoder: retry: in the published runtime, a query that is refused runs again with a new token, once", limit, async () => {
  const page = await signedIn();
  await expire();
  lowcoder.runs.length = 0;
  await press(page, "Load");
  for (const deadline = Date.now() + 15_000; ran("orders")[1] === undefined && Date.now() < deadline; ) await page.waitForTimeout(50);
  assert.deepEqual(ran("orders"), [401, 200]);
  assert.equal((await refreshes(parts.server)).length, 1);
});

test("lowcoder: store: in the published runtime, a value is bound and is there after a reload", limit, async () => {
  const page = await signedIn();
  await press(page, "Keep");
  await shows(page, "theme: dark");
  await page.reload();
  await shows(page, "theme: dark");
  await shows(page, "Grace Hopper");
  assert.equal((await refreshes(parts.server)).length, 0);
});

test("lowcoder: guard: in the published runtime, who has no session is sent to the login app, who has one is sent on", limit, async () => {
  const stranger = await open("Dashboard");
  await at(stranger, "LoginPage");
  assert.deepEqual(ran("orders"), []);
  await shows(stranger, "Sign in");
  await signIn(stranger);
  await at(stranger, "Dashboard");
  await shows(stranger, "Grace Hopper");
  await stranger.goto(lowcoder.url("LoginPage"));
  await at(stranger, "Dashboard");
});

test("lowcoder: two tabs: in the published runtime, a sign-out in one ends both", limit, async () => {
  const one = await signedIn();
  const two = await open("Dashboard");
  await shows(two, "Grace Hopper");
  await press(one, "Sign out");
  await at(one, "LoginPage");
  await at(two, "LoginPage");
  assert.equal((await parts.server.log()).filter(({ path }) => path === "/token/revocation").length, 1);
  assert.deepEqual(tokensIn(await kept(one)), []);
});

test("lowcoder: braces that are handed over are data in the published runtime, and never run", limit, async () => {
  const page = await signedIn();
  await press(page, "Hand");
  await shows(page, "{{ window.harmed = 1 }}");
  await page.waitForFunction((key) => JSON.parse(localStorage.getItem(key)).back, STORE);
  const { note, back } = await kept(page);
  assert.deepEqual(note, { text: "{{ window.harmed = 1 }}", deep: ["{{ window.harmed = 1 }}"] });
  assert.match(JSON.stringify(back), /"list":\["\{\{ window\.harmed = 1 \}\}"\]/);
  await page.reload();
  await shows(page, 'note: {"text":"{{ window.harmed = 1 }}"');
  assert.equal(await page.evaluate(() => typeof globalThis.harmed), "undefined");
});
