// @ts-check
/** The flow workbench as a person meets it: written, checked, run, mended, copied and sent on, on doorkey from the tarball. */

import assert from "node:assert/strict";
import { join } from "node:path";

import { servePlayground } from "../../www/serve.mjs";
import { startAppsmith } from "../hosts/appsmith/harness.mjs";
import { benchSuite, openCopied, SERVER, serveCopied } from "./lib/bench.mjs";
import { PHONE, scrollsSideways, WIDE } from "./lib/served.mjs";

const { scenario, world } = benchSuite();

const LOGIN = {
  url: `${SERVER}/token`,
  form: {
    client_id: "playground",
    grant_type: "password",
    scope: "openid offline_access",
    username: "{{ inputs.email }}",
    password: "{{ inputs.password }}",
  },
};

scenario("it opens with an example that has no problem, and every example has none", async (bench) => {
  await bench.open();
  const names = await bench.get("example").locator("option:not([hidden])").allTextContents();
  assert.ok(names.length >= 4);
  for (const name of names) {
    await bench.example(name);
    assert.match((await bench.get("code").textContent()) ?? "", /^export default \{/, name);
  }
});

scenario("a key is completed from the schema, by keyboard, and its help is shown", async (bench) => {
  await bench.open();
  await bench.write('{\n  "url": "/login",\n  \n}', /No problem|Line/);
  for (const key of ["ArrowUp", "End"]) await bench.page.keyboard.press(key);
  await bench.page.keyboard.type('"cred');
  const option = bench.page.locator(".cm-tooltip-autocomplete li", { hasText: "credentials" });
  await option.waitFor();
  await bench.page.waitForTimeout(200); // what has just come up is not accepted, since nobody can have read it
  await bench.page.keyboard.press("Enter");
  await bench.page.keyboard.press("Control+Space");
  await bench.page.locator(".cm-tooltip-autocomplete li", { hasText: "same-origin" }).click();
  const text = await bench.page.evaluate(() => /** @type {any} */ (window).workbench.editor.text());
  assert.match(text, /"credentials": "same-origin"/);
  await bench.get("help").filter({ hasText: "What the browser may do with cookies" }).waitFor();
});

scenario("a misspelt key is told with its line, marked, and found with the keyboard", async (bench) => {
  await bench.open();
  await bench.write([{ request: { url: `${SERVER}/token`, jsn: {} } }], /Line 5: \[0\]\.request\.jsn: there is no such option/);
  assert.equal(await bench.get("run").isDisabled(), true);
  assert.equal(await bench.get("copy").isDisabled(), true);
  await bench.page.locator(".cm-lintRange-error").first().waitFor();
  await bench.get("next-problem").click();
  const line = await bench.page.locator(".cm-activeLine").textContent();
  assert.match(line ?? "", /jsn/);
});

scenario("what only doorkey knows is told in its place: a template, an id given twice, no JSON at all", async (bench) => {
  await bench.open();
  await bench.write([{ request: { url: "/a", json: { a: "{{ hash(inputs.b) }}" } } }], /Line 6: .*hash/);
  await bench.write(
    [
      { id: "a", query: "a" },
      { id: "a", query: "b" },
    ],
    /Line 7: \[1\]\.id: another step has this id/,
  );
  await bench.write("[{", /Line 1/);
  await bench.write("7", /Line 1/);
  await bench.write(LOGIN, /No problem found/);
});

scenario("a flow runs: each step's status, request, answer and scope, and no secret anywhere", async (bench) => {
  await bench.open();
  await bench.example("Who am I");
  await bench.get("demo-user").click();
  await bench.run(/It works: 3 steps/);
  const login = await bench.step("login");
  assert.match((await login.textContent()) ?? "", /request200.* ms/);
  const [request, answer] = await login.locator("pre").allTextContents();
  assert.match(request, new RegExp(`^POST ${SERVER}/token\n`));
  assert.match(request, /username=ada%40example.com&password=\[redacted\]/);
  assert.match(answer, /"access_token": "\[redacted\]"/);
  assert.match((await (await bench.step("me")).textContent()) ?? "", /authorization: Bearer \[redacted\]/);
  assert.match((await (await bench.step("define1")).textContent()) ?? "", /"USER": "Ada Lovelace"/);
  const page = await bench.page.locator("body").innerHTML();
  assert.equal(page.includes(world.server.user.password), false);
  assert.deepEqual(await bench.page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage)]), [[], []]);
});

scenario(
  "the guide's example: what the form gave comes back from the echo, becomes variables, and the password stays masked",
  async (bench) => {
    await bench.open();
    await bench.example("Form, request, variables");
    await bench.get("input-form1.email").fill("a@b.example");
    await bench.get("input-form1.password").fill("hush-hush-1843");
    await bench.run(/It works: 4 steps/);
    assert.match((await (await bench.step("form1")).textContent()) ?? "", /"password": "\[redacted\]"/);
    assert.match((await (await bench.step("http1")).textContent()) ?? "", /request200.*"password": "\[redacted\]"/s);
    assert.match((await (await bench.step("define1")).textContent()) ?? "", /"HTTP_BODY_MESSAGE": "Hello a@b.example"/);
    assert.match((await (await bench.step("define2")).textContent()) ?? "", /"OAUTH2_TOKEN": "\[redacted\]"/);
    const page = await bench.page.locator("body").innerHTML();
    for (const secret of ["hush-hush-1843", btoa("hush-hush-1843")]) assert.equal(page.includes(secret), false);
  },
);

scenario("a refusal is told at its step and marked in the flow; mended, it runs", async (bench) => {
  await bench.open();
  await bench.write(LOGIN, /No problem found/);
  await bench.get("input-inputs.email").fill(world.server.user.email);
  await bench.get("input-inputs.password").fill("not-her-password");
  await bench.run(/Failed at http1: Wrong email or password\./);
  assert.match((await bench.get("step-error").textContent()) ?? "", /ERR_INVALID_CREDENTIALS Wrong email or password\./);
  await bench.get("problems").filter({ hasText: "Line 2: url: Wrong email or password." }).waitFor();
  await bench.page.getByRole("button", { name: "Show it in the flow" }).click();
  assert.match((await bench.page.locator(".cm-activeLine").textContent()) ?? "", /"url"/);
  await bench.get("input-inputs.password").fill(world.server.user.password);
  await bench.run(/It works: 1 step/);
  await bench.get("problems").filter({ hasText: "No problem found." }).waitFor();
});

scenario("doorkey's own form asks, and goes when the flow has ended; closed, it cancels", async (bench) => {
  await bench.open();
  await bench.write(
    [{ form: {} }, { request: { ...LOGIN, form: { ...LOGIN.form, username: "{{ form1.email }}", password: "{{ form1.password }}" } } }],
    /No problem found/,
  );
  await bench.get("ask").check();
  assert.equal(await bench.get("input-form1.password").count(), 0);
  const form = bench.page.locator("doorkey-form");
  for (const [password, said] of /** @type {const} */ ([
    ["not-her-password", /Failed at http1: Wrong email or password/],
    [world.server.user.password, /It works: 2 steps/],
  ])) {
    await bench.get("run").click();
    await form.getByLabel("Email").fill(world.server.user.email);
    await form.locator('input[type="password"]').fill(password);
    await form.getByRole("button", { name: "Sign in" }).click();
    await bench.get("state").filter({ hasText: said }).waitFor();
    await form.getByLabel("Email").waitFor({ state: "hidden" });
  }
  await bench.get("run").click();
  await form.getByLabel("Email").waitFor();
  // Half faded in, a text has too little contrast.
  await form.evaluate(({ shadowRoot }) => Promise.all(shadowRoot?.getAnimations().map(({ finished }) => finished) ?? []));
  assert.deepEqual(await bench.axe(), []);
  await bench.page.keyboard.press("Escape");
  await bench.get("state").filter({ hasText: "Failed at form1: the form was closed" }).waitFor();
});

scenario("refresh, revoke and check run after a sign-in of their own", async (bench) => {
  await bench.open();
  await bench.example("Sign in, refresh, revoke, check");
  await bench.get("demo-user").click();
  for (const flow of ["refresh", "check", "revoke"]) {
    await bench.get("flow-name").selectOption(flow);
    await bench.run(/It works: 1 step/);
    assert.match((await (await bench.step("http1")).textContent()) ?? "", /request200/);
  }
  const grants = (await world.server.log()).map(({ grant }) => grant).filter(Boolean);
  assert.deepEqual(grants, ["password", "refresh_token", "password", "password"]);
});

scenario("another server is out of reach, and the page says why", async (bench) => {
  await bench.open();
  await bench.write({ url: "https://elsewhere.example/login", method: "POST" }, /No problem found/);
  await bench.get("run").click();
  await bench
    .get("state")
    .filter({ hasText: /This page may only reach .* npm start -- --reach https:\/\/elsewhere\.example$/ })
    .waitFor();
  bench.problems = bench.problems.filter((text) => !/Content Security Policy/.test(text));
});

scenario(
  "a server of one's own that it was started with is reached; one that gives no answer is told with what to look at",
  async (bench) => {
    const { url, user } = world.server;
    const site = await servePlayground({ authUrl: "http://127.0.0.1:9", reach: [url], pkgDir: world.packageDir, user });
    try {
      bench.url = site.url;
      await bench.open();
      await bench.write({ ...LOGIN, url: `${url}/token` }, /No problem found/);
      await bench.page.getByTestId("input-inputs.email").fill(user.email);
      await bench.page.getByTestId("input-inputs.password").fill(user.password);
      await bench.run(/It works: 1 step/);
      await bench.write({ ...LOGIN, url: "http://127.0.0.1:9/token" }, /No problem found/);
      await bench.run(/Failed at http1: Failed to fetch. No answer: is the server there, and does it let http:.* in \(CORS\)\?/);
      bench.problems = bench.problems.filter((text) => !/Failed to load resource|CORS/.test(text));
    } finally {
      await site.close();
    }
  },
);

scenario("a long run can be cancelled, and then run again", async (bench) => {
  await world.server.fail({ path: "/token", mode: "hang" });
  await bench.open();
  await bench.write(LOGIN, /No problem found/);
  await bench.get("demo-user").click();
  await bench.get("run").click();
  await bench
    .get("state")
    .filter({ hasText: `POST ${SERVER}/token` })
    .waitFor();
  await bench.get("cancel").click();
  await bench.get("state").filter({ hasText: "Cancelled." }).waitFor();
  await bench.run(/It works/);
});

scenario("a link holds the flow and nothing else: no input, and no secret that stands in it", async (bench) => {
  await bench.open();
  const headers = { Authorization: "Basic aHVzaDpodXNo", "X-Api-Key": "hush-hush" };
  const document = [{ request: { url: `${SERVER}/token`, headers, form: { client_secret: "hush-hush", username: "{{ inputs.email }}" } } }];
  await bench.write(document, /No problem found/);
  await bench.get("input-inputs.email").fill(world.server.user.email);
  await bench.get("link").click();
  await bench.get("alert").filter({ hasText: "without the 3 secrets that stand in the flow" }).waitFor();
  const link = await bench.page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, bench.page.url());
  const other = await bench.page.context().newPage();
  await other.goto(link);
  await other.getByTestId("problems").filter({ hasText: "No problem found." }).waitFor();
  const opened = JSON.parse(await other.evaluate(() => /** @type {any} */ (window).workbench.editor.text()));
  document[0].request.form.client_secret = "";
  document[0].request.headers = { Authorization: "", "X-Api-Key": "" };
  assert.deepEqual(opened, document);
  assert.equal(await other.getByTestId("input-inputs.email").inputValue(), "");
});

scenario("an address that holds no flow is said to, and the page starts", async (bench) => {
  await bench.open("#flow=nonsense");
  await bench.get("alert").filter({ hasText: "no flow that can be read" }).waitFor();
  await bench.get("problems").filter({ hasText: "No problem found." }).waitFor();
});

scenario("the code for a page is copied, and signs in", async (bench) => {
  await bench.open();
  await bench.example("Sign in, refresh, revoke, check");
  await bench.get("host").selectOption("page");
  await bench.get("copy").click();
  await bench.get("alert").filter({ hasText: "The code is copied." }).waitFor();
  const code = await bench.page.evaluate(() => navigator.clipboard.readText());
  const copied = await serveCopied(world, code, '<form><input name="email"><input name="password"><button>Sign in</button></form>');
  try {
    await openCopied(bench.page, copied.url);
    await bench.page.fill("[name=email]", world.server.user.email);
    await bench.page.fill("[name=password]", world.server.user.password);
    await bench.page.click("button");
    await bench.page.getByRole("heading", { name: "In" }).waitFor();
  } finally {
    await copied.stop();
  }
});

scenario("the object for Appsmith works in Appsmith: it signs in, guards a page and signs out", async (bench) => {
  await bench.open();
  await bench.example("Sign in, refresh, revoke, check");
  const code = ((await bench.get("code").textContent()) ?? "").replaceAll(SERVER, world.server.url);
  const appsmith = await startAppsmith();
  try {
    const app = await appsmith.newApp({
      objects: { Auth: code },
      widgets: { inp_email: world.server.user.email, inp_password: world.server.user.password },
      pages: { LoginPage: {}, Dashboard: { onLoad: [["Auth.protect"]] } },
    });
    const tab = await app.open("Dashboard");
    await tab.shows("LoginPage");
    await tab.run("Auth.signin()");
    await tab.shows("Dashboard");
    await tab.run("Auth.logout()");
    await tab.shows("LoginPage");
  } finally {
    await appsmith.stop();
  }
});

/** What each app builder lends to a query; all of it of this test's making. */
const LENT = "Doorkey email password components actions queries utils localStorage message doorkey_http doorkey_answer".split(" ");

scenario("the code for other app builders parses, and signs in with what the builder lends it", async (bench) => {
  await bench.open();
  for (const name of ["Form, request, variables", "Password grant"]) {
    await bench.example(name);
    for (const host of ["tooljet", "retool", "lowcoder"]) {
      await bench.get("host").selectOption(host);
      const code = ((await bench.get("code").textContent()) ?? "").replaceAll(SERVER, world.server.url);
      assert.doesNotMatch(code, /\{\{/, "the builder would fill that in");
      const signedIn = await runCopied(code);
      assert.equal(signedIn.ok, true, `${host}: ${name}`);
    }
  }
});

/** Runs copied code in this process, on the package. @param {string} code */
async function runCopied(code) {
  const Doorkey = await import(join(world.packageDir, "dist/doorkey.mjs"));
  const store = new Map();
  // Each builder's own adapter has its tests in tests/hosts; here only the code around it is tried.
  const adapter = () => ({
    store: { get: (key) => store.get(key), set: (key, value) => void store.set(key, value), remove: (key) => void store.delete(key) },
    navigateTo() {},
  });
  const inputs = { email: { value: world.server.user.email }, password: { value: world.server.user.password } };
  const lent = /** @type {Record<string, any>} */ ({
    Doorkey: { ...Doorkey, hosts: { tooljet: adapter, retool: adapter, lowcoder: adapter } },
    ...inputs,
    components: inputs,
  });
  const AsyncFunction = /** @type {any} */ (async () => {}).constructor;
  return new AsyncFunction(...LENT, code)(...LENT.map((name) => lent[name] ?? {}));
}

scenario("the page tells when the package can't be loaded", async (bench) => {
  await bench.page.route("**/pkg/dist/doorkey.mjs", (route) => route.abort());
  await bench.page.goto(`${world.site.url}/workbench/`);
  await bench.get("start-error").filter({ hasText: "could not load the package" }).waitFor();
  assert.deepEqual(await bench.axe(), []);
  bench.problems = [];
});

scenario("steps that end in the moment in which the next begins have their own requests, under names of their own", async (bench) => {
  await bench.open();
  await bench.example("Who am I");
  await bench.get("demo-user").click();
  await bench.page.evaluate(() => {
    const now = Date.now();
    Date.now = () => now;
  });
  await bench.run(/It works: 3 steps/);
  for (const [id, path] of [
    ["login", "/token"],
    ["me", "/api/me"],
  ]) {
    const texts = await (await bench.step(id)).locator("pre").allTextContents();
    assert.deepEqual(
      texts.filter((text) => /^(GET|POST) /.test(text)).map((text) => text.split("\n")[0].slice(text.indexOf(SERVER) + SERVER.length)),
      [path],
    );
  }
  assert.deepEqual(await bench.axe(), []);
});

for (const [name, viewport] of Object.entries({ phone: PHONE, "wide screen": WIDE })) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    scenario(
      `on a ${name}, ${colorScheme}: axe finds nothing, and nothing scrolls sideways`,
      async (bench) => {
        await bench.open();
        assert.deepEqual(await bench.axe(), []);
        assert.equal(await bench.page.evaluate(scrollsSideways), false, "at first");
        await bench.example("Who am I");
        await bench.get("demo-user").click();
        await bench.run(/It works/);
        await bench.step("login");
        assert.deepEqual(await bench.axe(), []);
        assert.equal(await bench.page.evaluate(scrollsSideways), false, "after a run");
        await bench.get("input-inputs.password").fill("not-her-password");
        await bench.run(/Failed/);
        assert.deepEqual(await bench.axe(), []);
        await bench.write('{ "urrl": 7 }', /Line 1/);
        assert.deepEqual(await bench.axe(), []);
        assert.equal(await bench.page.evaluate(scrollsSideways), false, "with a problem");
      },
      { viewport, colorScheme },
    );
  }
}
