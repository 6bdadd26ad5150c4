// @ts-check
// An option that is wrong is told by its path, whatever stands there: also what can be no data, and half a character.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { importPackage } from "../servers/package.mjs";

/** @type {any} */
let doorkey;
before(async () => ({ doorkey } = await importPackage()));

const flow = (/** @type {object} */ more) => ({ flows: { signin: { url: "https://a.example/in", ...more } } });
const step = (/** @type {object} */ more) => ({ flows: { signin: [{ request: { url: "https://a.example/in" }, ...more }] } });
const authorize = (/** @type {object} */ more) => ({ flows: { signin: [{ authorize: more }] } });

/** Options with something in one place. @type {[string, (value: unknown) => object][]} */
const PLACES = [
  ["name", (name) => ({ name })],
  ["issuer", (issuer) => ({ issuer })],
  ["clientId", (clientId) => ({ clientId })],
  ["tokens.accessToken", (accessToken) => ({ tokens: { accessToken } })],
  ["pages.home", (home) => ({ pages: { home } })],
  ["pages.returnTo", (returnTo) => ({ pages: { returnTo } })],
  ["storage", (storage) => ({ storage })],
  ["remember", (remember) => ({ remember })],
  ["restore", (restore) => ({ restore })],
  ["expose.accessToken", (accessToken) => ({ expose: { accessToken } })],
  ["keep[1]", (key) => ({ keep: ["a", key] })],
  ["attach.origins[0]", (origin) => ({ attach: { origins: [origin] } })],
  ["attach.headers.A", (A) => ({ attach: { headers: { A } } })],
  ["attach.csrf.cookie", (cookie) => ({ attach: { csrf: { cookie, header: "h" } } })],
  ["attach.csrf.header", (header) => ({ attach: { csrf: { cookie: "c", header } } })],
  ["refresh.beforeExpirySeconds", (beforeExpirySeconds) => ({ refresh: { beforeExpirySeconds } })],
  ["refresh.status[0]", (status) => ({ refresh: { status: [status] } })],
  ["refresh.everySeconds", (everySeconds) => ({ refresh: { everySeconds } })],
  ["refresh.everyQuery", (everyQuery) => ({ refresh: { everyQuery } })],
  ["refresh.when", (when) => ({ refresh: { when } })],
  ["refresh.fromHeader", (fromHeader) => ({ refresh: { fromHeader } })],
  ["endSession", (endSession) => ({ endSession })],
  ["endSession.endpoint", (endpoint) => ({ endSession: { endpoint } })],
  ["endSession.returnTo", (returnTo) => ({ endSession: { returnTo } })],
  ["dpop", (dpop) => ({ dpop })],
  ["crossTab", (crossTab) => ({ crossTab })],
  ["timeoutSeconds", (timeoutSeconds) => ({ timeoutSeconds })],
  ["idleSeconds", (idleSeconds) => ({ idleSeconds })],
  ["maxAgeSeconds", (maxAgeSeconds) => ({ maxAgeSeconds })],
  ["warnSeconds", (warnSeconds) => ({ warnSeconds })],
  ["flows.signin.url", (url) => flow({ url })],
  ["flows.signin.method", (method) => flow({ method })],
  ["flows.signin.body", (body) => flow({ body })],
  ["flows.signin.credentials", (credentials) => flow({ credentials })],
  ["flows.signin.attach", (attach) => flow({ attach })],
  ["flows.signin.redirect", (redirect) => flow({ redirect })],
  ["flows.signin.ok", (ok) => flow({ ok })],
  ["flows.signin.message", (message) => flow({ message })],
  ["flows.signin[0].id", (id) => step({ id })],
  ["flows.signin[0].when", (when) => step({ when })],
  ["flows.signin[0].timeoutSeconds", (timeoutSeconds) => step({ timeoutSeconds })],
  ["flows.signin[0].authorize.redirectUri", (redirectUri) => authorize({ redirectUri })],
  ["flows.signin[0].authorize.scope", (scope) => authorize({ scope })],
  ["flows.signin[0].authorize.pkce", (pkce) => authorize({ pkce })],
  ["flows.signin[0].authorize.answer[0]", (name) => authorize({ answer: [name] })],
];

let names = 0;

/** What making a session of these options gives. @param {any} options */
function made(options) {
  try {
    doorkey.createAuth({ name: `path-${++names}`, storage: "memory", ...options }).dispose();
    return "ok";
  } catch (/** @type {any} */ error) {
    assert.ok(doorkey.isAuthError(error), String(error));
    return `${error.code} ${error.path}`;
  }
}

for (const [what, value] of /** @type {[string, unknown][]} */ ([
  ["a bigint", 5n],
  ["a symbol", Symbol("x")],
  ["a function", () => 1],
])) {
  test(`${what} in an option that is a number, a text or a flag is refused with its path`, () => {
    for (const [path, options] of PLACES) assert.equal(made(options(value)), `ERR_INVALID_OPTION ${path}`);
  });
}

test("configure, a provider's options and those of calls have the same paths", async () => {
  const auth = doorkey.createAuth({ name: `path-${++names}`, storage: "memory", flows: { signin: () => ({ access_token: "a" }) } });
  await auth.signin();
  assert.throws(() => doorkey.configure({ timeoutSeconds: 5n }), { code: "ERR_INVALID_OPTION", path: "timeoutSeconds" });
  assert.equal(made({ provider: { timeoutSeconds: 5n } }), "ERR_INVALID_OPTION provider.timeoutSeconds");
  for (const value of [5n, Symbol("x"), () => 1]) {
    for (const [call, options, path] of /** @type {[string, any, string][]} */ ([
      ["refreshAccessToken", { force: value }, "force"],
      ["logout", { navigate: value }, "navigate"],
      ["logout", { keep: ["a", value] }, "keep[1]"],
      ["accessToken", { minSeconds: value }, "minSeconds"],
    ]))
      await assert.rejects(auth[call](options), { code: "ERR_INVALID_OPTION", path }, `${call} ${typeof value}`);
  }
  assert.throws(() => doorkey.createAuth(Symbol("x")), { code: "ERR_INVALID_OPTION", path: "options" });
  assert.equal(auth.status().signedIn, true);
  auth.dispose();
});

test("half a surrogate pair in what becomes a key is refused with its path", async () => {
  for (const half of ["\ud800", "a\udc00", "\udc00\ud800"]) {
    const rows = /** @type {[string, object][]} */ ([
      ["name", { name: half }],
      ["expose.accessToken", { expose: { accessToken: half } }],
      ["expose.refreshToken", { expose: { accessToken: "a", refreshToken: half } }],
      ["keep[1]", { keep: ["a", half] }],
      ["tokens.refreshToken", { tokens: { refreshToken: half } }],
      ["flows.signin[0].id", step({ id: half })],
      ["flows.signin[0].form.fields[0].name", { flows: { signin: [{ form: { fields: [{ name: half }] } }] } }],
    ]);
    for (const [path, options] of rows) assert.equal(made(options), `ERR_INVALID_OPTION ${path}`);
    const auth = doorkey.createAuth({ name: `path-${++names}`, storage: "memory" });
    await assert.rejects(auth.logout({ keep: ["a", half] }), { code: "ERR_INVALID_OPTION", path: "keep[1]" });
    auth.dispose();
  }
  assert.equal(made({ expose: { accessToken: "\u{1f600}" }, keep: ["\u{1f600}"] }), "ok");
});

test("a port that there is none of, and a redirectUri that is no absolute address, are refused with their path", () => {
  for (const [path, options] of /** @type {[string, object][]} */ ([
    ["attach.origins[1]", { attach: { origins: ["https://a.example", "https://a.example:99999"] } }],
    ["attach.origins[0]", { attach: { origins: ["https://a.example:"] } }],
    ["issuer", { issuer: "https://a.example:99999" }],
    ["flows.signin.url", flow({ url: "https://a.example:99999/in" })],
    ["flows.signin[0].authorize.redirectUri", authorize({ redirectUri: "https://a.example:99999/cb" })],
    ["flows.signin[0].authorize.redirectUri", authorize({ redirectUri: "/cb" })],
  ]))
    assert.equal(made(options), `ERR_INVALID_OPTION ${path}`);
  const provider = doorkey.providers.oidc({ issuer: "https://op.example", clientId: "app", redirectUri: "/cb" });
  assert.throws(() => doorkey.createAuth({ name: "path-relative", storage: "memory", provider }), {
    code: "ERR_INVALID_OPTION",
    path: "flows.signin[0].authorize.redirectUri",
    message: "flows.signin[0].authorize.redirectUri: must be an absolute address: https://app.example.com/callback",
  });
});

test("what an address is to a browser is what it is to us: its port", () => {
  for (const authority of [
    "a.example:65535",
    "a.example:65536",
    "a.example:",
    "a.example:080",
    "[::1]:8080",
    "[::1]",
    "a.example:8x",
    "a:b:1",
  ]) {
    const url = `https://${authority}/in`;
    const isUrl = URL.canParse(url);
    assert.equal(made(flow({ url })), isUrl ? "ok" : "ERR_INVALID_OPTION flows.signin.url", url);
  }
});
