// @ts-check
/** What is added to requests, as real servers receive it. R21: headers, query, body fields, gRPC-web metadata. R22: cookies. */

import assert from "node:assert/strict";

import { withGrpc } from "./lib/grpc-client.mjs";
import { variableFlows } from "./lib/guide.mjs";
import { suite } from "./lib/suite.mjs";

const scenario = suite();

const JSON_TYPE = { "Content-Type": "application/json" };

/** A tab whose session has the variables OAUTH2_TOKEN and TENANT. */
const withAttach = (world, attach) => world.signedIn({ options: { flows: variableFlows(world.server), attach } });

const noteOf = ({ status, body }) => ({ status, note: JSON.parse(body) });

scenario("R21: a variable's bare name in a header is its value, also after a refresh", async (world) => {
  const tab = await withAttach(world, { headers: { Authorization: "Bearer OAUTH2_TOKEN" } });
  const url = `${world.server.url}/rest/notes`;
  assert.equal((await tab.fetch(url)).status, 200);
  await world.expireOnServer();
  assert.equal((await tab.fetch(url)).status, 200);
  assert.deepEqual(
    (await world.requests("/rest/notes")).map(({ status }) => status),
    [200, 401, 200],
  );
});

scenario("R21: query parameters: added to those of the request, from variables, values and expressions", async (world) => {
  const tab = await withAttach(world, {
    headers: { Authorization: "Bearer OAUTH2_TOKEN" },
    query: { tenant: "TENANT", theme: "{{ store.theme ?? 'plain' }}" },
  });
  await tab.ok("storeValue", "theme", "dark & green");
  const { body } = await tab.fetch(`${world.server.url}/rest/notes?page=2`);
  assert.deepEqual(JSON.parse(body).query, {
    page: "2",
    tenant: world.user.email,
    theme: "dark & green",
  });
});

scenario("R21: body fields: added to JSON and to forms, of every method but GET and HEAD", async (world) => {
  const tab = await withAttach(world, { headers: { Authorization: "Bearer OAUTH2_TOKEN" }, body: { tenant: "TENANT", level: "{{ 3 }}" } });
  const url = `${world.server.url}/rest/notes`;
  const json = noteOf(await tab.fetch(url, { method: "POST", headers: JSON_TYPE, body: '{"text":"one"}' }));
  assert.equal(json.status, 201);
  assert.deepEqual(json.note, { id: json.note.id, text: "one", tenant: world.user.email, level: 3 });
  const { value } = await tab.evaluate(
    (to) => globalThis.kit.fetch(to, { method: "POST", body: new URLSearchParams({ text: "two & more" }) }),
    url,
  );
  assert.deepEqual(JSON.parse(value.body), { id: json.note.id + 1, text: "two & more", tenant: world.user.email, level: "3" });
  const patched = noteOf(await tab.fetch(`${url}/${json.note.id}`, { method: "PATCH", headers: JSON_TYPE, body: '{"text":"changed"}' }));
  assert.equal(patched.note.tenant, world.user.email);
  assert.equal((await tab.fetch(url)).status, 200);
  assert.equal((await tab.fetch(url, { method: "HEAD" })).status, 200);
});

scenario("R21: GraphQL: a header added is what its resolvers see", async (world) => {
  const tab = await withAttach(world, { headers: { Authorization: "Bearer OAUTH2_TOKEN", "X-Tenant": "TENANT" } });
  const body = JSON.stringify({ query: 'mutation { addNote(text: "hello") { text tenant } }' });
  const answer = await tab.fetch(`${world.server.url}/graphql`, { method: "POST", headers: JSON_TYPE, body });
  assert.deepEqual(JSON.parse(answer.body).data.addNote, { text: "hello", tenant: world.user.email });
});

scenario("R21: gRPC-web: a header added is the call's metadata, unary and streaming", async (world) => {
  const tab = await withAttach(world, { headers: { Authorization: "Bearer OAUTH2_TOKEN", "X-Tenant": "TENANT" } });
  await withGrpc(tab, world.site);
  const { value } = await tab.evaluate((url) => globalThis.grpc.get(url, 10412), world.server.url);
  assert.equal(value?.tenant, world.user.email);
  const listed = await tab.evaluate((url) => globalThis.grpc.list(url, 2), world.server.url);
  assert.deepEqual(
    listed.value?.map(({ tenant }) => tenant),
    [world.user.email, world.user.email],
  );
});

/** The session is a cookie; a second cookie must come back in a header. */
function cookieOptions({ url }) {
  const endpoint = (path, more) => ({ url: `${url}/cookies/${path}`, method: "POST", credentials: "include", ...more });
  return {
    tokens: false,
    flows: {
      signin: endpoint("login", { json: { email: "{{ inputs.email }}", password: "{{ inputs.password }}" } }),
      refresh: endpoint("renew"),
      revoke: endpoint("logout"),
      check: endpoint("me", { method: "GET" }),
    },
    attach: { csrf: { cookie: "csrf-token", header: "X-CSRF-Token" } },
  };
}

const addNote = (tab, { url }) =>
  tab.fetch(`${url}/cookies/notes`, { method: "POST", credentials: "include", headers: JSON_TYPE, body: '{"text":"hello"}' });

scenario("R22: the session is the server's cookie, and no token is kept or sent", async (world) => {
  const tab = await world.signedIn({ options: cookieOptions(world.server) });
  assert.equal((await tab.status()).signedIn, true);
  const { status, body } = await tab.fetch(`${world.server.url}/cookies/me`, { credentials: "include" });
  assert.deepEqual([status, JSON.parse(body)], [200, { email: world.user.email }]);
  assert.deepEqual(await tab.ok("headers"), {});
  assert.equal(await tab.ok("check"), true);
});

scenario("R22: what changes something carries the token against forged requests", async (world) => {
  const tab = await world.signedIn({ options: cookieOptions(world.server) });
  assert.equal((await addNote(tab, world.server)).status, 201);
  const forged = await tab.evaluate(async (url) => {
    const { status } = await fetch(`${url}/cookies/notes`, { method: "POST", credentials: "include" });
    return status;
  }, world.server.url);
  assert.equal(forged, 403);
});

scenario(
  "R22: a session that ended on the server is renewed once, and the same call succeeds with the new token against forgery",
  async (world) => {
    const tab = await world.signedIn({ options: cookieOptions(world.server) });
    await world.expireOnServer();
    assert.equal((await addNote(tab, world.server)).status, 201);
    assert.deepEqual(
      (await world.requests("/cookies/notes")).map(({ status }) => status),
      [401, 201],
    );
    assert.equal((await world.requests("/cookies/renew")).length, 1);
  },
);

scenario("R22: signing out ends the session on the server", async (world) => {
  const tab = await world.signedIn({ options: cookieOptions(world.server) });
  const { revoked } = await tab.ok("logout");
  assert.equal(revoked, true);
  assert.deepEqual(
    (await world.requests("/cookies/logout")).map(({ status }) => status),
    [204],
  );
  assert.equal((await tab.fetch(`${world.server.url}/cookies/me`, { credentials: "include" })).status, 401);
});
