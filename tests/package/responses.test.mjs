// @ts-check
// What people write: `check: () => fetch(url)`. A Response that a function, a query or a host gives is the answer of a request.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { importPackage } from "../servers/package.mjs";
import { serve } from "./answers.mjs";

/** @type {any} */
let doorkey;
let origin = "";
/** What the server answers, by path. @type {Record<string, [status: number, body: string, headers?: Record<string, string>]>} */
const ANSWERS = {
  "/tokens": [200, `{"access_token":"from the body"}`],
  "/refused": [422, `{"message":"no such user","n":7}`],
  "/gone": [401, "no", { "content-type": "text/plain" }],
  "/broken": [500, `{"message":"m"}`],
  "/nothing": [204, ""],
  "/long": [200, `"${"x".repeat(4_000_001)}"`],
  "/long-refusal": [401, `"${"x".repeat(4_000_001)}"`],
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
const open = (flows, more) => doorkey.createAuth({ name: `responses-${++names}`, storage: "memory", flows, ...more });
const tokens = () => ({ access_token: "a", refresh_token: "r", expires_in: 3600 });
/** @param {string} path */
const get = (path) => () => fetch(origin + path);

/** The ways to give one in a flow. @type {[what: string, flow: (path: string) => unknown, host?: (path: string) => object][]} */
const WAYS = [
  ["a function", get],
  ["a query", (path) => ({ run: get(path) })],
  ["a script", (path) => [{ script: get(path) }]],
  ["the host's run", () => [{ query: "q" }], (path) => ({ run: get(path) })],
  ["the host's http", () => ({ url: "https://api.example/x" }), (path) => ({ http: get(path) })],
];

for (const [what, flow, host = () => ({})] of WAYS) {
  test(`${what}: the body signs in, and the status refuses`, async () => {
    const signin = (/** @type {string} */ path) => open({ signin: flow(path) }, { host: host(path) });
    const auth = signin("/tokens");
    await auth.signin({});
    assert.equal(await auth.accessToken(), "from the body");
    await assert.rejects(signin("/refused").signin({}), { code: "ERR_INVALID_CREDENTIALS", status: 422, message: "no such user" });
    await assert.rejects(signin("/gone").signin({}), { code: "ERR_INVALID_CREDENTIALS", status: 401, message: "no", body: "no" });
    await assert.rejects(signin("/broken").signin({}), { code: "ERR_UNREACHABLE", status: 500, retryable: true });
    await assert.rejects(signin("/nothing").signin({}), { code: "ERR_INVALID_RESPONSE" });
    await assert.rejects(signin("/long").signin({}), { code: "ERR_INVALID_RESPONSE", message: "the answer is too long" });
    await assert.rejects(signin("/long-refusal").signin({}), { code: "ERR_INVALID_CREDENTIALS", status: 401 });
  });

  test(`${what}: a check and a sign-out go by the status`, async () => {
    const rows = /** @type {const} */ ([
      ["/nothing", true, true],
      ["/gone", false, false],
      ["/broken", "ERR_UNREACHABLE", false],
    ]);
    for (const [path, checked, revoked] of rows) {
      const auth = open({ signin: tokens, check: flow(path), revoke: flow(path) }, { host: host(path) });
      await auth.signin();
      assert.equal(await auth.check().catch((/** @type {any} */ error) => error.code), checked, path);
      await auth.signin();
      assert.equal((await auth.logout()).revoked, revoked, path);
    }
  });
}

test("a response of another realm or library counts, and one whose body is read", async () => {
  /** @param {object} more */
  const made = (more) => () => ({ status: 401, ok: false, text: async () => `{"message":"theirs"}`, ...more });
  await assert.rejects(open({ signin: made({}) }).signin(), { status: 401, message: "theirs" });
  for (const headers of [new Map([["a", "b"]]), { a: "b" }])
    await assert.rejects(open({ signin: made({ headers }) }).signin(), { status: 401 });
  const read = async () => {
    const response = await fetch(`${origin}/refused`);
    await response.json();
    return response;
  };
  await assert.rejects(open({ signin: read }).signin(), { code: "ERR_INVALID_CREDENTIALS", status: 422 });
  const fails = made({ text: () => Promise.reject(new TypeError("Failed to fetch")) });
  await assert.rejects(open({ signin: fails }).signin(), { code: "ERR_UNREACHABLE" });
  const hostile = new Proxy(
    {},
    {
      get: (_, key) => {
        if (key === "then") return;
        throw new Error("no");
      },
    },
  );
  await assert.rejects(open({ signin: () => hostile }).signin(), { code: /^ERR_/ });
});

test("run gives the response as it is, after one refresh where its status is covered", async () => {
  let refreshes = 0;
  const auth = open({ signin: tokens, refresh: () => tokens(void refreshes++) });
  await auth.signin();
  let response = await auth.run(get("/refused"));
  assert.deepEqual([await response.json(), refreshes], [{ message: "no such user", n: 7 }, 0]);
  response = await auth.run(get("/gone"));
  assert.deepEqual([response.status, await response.text(), refreshes], [401, "no", 1]);
});

test("a query by name in a host without run is told what it lacks", async () => {
  await assert.rejects(open({ signin: [{ query: "q" }] }).signin(), {
    code: "ERR_HOST",
    message: /the host has no run\b.*give the query itself/,
  });
});
