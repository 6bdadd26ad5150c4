// @ts-check
/** Servers whose answers are not what they should be. The hostile server is the site's own: it stands for no auth server. */

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

const TEN_MB = "x".repeat(10 * 1024 * 1024);

/** Answers with status 200 that hold no access token. */
const WITHOUT_TOKEN = {
  "an empty body": "",
  "a string": '"token"',
  null: "null",
  "a number": "5",
  "an array": "[]",
  "an array of tokens": '[{"access_token":"t"}]',
  "an empty object": "{}",
  HTML: "<!doctype html><title>Log in</title><p>Please log in.",
  "truncated JSON": '{"access_token":"t","expires_in":',
  "{error} with status 200": '{"error":"nope","error_description":"No such user."}',
  "a token that is a number": '{"access_token":5}',
  "a token that is empty": '{"access_token":""}',
  "a token that is null": '{"access_token":null}',
  "a token that is an object": '{"access_token":{"value":"t"}}',
  "a token under __proto__": '{"__proto__":{"access_token":"t"}}',
  "a token far too deep": `${'{"data":'.repeat(50)}{"access_token":"t"}${"}".repeat(50)}`,
  "100 000 brackets": "[".repeat(100_000),
  "10 MB of text": TEN_MB,
  "10 MB of JSON": JSON.stringify({ junk: TEN_MB }),
  "10 MB in many members": JSON.stringify(
    Object.fromEntries(Array.from({ length: 300_000 }, (_, index) => [`member${index}`, "some text of no use"])),
  ),
  "bytes that are no UTF-8": Buffer.from([0x7b, 0xff, 0xfe, 0x80, 0x7d]),
};

/** Options whose flows go to the site. */
const hostileFlows = ({ origin }) => ({
  signin: { url: `${origin}/signin`, json: { email: "{{ inputs.email }}" } },
  refresh: { url: `${origin}/refresh`, json: { token: "{{ session.refreshToken }}" } },
  revoke: { url: `${origin}/revoke` },
});

/** Opens a tab whose server is the site; it signs in well, with a token for an hour. */
async function openHostile(world, options = {}) {
  world.site.answer("/signin", { body: '{"access_token":"good-access","refresh_token":"good-refresh","expires_in":3600}' });
  return world.openTab({ options: { flows: hostileFlows(world.site), timeoutSeconds: 10, ...options } });
}

const requestsTo = ({ site }, path) => site.requests.filter((request) => request.path === path).length;

/** Runs `body` for each answer, and says which one it failed for. */
async function forEachAnswer(body) {
  for (const [what, answer] of Object.entries(WITHOUT_TOKEN)) {
    await body(answer).catch((error) => assert.fail(`${what}: ${error.message}`));
  }
}

scenario("sign-in answered with no access token, in any shape: ERR_INVALID_RESPONSE, nothing stored, no navigation", async (world) => {
  const tab = await openHostile(world);
  await forEachAnswer(async (body) => {
    world.site.answer("/signin", { body });
    await tab.fails("ERR_INVALID_RESPONSE", "signin", world.user);
    assert.deepEqual(await tab.stored(), {});
    assert.deepEqual(await tab.navigations(), []);
    assert.equal((await tab.status()).signedIn, false);
  });
});

scenario("refresh answered with no access token, in any shape: ERR_INVALID_RESPONSE, and the session is as before", async (world) => {
  const tab = await openHostile(world);
  await tab.ok("signin", world.user);
  await forEachAnswer(async (body) => {
    world.site.answer("/refresh", { body });
    await tab.fails("ERR_INVALID_RESPONSE", "refreshAccessToken", { force: true });
    assert.equal((await tab.status()).signedIn, true);
    assert.equal(await tab.ok("accessToken"), "good-access");
  });
  await tab.reload();
  assert.equal(await tab.ok("accessToken"), "good-access");
});

scenario("a good answer with 500 kB beside the tokens: signed in, and none of it is stored", async (world) => {
  const tab = await openHostile(world);
  world.site.answer("/signin", {
    body: JSON.stringify({ junk: TEN_MB.slice(0, 500_000), access_token: "t", expires_in: 60, user: { email: "ada@example.com" } }),
  });
  await tab.ok("signin", world.user);
  assert.equal(await tab.ok("accessToken"), "t");
  const stored = JSON.stringify(await tab.stored());
  assert.ok(stored.length < 10_000, `${stored.length} characters`);
  assert.ok(!stored.includes("ada@example.com"));
});

const REFUSALS = [
  [401, '{"detail":"No active account."}', "No active account."],
  [400, '{"error":"invalid_grant","error_description":"Wrong."}', "Wrong."],
  [422, '{"errors":[{"message":"Email is taken."}]}', "Email is taken."],
  [403, "plain words", "plain words"],
  [400, '{"odd":[1]}', '{"odd":[1]}'],
];

scenario("the message of a refusal is what a person should read, whatever the shape", async (world) => {
  const tab = await openHostile(world);
  for (const [status, body, message] of REFUSALS) {
    world.site.answer("/signin", { status, body });
    const error = await tab.fails("ERR_INVALID_CREDENTIALS", "signin", world.user);
    assert.equal(error.message, message);
    assert.equal(error.status, status);
  }
});

scenario("refusals that are empty, null, HTML, 10 MB or broken still have a message", async (world) => {
  const tab = await openHostile(world);
  for (const body of ["", "null", "[]", '{"message":{}}', '{"error":5}', '{"errors":[]}', "<h1>401</h1>", TEN_MB, "{"]) {
    world.site.answer("/signin", { status: 401, body });
    const error = await tab.fails("ERR_INVALID_CREDENTIALS", "signin", world.user);
    assert.ok(error.message.length > 0, `no message for ${body.slice(0, 20)}`);
  }
  assert.deepEqual(await tab.stored(), {});
});

scenario("a refusal that echoes the password: it is masked in message and body", async (world) => {
  const tab = await openHostile(world);
  const { password } = world.user;
  world.site.answer("/signin", { status: 400, body: JSON.stringify({ message: `"${password}" is wrong`, given: { password } }) });
  const error = await tab.fails("ERR_INVALID_CREDENTIALS", "signin", world.user);
  assert.match(error.message, /is wrong/);
  assert.ok(!JSON.stringify(error).includes(password));
});

const ODD_LIFETIMES = ["-1", "0", "1e308", "1e400", '"soon"', "null", "{}", '"3600"', "3600.7", "-1e308", "true"];

scenario("odd lifetimes: signed in, and no storm of refreshes", async (world) => {
  const tab = await openHostile(world);
  for (const lifetime of ODD_LIFETIMES) {
    const before = requestsTo(world, "/refresh");
    const body = `{"access_token":"t","refresh_token":"r","expires_in":${lifetime}}`;
    world.site.answer("/signin", { body });
    world.site.answer("/refresh", { body });
    await tab.ok("signin", world.user);
    for (let call = 0; call < 3; call++) {
      assert.equal(await tab.ok("accessToken"), "t", lifetime);
    }
    await pause(150);
    const refreshes = requestsTo(world, "/refresh") - before;
    assert.ok(refreshes <= 4, `expires_in ${lifetime}: ${refreshes} refreshes for 3 calls`);
  }
});

scenario("a refresh that gives tokens which have expired already does not go on by itself", async (world) => {
  const tab = await openHostile(world, { refresh: { beforeExpirySeconds: 60 } });
  const body = '{"access_token":"t","refresh_token":"r","expires_in":1}';
  world.site.answer("/signin", { body });
  world.site.answer("/refresh", { body });
  await tab.ok("signin", world.user);
  await pause(2500);
  const refreshes = requestsTo(world, "/refresh");
  assert.ok(refreshes <= 5, `${refreshes} refreshes in 2.5 s`);
});

scenario("a server that answers and then is cut off, or sends a wrong length: ERR_UNREACHABLE", async (world) => {
  const tab = await openHostile(world, { timeoutSeconds: 2 });
  world.site.answer("/signin", { headers: { "content-length": "1000" }, body: '{"access_token":"t"}' });
  await tab.fails("ERR_UNREACHABLE", "signin", world.user);
  assert.deepEqual(await tab.stored(), {});
});

scenario("JSON under another content type is understood; so is a byte order mark", async (world) => {
  const tab = await openHostile(world);
  for (const [type, body] of [
    ["text/plain", '{"access_token":"plain","expires_in":60}'],
    ["text/html", ' {"access_token":"html","expires_in":60}'],
    ["application/problem+json", '{"access_token":"problem","expires_in":60}'],
    ["application/json", '\ufeff{"access_token":"bom","expires_in":60}'],
  ]) {
    world.site.answer("/signin", { headers: { "content-type": type }, body });
    await tab.ok("signin", world.user);
    assert.equal(await tab.ok("accessToken"), JSON.parse(body.trim().replace("\ufeff", "")).access_token);
  }
});
