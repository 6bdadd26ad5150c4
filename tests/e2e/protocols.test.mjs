// @ts-check
/** REST, GraphQL and gRPC-web, each as its own servers refuse a token: refresh once, send the same call once more. */

import assert from "node:assert/strict";

import { withGrpc } from "./lib/grpc-client.mjs";
import { suite } from "./lib/suite.mjs";

const scenario = suite();

const JSON_TYPE = { "Content-Type": "application/json" };
const UNAUTHENTICATED = 16;
const REFUSAL = '{{ (response.body.errors[0].extensions.code ?? "") == "UNAUTHENTICATED" }}';

/**
 * @typedef {{ name: string, path: string, options?: object, prepare?: typeof withGrpc, fault: object,
 *   call: (url: string) => Promise<any>, isGood: (outcome: any) => boolean, isRefused: (outcome: any) => boolean }} Protocol
 *   `call` runs in the page; `fault` is how a server of the kind says that the token is no good
 */

/** @type {Protocol[]} */
const PROTOCOLS = [
  {
    name: "REST",
    path: "/rest/notes",
    fault: { status: 401 },
    call: (url) => globalThis.kit.fetch(`${url}/rest/notes`),
    isGood: ({ value }) => value?.status === 200 && Array.isArray(JSON.parse(value.body).notes),
    isRefused: ({ value }) => value?.status === 401,
  },
  {
    name: "GraphQL",
    path: "/graphql",
    options: { refresh: { when: REFUSAL } },
    fault: { status: 200, body: { data: null, errors: [{ message: "No.", extensions: { code: "UNAUTHENTICATED" } }] } },
    call: (url) => {
      const body = JSON.stringify({ query: "{ me { email } }" });
      return globalThis.kit.fetch(`${url}/graphql`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    },
    isGood: ({ value }) => value?.status === 200 && JSON.parse(value.body).data?.me.email === "ada@example.com",
    isRefused: ({ value }) => value?.status === 200 && JSON.parse(value.body).errors[0].extensions.code === "UNAUTHENTICATED",
  },
  {
    name: "gRPC-web, a unary call",
    path: "/grpc/shop.v1.Orders/Get",
    prepare: withGrpc,
    fault: { status: 200, headers: { "content-type": "application/grpc-web+proto", "grpc-status": String(UNAUTHENTICATED) }, body: "" },
    call: (url) => globalThis.grpc.get(url, 10414),
    isGood: ({ value }) => value?.customer === "Grace Hopper",
    isRefused: ({ error }) => error?.code === UNAUTHENTICATED,
  },
  {
    name: "gRPC-web, a stream from the server",
    path: "/grpc/shop.v1.Orders/List",
    prepare: withGrpc,
    fault: { status: 200, headers: { "content-type": "application/grpc-web+proto", "grpc-status": String(UNAUTHENTICATED) }, body: "" },
    call: (url) => globalThis.grpc.list(url, 12),
    isGood: ({ value }) => value?.length === 12,
    isRefused: ({ error }) => error?.code === UNAUTHENTICATED,
  },
];

for (const { name, path, options, prepare, fault, call, isGood, isRefused } of PROTOCOLS) {
  /** A tab that is signed in, and a way to make the call in it. */
  const begin = async (world) => {
    const tab = await world.signedIn({ options });
    await prepare?.(tab, world.site);
    const make = () => tab.evaluate(call, world.server.url);
    return { tab, make };
  };
  const assertIs = (test, outcome) => assert.ok(test(outcome), JSON.stringify(outcome));

  scenario(`${name}: with a good token the call succeeds, and nothing is refreshed`, async (world) => {
    const { make } = await begin(world);
    assertIs(isGood, await make());
    assert.equal((await world.requests(path)).length, 1);
    assert.equal(await world.refreshes(), 0);
  });

  scenario(`${name}: a token that the server calls expired is refreshed once, and the same call succeeds`, async (world) => {
    const { make } = await begin(world);
    await world.expireOnServer();
    assertIs(isGood, await make());
    assert.equal((await world.requests(path)).length, 2);
    assert.equal(await world.refreshes(), 1);
  });

  scenario(`${name}: a token that was revoked is refreshed once, and the same call succeeds`, async (world) => {
    const { make } = await begin(world);
    await world.server.revokeAccess();
    assertIs(isGood, await make());
    assert.equal(await world.refreshes(), 1);
  });

  scenario(`${name}: refused for good: 2 calls, 1 refresh, and the refusal is the answer`, async (world) => {
    const { tab, make } = await begin(world);
    await world.server.fail({ path, times: Infinity, ...fault });
    assertIs(isRefused, await make());
    assert.equal((await world.requests(path)).length, 2);
    assert.equal(await world.refreshes(), 1);
    assert.equal((await tab.status()).signedIn, true);
  });

  scenario(`${name}: 20 calls at once that are all refused share 1 refresh, and all succeed`, async (world) => {
    const { tab } = await begin(world);
    await world.expireOnServer();
    const script = `Promise.all(Array.from({ length: 20 }, () => (${call})(${JSON.stringify(world.server.url)})))`;
    for (const outcome of await tab.evaluate(script)) {
      assertIs(isGood, outcome);
    }
    assert.equal(await world.refreshes(), 1);
  });

  scenario(`${name}: when the server has ended the session, its refusal is the answer, and the session expires`, async (world) => {
    const { tab, make } = await begin(world);
    await world.server.revokeAll();
    assertIs(isRefused, await make());
    await tab.event("expired");
    assert.equal((await world.requests(path)).length, 1);
    await tab.navigated("LoginPage");
    assert.deepEqual(await tab.navigations(), ["Dashboard", "LoginPage"]);
  });

  scenario(`${name}: signed out, the call goes out as it is, once`, async (world) => {
    const tab = await world.openTab({ options });
    await prepare?.(tab, world.site);
    assertIs(isRefused, await tab.evaluate(call, world.server.url));
    assert.equal((await world.requests(path)).length, 1);
    assert.equal(await world.refreshes(), 0);
  });
}

scenario("GraphQL: other errors of an operation, and operations for everyone, refresh nothing", async (world) => {
  const tab = await world.signedIn({ options: { refresh: { when: REFUSAL } } });
  const send = (query) => tab.fetch(`${world.server.url}/graphql`, { method: "POST", headers: JSON_TYPE, body: JSON.stringify({ query }) });
  const { body } = await send("{ nothing }");
  assert.match(JSON.parse(body).errors[0].message, /nothing/);
  assert.deepEqual(JSON.parse((await send("{ open }")).body), { data: { open: "for everyone" } });
  assert.equal(await world.refreshes(), 0);
});

scenario("gRPC-web: another status of a call refreshes nothing", async (world) => {
  const tab = await world.signedIn();
  await withGrpc(tab, world.site);
  const { error } = await tab.evaluate((url) => globalThis.grpc.get(url, 1), world.server.url);
  assert.deepEqual(error, { code: 5, message: "There is no order 1." });
  assert.equal(await world.refreshes(), 0);
});

scenario("gRPC-web: messages of a stream arrive while it is open", async (world) => {
  const tab = await world.signedIn();
  await withGrpc(tab, world.site);
  await world.expireOnServer();
  const { value } = await tab.evaluate((url) => globalThis.grpc.watch(url), world.server.url);
  assert.equal(value?.id, 10412);
  assert.equal(await world.refreshes(), 1);
});

scenario(
  "gRPC-web: a stream that is refused after its first messages is not begun again: what was given can't be taken back",
  async (world) => {
    const tab = await world.signedIn();
    await withGrpc(tab, world.site);
    const { orders, error } = await tab.evaluate((url) => globalThis.grpc.lapse(url), world.server.url);
    assert.equal(orders.length, 3);
    assert.equal(error?.code, UNAUTHENTICATED);
    assert.equal((await world.requests("/grpc/shop.v1.Orders/Lapse")).length, 1);
    assert.equal(await world.refreshes(), 0);
  },
);

scenario("a stream as the body is refused before anything is sent, and the error says what to give instead", async (world) => {
  const tab = await world.signedIn();
  const before = (await world.server.log()).length;
  for (const path of ["/rest/notes", "/graphql", "/grpc/shop.v1.Orders/Get"]) {
    const { error } = await tab.evaluate((url) => {
      const body = new Blob(["{}"]).stream();
      return globalThis.kit.fetch(url, /** @type {any} */ ({ method: "POST", body, duplex: "half" }));
    }, world.server.url + path);
    assert.equal(error?.code, "ERR_INVALID_VALUE");
    assert.equal(error.path, "body");
    assert.match(error.message, /stream.*text, a blob, a form or bytes/);
  }
  assert.equal((await world.server.log()).length, before);
});
