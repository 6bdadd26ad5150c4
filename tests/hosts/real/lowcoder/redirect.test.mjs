// A sign-in at a provider from Lowcoder's published runtime.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { startParts } from "../../lib/app.mjs";
import { ANSWER, approve, exchanges } from "../../lib/redirect.mjs";
import { button, layout, rest, script, startLowcoder } from "./app.mjs";

const limit = { timeout: 240_000 }; // the runtime is 12 MB of scripts, which a busy machine takes long to read
let [parts, lowcoder, context] = [];

before(async () => {
  parts = await startParts();
  const template = (name) => parts.template(`lowcoder/${name}.js`);
  const loginWith = template("loginWith");
  const [setup] = loginWith.split("\n");
  const named = (name, onLoad) => script(name, template(name).replace(/^const Doorkey = .*$/m, setup), onLoad);
  const authorization = (value) => ({ key: "Authorization", value });
  const http = rest("doorkey_http", {
    httpMethod: "POST",
    path: "{{url}}",
    headers: [authorization("{{authorization}}"), { key: "content-type", value: "{{contentType}}" }],
    body: "{{body}}",
  });
  const get = rest("doorkey_get", { httpMethod: "GET", path: "{{url}}" });
  const orders = rest("orders", {
    httpMethod: "GET",
    path: `${parts.server.url}/api/orders`,
    headers: [authorization("Bearer {{localStorage.values.accesstoken}}")],
  });
  const preload = { script: template("preload-oidc"), libs: [parts.cdn.url + parts.files.cdnPath("dist/doorkey.umd.min.js")] };
  const app = (components, ...queries) => ({ ui: layout(components), queries: [...queries, http, get, orders], preload });
  lowcoder = await startLowcoder({
    LoginPage: app({ signin: button("Sign in", "loginWith") }, script("loginWith", loginWith), named("guardLogin", true)),
    Dashboard: app({ list: ["text", { text: "{{ JSON.stringify(loadOrders.data) }}" }] }, named("loadOrders", true)),
  });
}, limit);

after(async () => {
  await Promise.all([lowcoder?.stop(), parts?.stop()]);
});

beforeEach(async () => {
  await parts.server.reset();
  context = await parts.browser.newContext();
});

afterEach(() => context.close());

async function leave() {
  const page = await context.newPage();
  await page.goto(lowcoder.url("LoginPage"));
  await pressed(page);
  return page;
}
// A press that comes before the button hears, or while the page still reads the answer in its address, leads nowhere: who sits there
// presses again.
const pressed = async (page) => {
  const isGone = /\/interaction\//;
  for (const timeout of [15_000, 30_000, 90_000]) {
    if (!isGone.test(page.url())) await page.getByRole("button", { name: "Sign in", exact: true }).click({ timeout: 90_000 });
    const left = await page.waitForURL(isGone, { timeout }).then(
      () => true,
      (error) => assert.ok(timeout < 90_000, error),
    );
    if (left) return;
  }
};

test(
  "lowcoder: redirect: in the published runtime, the provider is shown in the same window, and the app that comes up anew is signed in",
  limit,
  async () => {
    const page = await leave();
    await approve(page, parts.server.user);
    await page.waitForURL(lowcoder.url("Dashboard"), { timeout: 90_000, waitUntil: "commit" });
    await page.waitForFunction(() => document.body.innerText.includes("Grace Hopper"), undefined, { timeout: 90_000 });
    assert.equal(await exchanges(parts.server), 1);
    assert.equal(context.pages().length, 1, "the same window");
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    // The address can't be replaced: the used answer is one step back, and works no more.
    await page.goBack();
    await page.waitForURL(lowcoder.url("Dashboard"), { timeout: 90_000, waitUntil: "commit" });
    assert.equal(await exchanges(parts.server), 1);
  },
);

test("lowcoder: redirect: in the published runtime, who says no is signed out, at an app that works", limit, async () => {
  const page = await leave();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.waitForURL(ANSWER, { waitUntil: "commit" });
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor({ timeout: 90_000 });
  await page.waitForFunction(() => sessionStorage.length === 0); // the answer is read
  assert.equal(await exchanges(parts.server), 0);
  await pressed(page);
  await approve(page, parts.server.user);
  await page.waitForURL(lowcoder.url("Dashboard"), { timeout: 90_000, waitUntil: "commit" });
});
