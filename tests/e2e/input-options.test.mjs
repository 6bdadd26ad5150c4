// @ts-check
/** Options that are misspelt, ill-typed or hostile. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

const URL = "https://auth.example/token";

/** Options in the page's own language, and the path that the error must name. */
const WRONG = [
  ["{ nmae: 'a' }", "nmae"],
  ["{ Storage: 'local' }", "Storage"],
  ["{ name: 5 }", "name"],
  ["{ name: '' }", "name"],
  ["{ storage: 'cookie' }", "storage"],
  ["{ storage: true }", "storage"],
  ["{ crossTab: 'on' }", "crossTab"],
  ["{ crossTab: false }", "crossTab"],
  ["{ timeoutSeconds: '30' }", "timeoutSeconds"],
  ["{ timeoutSeconds: -1 }", "timeoutSeconds"],
  ["{ timeoutSeconds: NaN }", "timeoutSeconds"],
  ["{ idleSeconds: '600' }", "idleSeconds"],
  ["{ maxAgeSeconds: {} }", "maxAgeSeconds"],
  ["{ pages: 'Dashboard' }", "pages"],
  ["{ pages: { hom: 'Dashboard' } }", "pages.hom"],
  ["{ pages: { login: 5 } }", "pages.login"],
  ["{ tokens: true }", "tokens"],
  ["{ tokens: { acessToken: 'data.token' } }", "tokens.acessToken"],
  ["{ tokens: { accessToken: 5 } }", "tokens.accessToken"],
  ["{ keep: 'user' }", "keep"],
  ["{ keep: ['user', 1] }", "keep[1]"],
  ["{ expose: { token: 'accesstoken' } }", "expose.token"],
  ["{ expose: { accessToken: true } }", "expose.accessToken"],
  ["{ refresh: 60 }", "refresh"],
  ["{ refresh: { before: 60 } }", "refresh.before"],
  ["{ refresh: { beforeExpirySeconds: '60' } }", "refresh.beforeExpirySeconds"],
  ["{ refresh: { status: '4xx' } }", "refresh.status"],
  ["{ refresh: { status: [401, '403'] } }", "refresh.status[1]"],
  ["{ refresh: { everySeconds: true } }", "refresh.everySeconds"],
  ["{ refresh: { everyQuery: 'yes' } }", "refresh.everyQuery"],
  ["{ refresh: { when: true } }", "refresh.when"],
  ["{ flows: { signin: [{ form: { feilds: [] } }] } }", "flows.signin[0].form.feilds"],
  ["{ flows: { signin: [{ form: {}, timeoutSeconds: '5' }] } }", "flows.signin[0].timeoutSeconds"],
  ["{ flows: { refresh: [{ form: {} }] } }", "flows.refresh"],
  ["{ attach: { origin: ['https://api.example'] } }", "attach.origin"],
  ["{ attach: { origins: 'https://api.example' } }", "attach.origins"],
  ["{ attach: { origins: ['https://api.example', 'no origin'] } }", "attach.origins[1]"],
  ["{ attach: { headers: { 'X-A': 1 } } }", "attach.headers.X-A"],
  ["{ attach: { csrf: { cookie: 'c' } } }", "attach.csrf.header"],
  ["{ host: 5 }", "host"],
  ["{ host: { navigateTo: 'Dashboard' } }", "host.navigateTo"],
  ["{ host: { store: { get: 1 } } }", "host.store.get"],
  ["{ provider: 'supabase' }", "provider"],
  ["{ flows: [] }", "flows"],
  ["{ flows: { sigin: () => {} } }", "flows.sigin"],
  ["{ flows: { signin: 'POST /token' } }", "flows.signin"],
  ["{ flows: { signin: { run: 5 } } }", "flows.signin.run"],
  ["{ flows: { signin: { url: 5 } } }", "flows.signin.url"],
  ["{ flows: { signin: { url: U, metod: 'POST' } } }", "flows.signin.metod"],
  ["{ flows: { signin: { url: U, method: 5 } } }", "flows.signin.method"],
  ["{ flows: { signin: { url: U, headers: { 'X-A': 1 } } } }", "flows.signin.headers.X-A"],
  ["{ flows: { signin: { url: U, credentials: 'all' } } }", "flows.signin.credentials"],
  ["{ flows: { signin: { url: U, body: {} } } }", "flows.signin.body"],
  ["{ flows: { signin: [] } }", "flows.signin"],
  ["{ flows: { signin: ['x'] } }", "flows.signin[0]"],
  ["{ flows: { signin: [{}] } }", "flows.signin[0]"],
  ["{ flows: { signin: [{ request: { url: U } }, { requst: { url: U } }] } }", "flows.signin[1].requst"],
  ["{ flows: { signin: [{ request: {} }] } }", "flows.signin[0].request.url"],
  ["{ flows: { signin: [{ query: 5 }] } }", "flows.signin[0].query"],
  ["{ flows: { signin: [{ script: 'return 1' }] } }", "flows.signin[0].script"],
  ["{ flows: { signin: [{ define: 'token' }] } }", "flows.signin[0].define"],
  ["{ flows: { signin: [{ define: { token: 1 } }] } }", "flows.signin[0].define.token"],
  ["{ flows: { signin: [{ when: true, request: { url: U } }] } }", "flows.signin[0].when"],
  ["{ flows: { signin: [{ id: 5, request: { url: U } }] } }", "flows.signin[0].id"],
  ["{ flows: { signin: [{ id: 'a', request: { url: U } }, { id: 'a', request: { url: U } }] } }", "flows.signin[1].id"],
  ["{ flows: { refresh: [{ request: { url: U, form: [] } }] } }", "flows.refresh[0].request.form"],
  ["{ flows: { check: 401 } }", "flows.check"],
];

/** Templates that can't be parsed, and where they stand. */
const BAD_TEMPLATES = [
  ["{ flows: { signin: { url: U, json: { a: '{{ inputs.email' } } } }", "flows.signin.json.a"],
  ["{ flows: { signin: { url: 'https://auth.example/{{ }}' } } }", "flows.signin.url"],
  ["{ flows: { signin: { url: U, headers: { 'X-A': '{{ inputs. }}' } } } }", "flows.signin.headers.X-A"],
  ["{ flows: { signin: [{ request: { url: U, form: { b: 'x{{ eval(1) }}' } } }] } }", "flows.signin[0].request.form.b"],
  ["{ flows: { signin: [{ when: '{{ a b }}', request: { url: U } }] } }", "flows.signin[0].when"],
  ["{ flows: { signin: [{ define: { t: '{{ \"open }}' } }] } }", "flows.signin[0].define.t"],
  ["{ attach: { headers: { Authorization: 'Bearer {{ session.accessToken' } } }", "attach.headers.Authorization"],
];

/** What createAuth says to each of these options. */
function tryAll(tab, sources) {
  return tab.evaluate(
    ([url, texts]) =>
      texts.map((text) => {
        const options = new Function("U", `return ${text};`)(url);
        try {
          globalThis.kit.doorkey.createAuth(options);
          return { code: "no error" };
        } catch (error) {
          return globalThis.kit.describe(error);
        }
      }),
    [URL, sources],
  );
}

scenario("each misspelt or ill-typed option throws ERR_INVALID_OPTION with its path", async (world) => {
  const tab = await world.openTab({ start: false });
  const errors = await tryAll(
    tab,
    WRONG.map(([source]) => source),
  );
  const said = errors.map(({ code, path }, index) => `${WRONG[index][0]} -> ${code} ${path}`);
  assert.deepEqual(
    said,
    WRONG.map(([source, path]) => `${source} -> ERR_INVALID_OPTION ${path}`),
  );
  assert.ok(errors.every(({ isAuthError, message }) => isAuthError && message.length > 0));
});

scenario("each bad template throws ERR_TEMPLATE with its path, line and column", async (world) => {
  const tab = await world.openTab({ start: false });
  const errors = await tryAll(
    tab,
    BAD_TEMPLATES.map(([source]) => source),
  );
  const said = errors.map(({ code, path }, index) => `${BAD_TEMPLATES[index][0]} -> ${code} ${path}`);
  assert.deepEqual(
    said,
    BAD_TEMPLATES.map(([source, path]) => `${source} -> ERR_TEMPLATE ${path}`),
  );
  for (const { message } of errors) {
    assert.match(message, /line 1\D+column \d+|\b1:\d+/);
  }
});

scenario("options that are no object throw ERR_INVALID_OPTION", async (world) => {
  const tab = await world.openTab({ start: false });
  const errors = await tryAll(tab, ["null", "'doorkey'", "5", "[]", "() => {}", "Symbol('s')", "1n"]);
  assert.deepEqual(
    errors.map(({ code }) => code),
    Array(7).fill("ERR_INVALID_OPTION"),
  );
});

scenario("hostile options end in an AuthError or an error of their own, and do no lasting harm", async (world) => {
  const tab = await world.openTab({ start: false });
  const sources = [
    "(() => { const o = { name: 'cycle' }; o.flows = { signin: { url: U, json: o } }; return o; })()",
    "(() => { let json = 1; for (let i = 0; i < 50000; i++) json = [json]; return { flows: { signin: { url: U, json } } }; })()",
    "new Proxy({}, { ownKeys() { throw new Error('a trap'); } })",
    "({ get flows() { throw new Error('a getter'); } })",
    "({ flows: { signin: { url: U, json: { a: 1n } } } })",
    "({ flows: { signin: { url: '{{'.repeat(20000) } } })",
    `({ flows: { signin: { url: '{{ ' + '('.repeat(20000) + '1' + ')'.repeat(20000) + ' }}' } } })`,
  ];
  const errors = await tryAll(tab, sources);
  for (const [index, error] of errors.entries()) {
    assert.ok(error.message || error.code === "no error", sources[index]);
    assert.ok(
      !/unreachable|out of bounds|RuntimeError|panick/i.test(`${error.name} ${error.message}`),
      `${sources[index]}: ${error.message}`,
    );
  }
  await tab.startAuth();
  await tab.ok("signin", world.user);
  assert.equal(await tab.evaluate(() => /** @type {any} */ ({}).polluted), undefined);
});

scenario("a refused createAuth leaves the session of that name as it was", async (world) => {
  const tab = await world.signedIn();
  const token = await tab.ok("accessToken");
  const [error] = await tryAll(tab, ["{ name: 'doorkey', pages: 5 }"]);
  assert.equal(error.path, "pages");
  assert.equal(await tab.ok("accessToken"), token);
  assert.deepEqual(
    await tab.evaluate((options) => {
      const again = globalThis.kit.doorkey.createAuth({ ...options, host: globalThis.kit.recordingHost });
      return again.status().signedIn;
    }, tab.start.options),
    true,
  );
});

scenario("bare functions before configure: ERR_INVALID_OPTION, and status() says signed out", async (world) => {
  const tab = await world.openTab({ start: false });
  const { codes, status } = await tab.evaluate(async () => {
    const { doorkey, outcome } = globalThis.kit;
    const calls = [() => doorkey.signin({}), () => doorkey.accessToken(), () => doorkey.guard("login"), () => doorkey.storeValue("a", 1)];
    const outcomes = await Promise.all(calls.map(outcome));
    return { codes: outcomes.map(({ error }) => error?.code), status: doorkey.status() };
  });
  assert.deepEqual(codes, Array(4).fill("ERR_INVALID_OPTION"));
  assert.equal(status.signedIn, false);
});

scenario("calls with nonsense for arguments are answered, and the session is as before", async (world) => {
  const tab = await world.signedIn({ options: { timeoutSeconds: 2 } });
  const token = await tab.ok("accessToken");
  const outcomes = await tab.evaluate(async () => {
    const { auth, kit } = globalThis;
    const nonsense = [null, 5, "x", [], {}, () => {}, Symbol("s"), 1n, NaN, new Date(), new Proxy({}, {}), Object.create(null)];
    const names = [
      "accessToken",
      "headers",
      "run",
      "guard",
      "getValue",
      "removeValue",
      "storeValue",
      "fetch",
      "refreshAccessToken",
      "status",
      "claims",
      "watch",
      "on",
      "test",
    ];
    const results = [];
    for (const name of names) {
      for (const argument of nonsense) {
        const { error } = await kit.outcome(async () => auth[name](argument));
        results.push({ call: `${name}(${typeof argument})`, wrong: error && !error.isAuthError ? error.message : undefined });
      }
    }
    return results;
  });
  assert.deepEqual(
    outcomes.filter(({ wrong }) => wrong),
    [],
  );
  assert.equal((await tab.status()).signedIn, true);
  assert.equal(await tab.ok("accessToken"), token);
});
