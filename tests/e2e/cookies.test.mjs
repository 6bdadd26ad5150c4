// @ts-check
/** Sessions in cookies with a second cookie against forged requests, as Laravel's Sanctum has them: data alone, no function. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** @param {{ url: string }} server */
function sanctum({ url }) {
  const endpoint = (path, more = {}) => ({ request: { url: `${url}/sanctum/${path}`, credentials: "include", ...more } });
  const signin = [endpoint("csrf-cookie"), endpoint("login", { json: { email: "{{ inputs.email }}", password: "{{ inputs.password }}" } })];
  return {
    tokens: false,
    flows: {
      signin,
      refresh: [endpoint("csrf-cookie"), endpoint("user")],
      revoke: [endpoint("logout", { method: "POST" })],
      check: [endpoint("user")],
    },
    refresh: { status: [401, 419] },
    attach: { csrf: { cookie: "XSRF-TOKEN", header: "X-XSRF-TOKEN" } },
  };
}

const addNote = (tab, { url }) =>
  tab.fetch(`${url}/sanctum/notes`, { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"text":"hello"}' });

const statuses = async (world, path) => (await world.requests(`/sanctum/${path}`)).map(({ status }) => status);

scenario("CSRF: Sanctum's dance with data alone: cookie, sign-in, API, stale cookie, once more, sign-out", async (world) => {
  const tab = await world.openTab({ options: sanctum(world.server) });
  await tab.ok("signin", world.user);
  assert.deepEqual(await statuses(world, "login"), [204]);
  assert.equal(await tab.ok("check"), true);
  assert.equal((await addNote(tab, world.server)).status, 201);

  await tab.evaluate(() => {
    document.cookie = "XSRF-TOKEN=stale%3D%2B%2F; path=/";
  });
  assert.equal((await addNote(tab, world.server)).status, 201);
  assert.deepEqual(await statuses(world, "notes"), [201, 419, 201]);

  const { revoked } = await tab.ok("logout");
  assert.equal(revoked, true);
  assert.deepEqual(await statuses(world, "logout"), [204]);
  assert.equal(await tab.ok("check"), false);
});

scenario("CSRF: a wrong password says what the server says, and the next sign-in is not told of a wrong cookie", async (world) => {
  const tab = await world.openTab({ options: sanctum(world.server) });
  const error = await tab.fails("ERR_INVALID_CREDENTIALS", "signin", { ...world.user, password: "wrong" });
  assert.equal(error.message, "These credentials do not match our records.");
  await tab.ok("signin", world.user);
});

scenario("CSRF: a session that the server has ended is expired, and not kept alive by its own cookie endpoint", async (world) => {
  const tab = await world.signedIn({ options: sanctum(world.server) });
  await world.context.clearCookies({ name: "laravel_session" });
  assert.equal((await addNote(tab, world.server)).status, 401);
  await tab.event("expired");
  assert.equal((await tab.status()).signedIn, false);
});

scenario("CSRF: an expression reads a cookie, decoded, and null where there is none", async (world) => {
  const { site } = world;
  site.answer("/login", { body: '{"access_token":"t"}' });
  const json = { csrf: "{{ cookie('XSRF-TOKEN') }}", none: "{{ cookie('none') }}", text: "x{{ cookie('none') ?? '' }}" };
  const tab = await world.openTab({ options: { flows: { signin: { url: `${site.origin}/login`, json } } } });
  await tab.evaluate(() => {
    document.cookie = "XSRF-TOKEN=eyJ%3D2%2B%2F";
  });
  await tab.ok("signin", world.user);
  assert.deepEqual(JSON.parse(site.requests[0].body), { csrf: "eyJ=2+/", none: null, text: "x" });
});

scenario("CSRF: no proof goes to other origins, with GET, or without cookies", async (world) => {
  const { site } = world;
  const attach = { origins: [site.origin], csrf: { cookie: "XSRF-TOKEN", header: "X-XSRF-TOKEN" } };
  const tab = await world.signedIn({ options: { attach } });
  await tab.evaluate(() => {
    document.cookie = "XSRF-TOKEN=a%7Cb";
  });
  await tab.fetch("/echo", { method: "POST" });
  await tab.fetch("/echo");
  await tab.fetch("/echo", { method: "POST", credentials: "omit" });
  await tab.fetch(`${site.other}/echo`, { method: "POST", credentials: "include" }).catch(() => {});
  assert.deepEqual(
    site.requests.map(({ headers }) => headers["x-xsrf-token"]),
    ["a|b", undefined, undefined].concat(site.requests.length > 3 ? [undefined] : []),
  );
});
