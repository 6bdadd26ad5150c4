// @ts-check
/** Where flows' requests follow a redirect, and what is said where they don't. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

const TOKEN = { body: '{"access_token":"t","refresh_token":"r","expires_in":600}' };
const json = { user: "{{ inputs.email }}", password: "{{ inputs.password }}" };
const paths = ({ site }) => site.requests.map(({ origin, path }) => (origin === site.origin ? path : `other${path}`));

scenario("redirects: a form login of the page's own origin that answers 302 has signed in", async (world) => {
  const { site } = world;
  site.answer("/login", { status: 302, headers: { location: "/home" } });
  site.answer("/home", { headers: { "content-type": "text/html" }, body: "<!doctype html><h1>Home</h1>" });
  const ok = "{{ response.redirected && !contains(response.url, 'error') }}";
  const signin = { url: "/login", form: json, credentials: "same-origin", ok };
  const tab = await world.openTab({ options: { tokens: false, flows: { signin } } });
  await tab.ok("signin", world.user);
  assert.deepEqual(paths(world), ["/login", "/home"]);
  assert.equal((await tab.status()).signedIn, true);
});

scenario("redirects: a form login that answers 302 to its page again is a refusal, where `ok` says so", async (world) => {
  const { site } = world;
  site.answer("/login", { status: 302, headers: { location: "/again?error" } });
  site.answer("/again", { headers: { "content-type": "text/html" }, body: "<!doctype html><h1>Sign in</h1>" });
  const signin = { url: "/login", form: json, credentials: "same-origin", ok: "{{ !contains(response.url, '?error') }}" };
  const tab = await world.openTab({ options: { tokens: false, flows: { signin } } });
  const error = await tab.fails("ERR_INVALID_CREDENTIALS", "signin", world.user);
  assert.ok(!error.message.includes("<"), error.message);
});

scenario("redirects: a slash-307 of the page's own origin repeats the body there", async (world) => {
  const { site } = world;
  site.answer("/token", { status: 307, headers: { location: "/token/" } });
  site.answer("/token/", TOKEN);
  const tab = await world.openTab({ options: { flows: { signin: { url: "/token", json } } } });
  await tab.ok("signin", world.user);
  assert.equal(JSON.parse(site.requests[1].body).password, world.user.password);
});

scenario("redirects: a slash-307 of another origin is not followed, and the text says what to write", async (world) => {
  const { site } = world;
  site.answer("/token", { status: 307, headers: { location: "/token/" } });
  site.answer("/token/", TOKEN);
  const signin = { url: `${site.other}/token`, json };
  const tab = await world.openTab({ options: { flows: { signin } } });
  const error = await tab.fails("ERR_UNREACHABLE", "signin", world.user);
  assert.match(error.message, /redirects .*url.*redirect: "follow"/);
  assert.deepEqual(paths(world), ["other/token"]);

  const following = await world.openTab({ options: { name: "b", flows: { signin: { ...signin, redirect: "follow" } } } });
  await following.ok("signin", world.user);
  assert.deepEqual(paths(world), ["other/token", "other/token", "other/token/"]);
});

scenario("redirects: neither password nor own header of a flow goes to another origin", async (world) => {
  const { site } = world;
  site.answer("/token", { status: 307, headers: { location: `${site.other}/echo` } });
  const flows = [
    { url: "/token", json },
    { url: "/token", method: "GET", headers: { "X-Refresh-Token": "canary" } },
    { url: "/token", method: "POST", headers: { Authorization: "Basic canary" } },
  ];
  for (const [at, signin] of flows.entries()) {
    const tab = await world.openTab({ options: { name: `n${at}`, flows: { signin } } });
    await tab.fails("ERR_UNREACHABLE", "signin", world.user);
  }
  assert.deepEqual(paths(world), ["/token", "/token", "/token"]);
});

scenario("redirects: a check that ends at a login page is no", async (world) => {
  const { site } = world;
  site.answer("/me", { status: 302, headers: { location: "/login-page" } });
  site.answer("/login-page", { headers: { "content-type": "text/html" }, body: "<!doctype html><h1>Sign in</h1>" });
  site.answer("/login", TOKEN);
  const flows = { signin: { url: "/login", json }, check: { url: "/me" } };
  const tab = await world.openTab({ options: { flows } });
  await tab.ok("signin", world.user);
  assert.equal(await tab.ok("check"), false);
});
