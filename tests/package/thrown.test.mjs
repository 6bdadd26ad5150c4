// @ts-check
// What people write: `if (!response.ok) throw response`, and what their HTTP libraries throw. However a failure shows its status
// and its body, it is understood, and stays the cause with all that is in it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { importPackage } from "../servers/package.mjs";
import { serve } from "./answers.mjs";

/** @type {any} */
let doorkey;
let origin = "";
/** What the server answers, by path. @type {Record<string, [status: number, body: string, headers?: Record<string, string>]>} */
const ANSWERS = {
  "/wrong": [401, `{"message":"wrong password"}`],
  "/dead": [400, `{"error":"invalid_grant"}`],
  "/silent": [401, ""],
  "/fine": [200, `{"access_token":"not to be taken"}`],
  "/busy": [429, "{}", { "retry-after": "300" }],
  "/proxy": [403, "Sign in to <b>the network</b>", { "content-type": "text/html" }],
  "/long": [401, `"${"x".repeat(4_000_001)}"`],
  "/long-403": [403, `"${"x".repeat(4_000_001)}"`],
  "/echo": [401, `{"message":"no","token":"secret-access-1"}`],
};
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  ({ doorkey } = await importPackage());
  server = await serve(ANSWERS);
  ({ origin } = server);
});
after(() => server?.close());

let names = 0;
/** @param {object} flows @param {object} [more] */
const open = (flows, more) => doorkey.createAuth({ name: `thrown-${++names}`, storage: "memory", flows, ...more });
const tokens = () => ({ access_token: "secret-access-1", refresh_token: "secret-refresh-1", expires_in: 3600 });
/** How a call failed. @param {Promise<unknown>} call @returns {Promise<any>} */
const failed = (call) =>
  call.then(
    () => assert.fail("it did not fail"),
    (error) => error,
  );

class HttpError extends Error {
  #response;
  #data;
  /** @param {Response} response @param {unknown} data */
  constructor(response, data) {
    super(`HTTP error of ${response.url}`);
    this.#response = response;
    this.#data = data;
  }
  get status() {
    return this.#response.status;
  }
  get data() {
    return this.#data;
  }
}

/** As ofetch and Nuxt make it: all of it hidden. @param {Response} response @param {unknown} data */
function fetchError(response, data) {
  const error = new Error(`[GET] "${response.url}": ${response.status}`);
  for (const [name, value] of Object.entries({ response, data, status: response.status, statusCode: response.status }))
    Object.defineProperty(error, name, { get: () => value });
  return error;
}

/** As superagent and axios have it in Node: the request holds itself. @param {Response} response @param {any} data */
function cyclic({ status }, data) {
  /** @type {any} */
  const request = { retries: 0 };
  request.request = request;
  return { error: Object.assign(new Error("failed"), { request, response: { request, status, data } }) };
}

/** What is thrown of a response that is no success. @type {Record<string, (response: Response) => unknown>} */
const THROWN = {
  "the response": (response) => response,
  "an error that holds the response": (response) => Object.assign(new Error("HTTP error"), { response }),
  "an error that hides the response": (response) => Object.defineProperty(new Error("HTTP error"), "response", { value: response }),
  "an error with getters of its class": async (response) => new HttpError(response, await response.json()),
  "an error whose members are hidden": async (response) => fetchError(response, await response.json()),
  "an error that holds itself": async (response) => cyclic(response, await response.json()).error,
  "a response in a plain object": (response) => ({ response }),
};

/** Fetches, and throws. @param {string} path @param {(response: Response) => unknown} thrown @returns {() => Promise<any>} */
const get = (path, thrown) => async () => {
  const response = await fetch(origin + path);
  if (response.ok && path !== "/fine") return response.json();
  throw await thrown(response);
};

for (const [what, thrown] of Object.entries(THROWN)) {
  test(`${what}: a sign-in is refused, a dead session ends, and run refreshes`, async () => {
    const refused = await failed(open({ signin: get("/wrong", thrown) }).signin());
    const { code, status, message, body } = refused;
    assert.deepEqual([code, status, message], ["ERR_INVALID_CREDENTIALS", 401, "wrong password"]);
    assert.deepEqual({ ...body }, { message: "wrong password" });

    const auth = open({ signin: tokens, refresh: get("/dead", thrown) });
    await auth.signin();
    const dead = await failed(auth.refreshAccessToken({ force: true }));
    assert.deepEqual([dead.code, dead.status, auth.status().signedIn], ["ERR_REFRESH_REJECTED", 400, false]);

    let refreshes = 0;
    const other = open({ signin: tokens, refresh: () => tokens(void refreshes++) });
    await other.signin();
    const run = await failed(other.run({ run: get("/wrong", thrown) }));
    assert.deepEqual([run.code, run.status, run.message, refreshes], ["ERR_SERVER", 401, "wrong password", 1]);
  });

  test(`${what}: it is the cause, as it was thrown`, async () => {
    /** @type {any} */
    let last;
    const flow = get("/wrong", async (response) => (last = await thrown(response)));
    assert.equal((await failed(open({ signin: flow }).signin())).cause, last);
    assert.equal((await failed(open({}).run({ run: flow }))).cause, last);
    const held = last instanceof Response ? last : last.response;
    // Whoever catches the error reads on.
    if (held instanceof Response && !held.bodyUsed) assert.deepEqual(await held.json(), { message: "wrong password" });
  });
}

/** The ways in which a host throws one. @type {[what: string, flow: (fails: () => unknown) => unknown, host?: (fails: () => unknown) => object][]} */
const WAYS = [
  ["a query", (run) => ({ run })],
  ["a script", (script) => [{ script }]],
  ["the host's run", () => [{ query: "q" }], (run) => ({ run })],
  ["the host's http", () => ({ url: "https://api.example/x" }), (http) => ({ http })],
  ["the host's prompt", () => [{ form: {} }], (prompt) => ({ prompt })],
  ["a query of an adapter", (run) => ({ run }), () => doorkey.hosts.plasmic()],
];

for (const [what, flow, host = () => ({})] of WAYS) {
  test(`${what}: a response that it throws or rejects with is understood`, async () => {
    for (const thrown of [THROWN["the response"], THROWN["an error that holds the response"]]) {
      const fails = get("/wrong", thrown);
      const { code, status, message } = await failed(open({ signin: flow(fails) }, { host: host(fails) }).signin());
      assert.deepEqual([code, status, message], ["ERR_INVALID_CREDENTIALS", 401, "wrong password"]);
    }
    // At once, and not by a promise.
    const now = () => {
      throw new Response(`{"message":"at once"}`, { status: 401 });
    };
    const error = await failed(open({ signin: flow(now) }, { host: host(now) }).signin());
    assert.deepEqual([error.code, error.message], ["ERR_INVALID_CREDENTIALS", "at once"]);
  });
}

test("a store and a navigation that throw one are told as such", async () => {
  const fails = get("/wrong", THROWN["the response"]);
  const stored = open({ signin: tokens }, { storage: "host", host: { store: { get: () => null, set: fails, remove: fails } } });
  const { code, status, path } = await failed(stored.storeValue("k", 1));
  assert.deepEqual([code, status, path], ["ERR_SERVER", 401, "host.store"]);
  const reads = open({ signin: tokens }, { storage: "host", host: { store: { get: fails, set: () => {}, remove: () => {} } } });
  assert.match((await reads.signin().catch((/** @type {any} */ error) => error)).code ?? "ok", /^(ok|ERR_HOST)$/);
  const moves = open({ signin: tokens }, { host: { navigateTo: fails }, pages: { home: "home" } });
  assert.equal((await moves.signin()).navigated, false);
});

test("what is said beside the body counts as of a response that is returned", async () => {
  for (const end of [THROWN["the response"], (/** @type {Response} */ response) => response]) {
    const by = async (/** @type {string} */ path) => {
      const auth = open({ signin: tokens, refresh: get(path, end) });
      await auth.signin();
      const error = await failed(auth.refreshAccessToken({ force: true }));
      return { code: error.code, signedIn: auth.status().signedIn, retryAtMs: error.retryAtMs };
    };
    const busy = await by("/busy");
    assert.deepEqual([busy.code, busy.signedIn, busy.retryAtMs - Date.now() > 250_000], ["ERR_UNREACHABLE", true, true]);
    const proxy = await by("/proxy");
    assert.deepEqual([proxy.code, proxy.signedIn], ["ERR_UNREACHABLE", true]);
    assert.deepEqual([(await by("/long")).code, (await by("/long-403")).code], ["ERR_REFRESH_REJECTED", "ERR_INVALID_RESPONSE"]);
  }
});

test("a success that is thrown is a failure, and one that was read or can't be read has its status", async () => {
  const { code } = await failed(open({ signin: get("/fine", THROWN["the response"]) }).signin());
  assert.equal(code, "ERR_HOST");
  const read = async (/** @type {Response} */ response) => response.text().then(() => response);
  const locked = (/** @type {Response} */ response) => void response.body?.getReader() || response;
  const broken = () => ({ status: 401, text: () => Promise.reject(new Error("gone")), get headers() { throw new Error("no"); } }); // biome-ignore format: one line
  const never = () => ({ status: 401, text: () => assert.fail("it is not read twice"), bodyUsed: true });
  for (const thrown of [read, locked, broken, never]) {
    const error = await failed(open({ signin: get("/wrong", thrown) }).signin());
    assert.deepEqual([error.code, error.status], ["ERR_INVALID_CREDENTIALS", 401], thrown.name);
  }
  const silent = await failed(open({ signin: get("/silent", THROWN["an error that holds the response"]) }).signin());
  assert.deepEqual([silent.code, silent.message], ["ERR_INVALID_CREDENTIALS", "HTTP error"]);
});

test("getters that throw and proxies that refuse leave what else is said", async () => {
  const no = () => {
    throw new Error("no");
  };
  const nothing = new Proxy({}, { get: no, has: no, ownKeys: no, getPrototypeOf: no, getOwnPropertyDescriptor: no });
  const throwing = Object.create({ get status() { return no(); }, get statusCode() { return 401; }, get data() { return no(); } }); // biome-ignore format: one line
  const rows = /** @type {[unknown, string, number | undefined][]} */ ([
    [nothing, "ERR_HOST", undefined],
    [throwing, "ERR_INVALID_CREDENTIALS", 401],
    [Object.assign(new Error("x"), { response: nothing }), "ERR_HOST", undefined],
    [Object.assign(new Error("x"), { response: nothing, status: 401 }), "ERR_INVALID_CREDENTIALS", 401],
    [Object.defineProperty(new Error("x"), "code", { value: "ERR_CANCELLED" }), "ERR_CANCELLED", undefined],
    [Object.create({ get error() { return "invalid_grant"; } }), "ERR_INVALID_CREDENTIALS", undefined], // biome-ignore format: one line
    [new DOMException("x", "NetworkError"), "ERR_UNREACHABLE", undefined],
    [Object.create({ status: 0, message: "offline" }), "ERR_HOST", undefined],
  ]);
  for (const [thrown, code, status] of rows) {
    const error = await failed(open({ signin: () => Promise.reject(thrown) }).signin());
    assert.deepEqual([error.code, error.status, error.cause === thrown], [code, status, true], String(code));
  }
});

test("secrets in it are masked where they are told, and plain data is looked at once", async () => {
  for (const thrown of Object.values(THROWN)) {
    const auth = open({ signin: tokens, refresh: get("/echo", thrown) });
    await auth.signin();
    const error = await failed(auth.refreshAccessToken({ force: true }));
    const { cause: _, ...told } = error.toJSON?.() ?? error;
    assert.doesNotMatch(JSON.stringify([told, auth.trace()]), /secret-access-1/);
  }
  let looks = 0;
  const counted = { status: 401, body: { get message() { return `no ${++looks}`; } } }; // biome-ignore format: one line
  const { message } = await failed(open({ signin: () => Promise.reject(counted) }).signin());
  assert.deepEqual([message, looks], ["no 1", 1]);
});
