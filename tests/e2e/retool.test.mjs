// @ts-check
/** Retool's guide to custom authentication, with doorkey. R1 to R11, R20: the flow. docs/retool.md says what each number stands for. */

import assert from "node:assert/strict";

import { codeBlocks } from "../package/markdown.mjs";
import { asPerson, echoOf, formsOf, guideOptions, noticesOf } from "./lib/guide.mjs";
import { suite } from "./lib/suite.mjs";
import { World } from "./lib/world.mjs";

const scenario = suite();

/** A tab in which a person answers the forms of these options. */
const openGuide = (world, { answers = [world.user], code, asksAgain, options = guideOptions(world.server.url), ...how } = {}) =>
  world.openTab({ options, complete: asPerson, data: { answers, code, asksAgain }, ...how });

/** The example of docs/retool.md, with the test server in place of its own. */
async function exampleCode({ url }) {
  const { code } = (await codeBlocks("docs/retool.md")).find(({ language }) => language === "js");
  return code.replaceAll("https://api.example.com", `${url}/guide`);
}

/** The guide's options with another server to sign in at, which gives a token or refuses. */
function withLogin({ url }, path) {
  const [form] = guideOptions(url).flows.signin;
  const signin = [form, { request: { url: url + path, json: "{{ form1 }}" } }, { define: { PASSWORD: "{{ http1.body.token }}" } }];
  return { ...guideOptions(url), flows: { signin } };
}

/** The scope after the last step of a flow, run for real and stored nowhere. */
async function scopeOf(tab, flow, inputs = {}) {
  const { ok, steps } = await tab.ok("test", flow, inputs, { secrets: true });
  assert.ok(ok, JSON.stringify(steps.at(-1)?.error));
  return steps.at(-1).scope;
}

scenario(
  "R1: the guide's own example: a form, a request, a variable, JavaScript, a variable, and the header on the next call",
  async (world) => {
    const tab = await openGuide(world, { code: await exampleCode(world.server) });
    const { ok, navigated } = await tab.ok("signin");
    assert.deepEqual({ ok, navigated }, { ok: true, navigated: true });
    const { method, headers } = await echoOf(tab, `${world.server.url}/guide/anything`);
    assert.equal(method, "GET");
    assert.equal(headers["X-Password"], world.user.password);
    const trace = await tab.evaluate(() => globalThis.auth.trace());
    const steps = trace.filter(({ kind }) => kind !== "note").map(({ id, kind }) => `${id}: ${kind}`);
    assert.deepEqual(steps, ["form1: form", "http1: request", "define1: define", "js1: script", "define2: define"]);
  },
);

scenario("R2: a form asks for email and password unless it says otherwise, and its fields arrive complete", async (world) => {
  const fields = [
    { name: "tenant", type: "select", options: ["acme", "initech"], value: "{{ lower('ACME') }}", required: true },
    { name: "code", type: "one-time-code", label: "Code", help: "From your app" },
  ];
  const flow = [
    { form: {} },
    { form: { title: "Which tenant?", fields } },
    { define: { PASSWORD: "{{ form2.tenant }}:{{ form2.code }}" } },
  ];
  const options = { ...guideOptions(world.server.url), flows: { signin: flow } };
  const tab = await openGuide(world, { options, answers: [world.user, { tenant: "initech", code: "123456" }] });
  await tab.ok("signin");
  const [first, second] = await formsOf(tab);
  assert.deepEqual(
    first.fields.map(({ name, label, type, required }) => ({ name, label, type, required })),
    [
      { name: "email", label: "Email", type: "email", required: true },
      { name: "password", label: "Password", type: "password", required: true },
    ],
  );
  assert.equal(second.title, "Which tenant?");
  const [tenant, code] = second.fields;
  assert.deepEqual([tenant.label, tenant.type, tenant.value, tenant.options], ["Tenant", "select", "acme", ["acme", "initech"]]);
  assert.deepEqual([code.label, code.type, code.required, code.help], ["Code", "one-time-code", false, "From your app"]);
  const { headers } = await echoOf(tab, `${world.server.url}/guide/anything`);
  assert.equal(headers["X-Password"], "initech:123456");
});

scenario("R2: a form that is cancelled ends the flow with ERR_CANCELLED: nothing sent, nothing stored, nothing shown", async (world) => {
  const tab = await openGuide(world, { answers: [] });
  await tab.fails("ERR_CANCELLED", "signin");
  assert.deepEqual(await world.requests("/guide/post"), []);
  assert.deepEqual(await tab.stored(), {});
  assert.deepEqual(await noticesOf(tab), []);
});

scenario(
  "R2: in a plain page the form is a dialog, which shows what the server refuses and stays until the sign-in succeeds",
  async (world) => {
    const options = withLogin(world.server, "/guide/login");
    const tab = await world.openTab({ options, complete: ({ host, pages, ...rest }) => rest });
    await tab.page.addScriptTag({ type: "module", url: "/pkg/dist/doorkey.ui.mjs" });
    const dialog = tab.page.getByRole("dialog", { name: "Sign in to httpbin" });
    const email = dialog.getByLabel("Email");
    const password = dialog.getByLabel("Password").first();
    const person = async () => {
      await email.fill(world.user.email);
      await password.fill("not-her-password");
      await password.press("Enter");
      await dialog.getByText("Invalid username or password").waitFor();
      assert.deepEqual([await email.inputValue(), await password.inputValue()], [world.user.email, ""]);
      await password.fill(world.user.password);
      await password.press("Enter");
    };
    const [{ value, error }] = await Promise.all([tab.call("signin"), person()]);
    assert.ok(value?.ok, error?.message);
    await dialog.waitFor({ state: "hidden" });
    assert.equal((await echoOf(tab, `${world.server.url}/guide/anything`)).headers["X-Password"], "guide-token-1843");
  },
);

scenario("R3: requests are http1, http2, …: the status, the headers and the body of JSON, of text and of nothing", async (world) => {
  const { url } = world.server;
  world.site.answer("/text", { headers: { "content-type": "text/plain", "x-own": "1" }, body: "plain text" });
  world.site.answer("/nothing", { status: 204, headers: {} });
  world.site.answer("/not-json", { body: "{ not JSON" });
  const requests = [`${url}/guide/post`, `${world.site.other}/text`, `${world.site.other}/nothing`, `${world.site.other}/not-json`];
  const tab = await openGuide(world);
  const scope = await scopeOf(
    tab,
    requests.map((address, index) => ({ request: { url: address, ...(index === 0 && { json: { a: [1, null, "ü"] } }) } })),
  );
  assert.equal(scope.http1.status, 200);
  assert.match(scope.http1.headers["content-type"], /^application\/json/);
  assert.deepEqual(scope.http1.body.json, { a: [1, null, "ü"] });
  assert.deepEqual([scope.http2.status, scope.http2.headers["x-own"], scope.http2.body], [200, "1", "plain text"]);
  assert.equal(scope.http3.status, 204);
  assert.ok(!scope.http3.body, JSON.stringify(scope.http3.body));
  assert.equal(scope.http4.body, "{ not JSON");
});

scenario("R4: JavaScript sees variables by bare name and the steps before it; its value is a step's", async (world) => {
  const tab = await openGuide(world, { code: await exampleCode(world.server) });
  const { ok, steps } = await tab.ok("test", "signin", {}, { secrets: true });
  assert.ok(ok);
  const script = steps.find(({ kind }) => kind === "script");
  assert.deepEqual(script.scope.js1, { password: world.user.password, type: "application/json; charset=utf-8" });
  assert.equal(steps.at(-1).scope.PASSWORD, world.user.password);
});

scenario("R5: variables are kept with the session: after a reload the header still goes out", async (world) => {
  const tab = await openGuide(world);
  await tab.ok("signin");
  await tab.reload();
  assert.equal((await tab.status()).signedIn, true);
  const { headers } = await echoOf(tab, `${world.server.url}/guide/anything`);
  assert.equal(headers["X-Password"], world.user.password);
  assert.deepEqual(await formsOf(tab), []);
  await tab.ok("logout");
  const after = await echoOf(tab, `${world.server.url}/guide/anything`);
  assert.equal(after.headers["X-Password"], undefined);
});

scenario("R6: expressions stand in every string of a request, and keep their types", async (world) => {
  const tab = await openGuide(world);
  const request = {
    url: `${world.server.url}/guide/{{ 'any' }}thing`,
    method: "{{ upper('patch') }}",
    headers: { "X-Both": "{{ inputs.name }} {{ base64('a:b') }}" },
    query: { page: "{{ inputs.page }}", none: "{{ inputs.none ?? 'x' }}" },
    json: { page: "{{ inputs.page }}", list: ["{{ inputs.on }}", "text {{ inputs.page }}"], deep: { all: "{{ inputs.tags }}" } },
  };
  const { http1 } = await scopeOf(tab, request, { name: "Ada", page: 2, on: true, tags: ["a", "b"] });
  assert.equal(http1.body.method, "PATCH");
  assert.equal(http1.body.headers["X-Both"], "Ada YTpi");
  assert.deepEqual(http1.body.args, { page: "2", none: "x" });
  assert.deepEqual(http1.body.json, { page: 2, list: [true, "text 2"], deep: { all: ["a", "b"] } });
  const form = { url: `${world.server.url}/guide/post`, form: { name: "{{ inputs.name }} & co", page: "{{ inputs.page }}" } };
  assert.deepEqual((await scopeOf(tab, form, { name: "Ada", page: 2 })).http1.body.form, { name: "Ada & co", page: "2" });
});

scenario("R7: a variable's bare name is its value in headers and in URL parameters", async (world) => {
  const attach = { headers: { Authorization: "Bearer PASSWORD", "X-Not": "PASSWORDS MY_PASSWORD" }, query: { key: "PASSWORD" } };
  const tab = await openGuide(world, { options: { ...guideOptions(world.server.url), attach } });
  await tab.ok("signin");
  const { headers, args } = await echoOf(tab, `${world.server.url}/guide/anything`);
  assert.equal(headers.Authorization, `Bearer ${world.user.password}`);
  assert.equal(headers["X-Not"], "PASSWORDS MY_PASSWORD");
  assert.deepEqual(args, { key: world.user.password });
});

scenario("R8: what is attached goes with every request to the flow's server, and with no request elsewhere", async (world) => {
  const tab = await openGuide(world);
  await tab.ok("signin");
  for (const method of ["GET", "POST", "PATCH", "DELETE"]) {
    const { headers } = await echoOf(tab, `${world.server.url}/guide/anything?as=${method}`, { method });
    assert.equal(headers["X-Password"], world.user.password, method);
  }
  await tab.fetch(`${world.site.other}/echo`);
  assert.ok(!JSON.stringify(world.site.requests).includes(world.user.password));
});

scenario("R9: two resources of one page have variables of their own, and the end of one leaves the other", async (world) => {
  const other = { ...guideOptions(world.server.url), name: "billing" };
  const tab = await openGuide(world);
  await tab.ok("signin");
  const passwords = await tab.evaluate(
    async ([options, url, complete, data]) => {
      const crm = globalThis.auth;
      const billing = globalThis.kit.another((0, eval)(`(${complete})`)(options, globalThis.kit, data));
      await billing.signin();
      const seen = async (auth) => (await (await auth.fetch(`${url}/guide/anything`)).json()).headers["X-Password"];
      const both = [await seen(crm), await seen(billing)];
      await billing.logout();
      return [...both, await seen(crm), await seen(billing)];
    },
    [world.server.options(other), world.server.url, asPerson.toString(), { answers: [{ email: "b@example.com", password: "another" }] }],
  );
  assert.deepEqual(passwords, [world.user.password, "another", world.user.password, undefined]);
});

scenario("R9: two users, each in a browser of their own, share nothing", async (world) => {
  const first = await openGuide(world);
  await first.ok("signin");
  const elsewhere = await World.open({
    browser: world.context.browser(),
    server: world.server,
    site: world.site,
    accessTtl: world.accessTtl,
  });
  try {
    const second = await openGuide(elsewhere, { answers: [{ email: "b@example.com", password: "another" }] });
    assert.equal((await second.status()).signedIn, false);
    await second.ok("signin");
    assert.equal((await echoOf(second, `${world.server.url}/guide/anything`)).headers["X-Password"], "another");
    assert.equal((await echoOf(first, `${world.server.url}/guide/anything`)).headers["X-Password"], world.user.password);
    await elsewhere.assertQuiet();
  } finally {
    await elsewhere.close();
  }
});

scenario("R10: a test of the flow runs it for real and shows each step's scope, masked, and stores nothing", async (world) => {
  const tab = await openGuide(world, { code: await exampleCode(world.server) });
  const { ok, steps } = await tab.ok("test", "signin");
  assert.ok(ok);
  assert.equal((await world.requests("/guide/post")).length, 1);
  assert.deepEqual(
    steps.map(({ id }) => id),
    ["form1", "http1", "define1", "js1", "define2"],
  );
  assert.deepEqual(
    steps.map(({ scope }) =>
      Object.keys(scope)
        .filter((name) => /^(form|http|js)/.test(name))
        .sort(),
    ),
    [["form1"], ["form1", "http1"], ["form1", "http1"], ["form1", "http1", "js1"], ["form1", "http1", "js1"]],
  );
  assert.deepEqual([steps[1].status, typeof steps[1].ms], [200, "number"]);
  assert.equal(steps[1].scope.http1.body.json.email, world.user.email);
  assert.ok(!JSON.stringify(steps).includes(world.user.password), "the password is masked, also where the server echoes it");
  assert.equal((await tab.status()).signedIn, false);
  assert.deepEqual(await tab.stored(), {});
  assert.deepEqual(await tab.navigations(), []);
});

for (const [how, path, status, message] of [
  ["the error text of a JSON answer", "/guide/login", 401, "Invalid username or password"],
  ["an answer that is no JSON, as it is", "/guide/login/text", 401, "Nobody of that name may come in."],
  ["a JSON answer without an error text, as text", "/guide/login/odd", 403, '{"reason":{"code":17}}'],
]) {
  scenario(`R11: a refused sign-in shows ${how}, in the rejection and by host.notify`, async (world) => {
    const tab = await openGuide(world, {
      options: withLogin(world.server, path),
      answers: [{ email: world.user.email, password: "not-her-password" }, world.user],
    });
    const error = await tab.fails("ERR_INVALID_CREDENTIALS", "signin");
    assert.deepEqual([error.status, error.message, error.stepId], [status, message, "http1"]);
    assert.deepEqual(await noticesOf(tab), [{ message, kind: "error" }]);
    assert.deepEqual(await tab.stored(), {});
    assert.deepEqual(await tab.navigations(), []);
    await tab.ok("signin");
    assert.equal((await echoOf(tab, `${world.server.url}/guide/anything`)).headers["X-Password"], "guide-token-1843");
  });
}

scenario(
  "R11: a form that can be asked again shows the text and what is wrong with each field, and keeps all but the password",
  async (world) => {
    const answers = [{ email: "b@example.com", password: "not-hers" }, world.user];
    const tab = await openGuide(world, { options: withLogin(world.server, "/guide/login/fields"), asksAgain: true, answers });
    await tab.ok("signin");
    const [first, second, end, ...more] = await formsOf(tab);
    assert.equal(first.error, undefined);
    assert.equal(second.error, "This email is unknown.");
    assert.deepEqual(
      second.fields.map(({ name, value, error }) => ({ name, value, error })),
      [
        { name: "email", value: "b@example.com", error: "This email is unknown." },
        { name: "password", value: undefined, error: undefined },
      ],
    );
    assert.deepEqual([end, more], ["done", []]);
    assert.deepEqual(await noticesOf(tab), []);
    assert.deepEqual(
      (await world.requests("/guide/login/fields")).map(({ status }) => status),
      [422, 200],
    );
  },
);

scenario("R20: a page without any account, in a frame that may keep nothing, signs in and calls like any other", async (world) => {
  const tab = await openGuide(world, { at: "/sandbox.html", start: false });
  tab.target = tab.page.frames()[1];
  await tab.until(() => Boolean(globalThis.kit));
  await tab.startAuth();
  await tab.ok("signin");
  const { headers } = await echoOf(tab, `${world.server.url}/guide/anything`);
  assert.equal(headers["X-Password"], world.user.password);
  assert.equal(headers.Origin, "null");
});
