// @ts-check
// docs/recipes, and the page of docs/start: each example runs in Chromium, as it is written, against a real server where one does
// what the recipe is about, else against answers of the test's own.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "../e2e/lib/suite.mjs";
import { startDjango, startEmbedded } from "../servers/lib.mjs";
import { codeBlocks } from "./markdown.mjs";
import { root } from "./project.mjs";

/** The clock of a test is the page's alone: Django has no other than the machine's, and nothing here asks about an end that only it knows. */
const scenario = suite({
  start: /** @type {any} */ (async (/** @type {any} */ how) => ({ ...(await startDjango(how)), shiftTime: async () => {} })),
});
const HTML = { "content-type": "text/html" };
const API = "https://api.example.com";
const SIMPLEJWT = { [API]: "server" };

/** The blocks of a recipe that are run. @param {string} page */
const recipe = async (page) =>
  (await codeBlocks(`docs/recipes/${page}.md`)).filter(({ role }) => role === "recipe").map(({ code }) => code);

/** @param {string} script @param {string} body */
const html = (script, body) => `<!doctype html><html lang="en"><title>x</title><link rel="icon" href="data:,">${body}
  <script type="importmap">{ "imports": { "doorkey": "/pkg/dist/doorkey.mjs", "doorkey/ui": "/pkg/dist/doorkey.ui.mjs" } }</script>
  <script type="module">${script}</script>`;

/**
 * Opens a page that runs a recipe, with its `auth` as a global.
 * @param {any} world @param {string} code
 * @param {{ servers?: Record<string, string>, body?: string, path?: string, names?: string, context?: any }} [how]  servers: what stands in
 *   the place of an example's; names: what the page has besides
 */
async function open(world, code, { servers = {}, body = "", path = "/recipe", names = "auth", context = world.context } = {}) {
  let script = `${code}\nObject.assign(globalThis, { ${names} });`;
  for (const [from, to] of Object.entries(servers)) script = script.replaceAll(from, to === "server" ? world.server.url : to);
  world.site.answer(path.split("?")[0], { headers: HTML, body: html(script, body) });
  const page = await context.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on("pageerror", (/** @type {unknown} */ error) => errors.push(String(error)));
  await page.goto(world.site.origin + path);
  await page.waitForFunction((name) => name in globalThis, names.split(",")[0]);
  return { page, errors };
}

/** @param {import("playwright-core").Page} page @param {any} inputs */
const signin = (page, inputs) => page.evaluate((inputs) => globalThis.auth.signin(inputs), inputs);
const isSignedIn = (/** @type {import("playwright-core").Page} */ page) => page.evaluate(() => globalThis.auth.status().signedIn);

scenario("each recipe has an example that runs", async () => {
  const pages = (await readdir(join(root, "docs/recipes"))).filter((name) => name !== "README.md").map((name) => name.slice(0, -3));
  for (const page of pages) {
    const roles = (await codeBlocks(`docs/recipes/${page}.md`)).map(({ role }) => role);
    assert.ok(roles.includes("recipe") || roles.includes("node"), page);
  }
});

scenario("remember me: who ticks the box is still there in a new tab, who does not is not", async (world) => {
  const [code] = await recipe("remember-me");
  const first = await open(world, code, { servers: SIMPLEJWT });
  for (const remember of [false, true]) {
    await signin(first.page, { ...world.user, remember });
    const other = await open(world, code, { servers: SIMPLEJWT });
    assert.equal(await isSignedIn(other.page), remember);
    await other.page.close();
    await first.page.evaluate(() => globalThis.auth.logout());
  }
  assert.deepEqual(first.errors, []);
});

scenario("two factors: the code is asked for where the server says so, and the second answer counts", async (world) => {
  const [code] = await recipe("two-factors");
  const { page, errors } = await open(world, code, { servers: { [API]: world.site.origin } });
  const fill = async (/** @type {Record<string, string>} */ fields) => {
    for (const [label, text] of Object.entries(fields)) await page.getByRole("textbox", { name: label }).fill(text);
    await page.keyboard.press("Enter");
  };
  world.site.answer("/login", { body: '{"mfa_required":true,"ticket":"t-1"}' });
  world.site.answer("/login/code", { body: '{"access_token":"by-code","expires_in":600}' });
  const done = page.evaluate(() => globalThis.auth.signin().then(() => globalThis.auth.accessToken()));
  await fill({ Email: "a@b.c", Password: "secret" });
  await fill({ "The code from your app": "123456" });
  assert.equal(await done, "by-code");
  const sent = world.site.requests.find(({ path }) => path === "/login/code");
  assert.deepEqual(JSON.parse(sent?.body ?? ""), { ticket: "t-1", code: "123456" });

  world.site.answer("/login", { body: '{"access_token":"at-once","expires_in":600}' });
  const again = page.evaluate(() => globalThis.auth.signin().then(() => globalThis.auth.accessToken()));
  await fill({ Email: "a@b.c", Password: "secret" });
  assert.equal(await again, "at-once");
  assert.deepEqual(errors, []);
});

scenario("cookies: the sign-in, a request that changes something, the check and the sign-out", async (world) => {
  const [code] = await recipe("cookies");
  const server = await startEmbedded();
  try {
    const { page, errors } = await open(world, code, { servers: { [API]: server.url } });
    await signin(page, server.user);
    assert.equal(await page.evaluate(() => globalThis.auth.check()), true);
    const note = await page.evaluate(
      (url) =>
        globalThis.auth
          .fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: '{"text":"hello"}' })
          .then((/** @type {Response} */ { status }) => status),
      `${server.url}/cookies/notes`,
    );
    assert.equal(note, 201);
    assert.equal((await page.evaluate(() => globalThis.auth.logout())).revoked, true);
    assert.deepEqual(errors, []);
  } finally {
    await server.stop();
  }
});

scenario("sliding tokens: the next request carries what the last answer brought", async (world) => {
  const [code] = await recipe("sliding");
  world.site.answer("/login", { body: '{"access_token":"first"}' });
  world.site.answer("/orders", { headers: { "x-next-token": "second" }, body: "{}" });
  const { page, errors } = await open(world, code, { servers: { [API]: world.site.origin } });
  await signin(page, { email: "a@b.c", password: "secret" });
  const url = `${world.site.origin}/orders`;
  for (let time = 0; time < 2; time++) {
    await page.evaluate((url) => globalThis.auth.fetch(url).then((/** @type {Response} */ answer) => answer.text()), url);
    await page.waitForFunction(async () => (await globalThis.auth.accessToken()) === "second");
  }
  const carried = world.site.requests.filter(({ path }) => path === "/orders").map(({ headers }) => headers.authorization);
  assert.deepEqual(carried, ["Bearer first", "Bearer second"]);
  assert.deepEqual(errors, []);
});

scenario("idle: the warning is shown, and who stays is not signed out", async (world) => {
  const blocks = await codeBlocks("docs/recipes/idle.md");
  const body = blocks.find(({ language }) => language === "html")?.code ?? "";
  const { page, errors } = await open(world, blocks[0].code, { servers: SIMPLEJWT, body });
  await signin(page, world.user);
  await world.sleep(3_400_000);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.getByRole("dialog", { name: "You will be signed out soon." }).waitFor();
  await page.getByRole("button", { name: "Stay signed in" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await world.sleep(3_400_000);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.getByRole("dialog").waitFor();
  assert.equal(await isSignedIn(page), true);
  assert.deepEqual(errors, []);
});

scenario("deep links: the sign-in leads back to where the guard has sent away from", async (world) => {
  const [code] = await recipe("deep-links");
  const script = code.replaceAll("/app.html", "/recipe");
  const { page, errors } = await open(world, script, { servers: SIMPLEJWT, path: "/recipe?order=7" });
  const go = (/** @type {string} */ to, /** @type {() => unknown} */ how) =>
    Promise.all([page.waitForURL(`**${to}`), page.evaluate(how).catch(() => {})]);
  await go("/recipe?login", () => globalThis.auth.guard("protected"));
  await page.waitForFunction(() => "auth" in globalThis);
  await Promise.all([page.waitForURL("**/recipe?order=7"), signin(page, world.user).catch(() => {})]);
  await page.waitForFunction(() => "auth" in globalThis);
  assert.equal(await isSignedIn(page), true);
  assert.deepEqual(errors, []);
});

scenario("roles: claims are read, and a field of the answer is kept and goes with the session", async (world) => {
  const [code] = await recipe("roles");
  const part = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "none" })}.${part({ roles: ["approver"], exp: 4_000_000_000 })}.x`;
  world.site.answer("/login", { body: JSON.stringify({ token, user: { role: "clerk", salary: 1 } }) });
  const { page, errors } = await open(world, code, { servers: { [API]: world.site.origin }, names: "auth, mayApprove" });
  await signin(page, { email: "a@b.c", password: "secret" });
  assert.equal(await page.evaluate(() => globalThis.mayApprove()), true);
  assert.deepEqual(await page.evaluate(() => globalThis.auth.values()), { "user.role": "clerk" });
  await page.evaluate(() => globalThis.auth.logout());
  assert.deepEqual(await page.evaluate(() => globalThis.auth.values()), {});
  assert.deepEqual(errors, []);
});

scenario("two APIs: one session for both, or a session for each", async (world) => {
  const [one, two] = await recipe("two-apis");
  const { site } = world;
  const servers = { "https://auth.example.com": "server", [API]: site.origin, "https://files.example.com": site.other };
  world.site.answer("/me", { body: "{}" });
  const first = await open(world, one, { servers });
  await signin(first.page, world.user);
  const get = (/** @type {import("playwright-core").Page} */ page, /** @type {string} */ name, /** @type {string} */ url) =>
    page.evaluate(([name, url]) => globalThis[name].fetch(url).then((/** @type {Response} */ { status }) => status), [name, url]);
  for (const origin of [site.origin, site.other]) await get(first.page, "auth", `${origin}/me`);
  assert.deepEqual(
    site.requests.filter(({ path }) => path === "/me").map(({ headers }) => /^Bearer ey/.test(headers.authorization ?? "")),
    [true, true],
  );

  site.requests = [];
  site.answer("/login", { body: '{"access_token":"a token"}' });
  const second = await open(world, two, { servers, names: "orders, files" });
  await second.page.evaluate(() => globalThis.orders.signin({ email: "a@b.c" }));
  assert.equal(await second.page.evaluate(() => globalThis.files.status().signedIn), false);
  await get(second.page, "orders", `${site.other}/me`);
  await get(second.page, "orders", `${site.origin}/me`);
  assert.deepEqual(
    site.requests.filter(({ path }) => path === "/me").map(({ headers }) => headers.authorization),
    [undefined, "Bearer a token"],
  );
  assert.deepEqual([...first.errors, ...second.errors], []);
});

scenario("docs/start/page.md: its module and its two pages sign in, show who it is, and sign out", async (world) => {
  const blocks = await codeBlocks("docs/start/page.md");
  const code = (/** @type {string} */ role) =>
    blocks.find((block) => block.role === role)?.code.replaceAll(API, world.server.url) ?? assert.fail(`no ${role}`);
  const script = code("session").replace('"doorkey"', '"/pkg/dist/doorkey.mjs"');
  world.site.answer("/session.js", { headers: { "content-type": "text/javascript" }, body: script });
  for (const role of ["login", "dashboard"]) {
    const head = '<!doctype html><html lang="en"><title>x</title><link rel="icon" href="data:,">';
    world.site.answer(`/${role}.html`, { headers: HTML, body: head + code(role) });
  }
  const page = await world.context.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  const shows = (/** @type {string} */ path) => page.waitForURL(world.site.origin + path);
  await page.goto(`${world.site.origin}/dashboard.html`);
  await shows("/login.html");
  const submit = async (/** @type {string} */ password) => {
    await page.waitForFunction(() => document.querySelector("form")?.onsubmit);
    await page.getByLabel("Email").fill(world.user.email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  await submit("wrong");
  await page.getByRole("alert").getByText("No active account").waitFor();
  await submit(world.user.password);
  await page.getByRole("heading", { name: world.user.email }).waitFor();
  await page.waitForFunction(() => document.querySelector("button")?.onclick);
  await page.getByRole("button", { name: "Sign out" }).click();
  await shows("/login.html");
  assert.deepEqual(errors, []);
});
