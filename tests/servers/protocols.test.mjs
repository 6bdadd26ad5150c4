// @ts-check
/** The small servers beside the provider, asked without doorkey: each must refuse as servers of its kind do. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Code, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

import { startEmbedded } from "./lib.mjs";
import { rawEmbedded, request } from "./raw.mjs";
import { Orders } from "./shop.mjs";

const ACCESS_TTL = 60;

/** @type {Awaited<ReturnType<typeof startEmbedded>>} */
let server;
/** @type {{ authorization: string }} */
let headers;

before(async () => {
  server = await startEmbedded({ accessTtl: ACCESS_TTL });
  const { accessToken } = rawEmbedded.tokens(await rawEmbedded.signIn(server));
  headers = { authorization: `Bearer ${accessToken}` };
});
after(() => server?.stop());

/** Runs the body while the server holds the token for expired. @param {() => Promise<void>} body */
async function whileExpired(body) {
  await server.shiftTime((ACCESS_TTL + 1) * 1000);
  await body().finally(() => server.reset());
}

/** @param {string} path @param {unknown} value @param {Record<string, string>} [more] headers @param {string} [method] */
const send = (path, value, more = {}, method = "POST") =>
  request(`${server.url}${path}`, { method, headers: { "content-type": "application/json", ...more }, body: JSON.stringify(value) });

test("REST: a note is made, read, changed and removed with a token, and not without", async () => {
  const made = await send("/rest/notes", { text: "first" }, headers);
  assert.equal(made.status, 201);
  const path = /** @type {string} */ (made.headers.get("location"));
  assert.deepEqual((await send(path, { text: "second" }, headers, "PATCH")).body, { ...made.body, text: "second" });
  assert.deepEqual((await request(server.url + path, { headers })).body, { ...made.body, text: "second" });
  assert.equal((await request(server.url + path, { method: "DELETE", headers })).status, 204);
  assert.equal((await request(server.url + path, { headers })).status, 404);
  assert.equal((await request(`${server.url}/rest/notes`)).status, 401);
  await whileExpired(async () => {
    const refused = await request(`${server.url}/rest/notes`, { headers });
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get("www-authenticate") ?? "", /error="invalid_token"/);
  });
});

test("GraphQL: 200 with the data, and 200 with UNAUTHENTICATED among the errors", async () => {
  const query = "{ me { email } orders(first: 2) { id } open }";
  const { status, body } = await send("/graphql", { query }, headers);
  assert.equal(status, 200);
  assert.equal(body.data.me.email, server.user.email);
  assert.equal(body.data.orders.length, 2);
  const anonymous = await send("/graphql", { query: "{ open }" });
  assert.deepEqual(anonymous.body, { data: { open: "for everyone" } });
  await whileExpired(async () => {
    const refused = await send("/graphql", { query }, headers);
    assert.equal(refused.status, 200);
    assert.equal(refused.body.errors[0].extensions.code, "UNAUTHENTICATED");
  });
});

test("gRPC-web: a unary call, a stream from the server, and status 16 without a good token", async () => {
  const orders = createClient(Orders, createGrpcWebTransport({ baseUrl: `${server.url}/grpc` }));
  const list = async () => {
    const ids = [];
    for await (const { id } of orders.list({ first: 3 }, { headers })) ids.push(id);
    return ids;
  };
  const { customer } = await orders.get({ id: 10414 }, { headers });
  assert.equal(customer, "Grace Hopper");
  assert.deepEqual(await list(), [10412, 10413, 10414]);
  await assert.rejects(orders.get({ id: 1 }, { headers }), { code: Code.NotFound });
  await assert.rejects(orders.get({ id: 10414 }), { code: Code.Unauthenticated });
  await whileExpired(async () => {
    await assert.rejects(orders.get({ id: 10414 }, { headers }), { code: Code.Unauthenticated });
    await assert.rejects(list(), { code: Code.Unauthenticated });
  });
});

test("cookies: a session, a token against forged requests, a renewal, an end", async () => {
  const jar = new Map();
  /** @param {string} path @param {RequestInit} [init] */
  const call = async (path, init = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await request(`${server.url}/cookies${path}`, { ...init, headers: { cookie, ...init.headers } });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split("=");
      jar.set(name, value);
    }
    return answer;
  };
  const json = { "content-type": "application/json" };
  const body = JSON.stringify({ text: "a note" });
  const csrf = () => ({ ...json, "x-csrf-token": decodeURIComponent(jar.get("csrf-token")) });
  const { email, password } = server.user;

  assert.equal((await call("/login", { method: "POST", headers: json, body: JSON.stringify({ email, password: "wrong" }) })).status, 401);
  assert.equal((await call("/login", { method: "POST", headers: json, body: JSON.stringify({ email, password }) })).status, 200);
  assert.equal((await call("/me")).body.email, email);
  assert.equal((await call("/notes", { method: "POST", headers: json, body })).status, 403);
  assert.equal((await call("/notes", { method: "POST", headers: csrf(), body })).status, 201);
  await whileExpired(async () => {
    assert.equal((await call("/notes", { method: "POST", headers: csrf(), body })).status, 401);
    assert.equal((await call("/renew", { method: "POST" })).status, 200);
    assert.equal((await call("/notes", { method: "POST", headers: csrf(), body })).status, 201);
  });
  assert.equal((await call("/logout", { method: "POST", headers: csrf() })).status, 204);
  assert.equal((await call("/me")).status, 401);
  assert.equal((await call("/renew", { method: "POST" })).status, 401);
});

test("Sanctum's way: the cookie against forged requests is encoded, and wanted decoded, also at the sign-in", async () => {
  const jar = new Map();
  /** @param {string} path @param {string} [method] @param {string} [proof] @param {unknown} [body] */
  const call = async (path, method = "GET", proof = "", body = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const sent = method === "GET" ? {} : { body: JSON.stringify(body) };
    const more = { cookie, "content-type": "application/json", "x-xsrf-token": proof };
    const answer = await request(`${server.url}/sanctum${path}`, { method, headers: more, ...sent });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split("=");
      jar.set(name, value);
    }
    return answer.status;
  };
  const proof = () => decodeURIComponent(jar.get("XSRF-TOKEN"));

  assert.equal(await call("/csrf-cookie"), 204);
  assert.match(jar.get("XSRF-TOKEN"), /%3D%2B%2F/);
  assert.equal(await call("/login", "POST", "", server.user), 419);
  assert.equal(await call("/login", "POST", jar.get("XSRF-TOKEN"), server.user), 419);
  assert.equal(await call("/login", "POST", proof(), { ...server.user, password: "wrong" }), 422);
  assert.equal(await call("/login", "POST", proof(), server.user), 204);
  assert.equal(await call("/user"), 200);
  assert.equal(await call("/notes", "POST", "stale"), 419);
  assert.equal(await call("/notes", "POST", proof()), 201);
  assert.equal(await call("/logout", "POST", proof()), 204);
  assert.equal(await call("/user"), 401);
});

test("revoked access tokens open nothing, and their refresh tokens still give new ones", async () => {
  const { accessToken, refreshToken } = rawEmbedded.tokens(await rawEmbedded.signIn(server));
  assert.equal((await rawEmbedded.me(server, accessToken)).status, 200);
  await server.revokeAccess();
  assert.equal((await rawEmbedded.me(server, accessToken)).status, 401);
  const fresh = rawEmbedded.tokens(await rawEmbedded.refresh(server, refreshToken));
  assert.equal((await rawEmbedded.me(server, fresh.accessToken)).status, 200);
  headers = { authorization: `Bearer ${fresh.accessToken}` };
});

test("the guide's endpoints: an echo, and refusals in JSON, in text, in neither's usual words, by field", async () => {
  const { email, password } = server.user;
  const echoed = await send("/guide/post", { email, password }, { "X-Own": "1" });
  assert.deepEqual(echoed.body.json, { email, password });
  assert.equal(echoed.body.headers["X-Own"], "1");
  const wrong = { email, password: "wrong" };
  const refusals = await Promise.all(["", "/text", "/odd", "/fields"].map((kind) => send(`/guide/login${kind}`, wrong)));
  assert.deepEqual(
    refusals.map(({ status }) => status),
    [401, 401, 403, 422],
  );
  assert.deepEqual(refusals[0].body, { error: "Invalid username or password" });
  assert.equal(refusals[1].body, "Nobody of that name may come in.");
  assert.deepEqual(refusals[2].body, { reason: { code: 17 } });
  assert.deepEqual(Object.keys(refusals[3].body.errors), ["email"]);
  assert.equal((await send("/guide/login", { email, password })).status, 200);
});
