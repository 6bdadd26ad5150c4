// @ts-check
/** Answers that do not end: what is read of them, and who waits for it. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

const MB = 2 ** 20;
const FOUR_GB_OF_TRAILERS = Buffer.from([0x80, 0xff, 0xff, 0xff, 0xff]).toString("latin1");
const WHEN = { refresh: { when: "{{ response.body.error == 'expired' }}" } };
const CHUNK = `${"x".repeat(64 * 1024 - 1)}\n`;

/** The status of an answer whose body nobody reads. */
const statusOf = (tab, url) =>
  tab.evaluate(async (to) => {
    const { status, body } = await globalThis.auth.fetch(to);
    await body.cancel();
    return status;
  }, url);

scenario("bodies: foreign answers that never end hang nobody, and are not looked into", async (world) => {
  const { site } = world;
  const tab = await world.signedIn({ options: WHEN });
  const type = (name) => ({ headers: { "content-type": name } });
  site.answer("/trailers", { ...type("application/grpc-web+proto"), parts: [FOUR_GB_OF_TRAILERS, ""] });
  site.answer("/json", { parts: ['{"a":[', ""] });
  assert.equal(await statusOf(tab, `${site.other}/trailers`), 200);
  assert.equal(await statusOf(tab, `${site.other}/json`), 200);
});

scenario("bodies: our own that never end are looked into up to a limit, and the caller gets them", async (world) => {
  const { site } = world;
  const tab = await world.signedIn({ options: { ...WHEN, attach: { origins: [site.origin] } } });
  const rows = [
    ["events", "text/event-stream", ["data: 1\n\n", ""]],
    ["lines", "application/x-ndjson", ['{"a":1}\n', ""]],
    ["json-seq", "application/json-seq", ['\x1e{"a":1}\n', ""]],
    ["stream", "application/stream+json", ['{"a":1}\n', ""]],
    ["a page", "text/html", ["<!doctype html>", ""]],
    ["lines that are called JSON", "application/json", ['{"type":"ADDED"}\n', ""]],
    ["JSON that comes to no end", "application/json", ['{"a":[', ""]],
    ["a large list", "application/json", ['["', CHUNK]],
  ];
  for (const [at, [what, type, parts]] of rows.entries()) {
    site.answer(`/s${at}`, { headers: { "content-type": type }, parts });
    assert.equal(await statusOf(tab, `/s${at}`), 200, what);
  }
  assert.ok(site.taken < 64 * MB, `${site.taken} bytes were taken`);
});

scenario("bodies: the first line of a JSON stream says what it says, as does JSON of any media type", async (world) => {
  const { site } = world;
  const tab = await world.signedIn({ options: { ...WHEN, attach: { origins: [site.origin] } } });
  for (const [at, type] of ["application/json", "application/x-amz-json-1.1", "text/plain", "text/html"].entries()) {
    const expired = { headers: { "content-type": type }, parts: ['{"error":"expired"}\n', ""] };
    site.answer(`/s${at}`, expired);
    const before = site.requests.length;
    await tab.ok("refreshAccessToken", { force: true });
    assert.equal(await statusOf(tab, `/s${at}`), 200, type);
    assert.equal(site.requests.length - before, 2, `${type}: it was sent once more`);
  }
});

scenario("bodies: an answer with which a token went out is looked at up to 1 MB, and no other is", async (world) => {
  const { site } = world;
  const tab = await world.signedIn({ options: { ...WHEN, attach: { origins: [site.origin] } } });
  const expired = (length) => JSON.stringify({ error: "expired", rest: "x".repeat(length) });
  const tries = async (origin, length) => {
    const path = `/j${site.requests.length}`;
    site.answer(path, { body: expired(length) });
    await tab.ok("refreshAccessToken", { force: true });
    await tab.fetch(origin + path);
    return site.requests.filter((request) => request.path === path).length;
  };
  assert.deepEqual([await tries(site.origin, 900_000), await tries(site.origin, 1_000_000), await tries(site.other, 1000)], [2, 1, 1]);
});

scenario("bodies: a flow's answer above 4 MB is refused while it is read, and given up", async (world) => {
  const { site } = world;
  site.answer("/login", { parts: ['{"token":"', CHUNK] });
  const tab = await world.openTab({ options: { flows: { signin: { url: `${site.origin}/login`, json: "{{ inputs }}" } } } });
  await tab.fails("ERR_INVALID_RESPONSE", "signin", world.user);
  assert.ok(site.taken < 64 * MB, `${site.taken} bytes were taken`);
  while (site.givenUp === 0) await new Promise((done) => setTimeout(done, 25));
});

scenario("bodies: of a refusal above 4 MB the status is word enough, but for a refresh that a proxy may have refused", async (world) => {
  const { site } = world;
  const flows = { signin: { url: `${site.origin}/login`, json: "{{ inputs }}" }, refresh: { url: `${site.origin}/renew`, json: {} } };
  const tab = await world.openTab({ options: { flows } });
  const long = ['{"error":"', ...Array(70).fill(CHUNK), '"}'];
  site.answer("/login", { status: 400, parts: long });
  assert.equal((await tab.fails("ERR_INVALID_CREDENTIALS", "signin", world.user)).status, 400);
  site.answer("/login", { body: '{"token":"t","expires_in":600}' });
  await tab.ok("signin", world.user);
  site.answer("/renew", { status: 403, parts: long });
  assert.equal((await tab.fails("ERR_INVALID_RESPONSE", "refreshAccessToken", { force: true })).status, 403);
  assert.equal((await tab.status()).signedIn, true);
  await tab.ok("logout");
  await tab.ok("signin", world.user);
  site.answer("/renew", { status: 400, parts: long });
  await tab.fails("ERR_REFRESH_REJECTED", "refreshAccessToken", { force: true });
  assert.equal((await tab.status()).signedIn, false);
});

scenario("abort: a request that its caller ends is cancelled, with whatever reason as the cause", async (world) => {
  const { site } = world;
  const tab = await world.signedIn({ options: { attach: { origins: [site.origin] } } });
  site.answer("/slow", { mode: "hang" });
  const told = await tab.evaluate(async () => {
    const reason = { mine: true };
    const told = [];
    const reasons = [undefined, reason, "a text", null, new TypeError("Failed to fetch")];
    for (const given of reasons) {
      const abort = new AbortController();
      setTimeout(() => abort.abort(given), 50);
      const error = await globalThis.auth.fetch("/slow", { signal: abort.signal }).catch((thrown) => thrown);
      told.push([error.code, error.retryable, error.cause === abort.signal.reason]);
    }
    const error = await globalThis.auth.fetch("/slow", { signal: AbortSignal.timeout(20) }).catch((thrown) => thrown);
    told.push([error.code, error.retryable, error.cause?.name === "TimeoutError"]);
    const early = AbortSignal.abort(reason);
    const before = await globalThis.auth.fetch("/slow", { signal: early }).catch((thrown) => thrown);
    told.push([before.code, before.retryable, before.cause === reason]);
    return told;
  });
  assert.deepEqual(told, Array(7).fill(["ERR_CANCELLED", false, true]));
});

scenario(
  "a request whose time is up lets its connection go: a browser has six for a server, and the next one gets through",
  async (world) => {
    const { site } = world;
    const tab = await world.signedIn({ options: { attach: { origins: [site.origin] } } });
    await tab.limit(2);
    site.answer("/slow", { mode: "hang" });
    site.answer("/quick", { body: "{}" });
    const told = await tab.evaluate(async () => {
      const send = (path) =>
        globalThis.auth.fetch(path, { method: "POST" }).then(
          ({ status }) => status,
          ({ code }) => code,
        );
      return [await Promise.all(Array.from({ length: 6 }, () => send("/slow"))), await send("/quick")];
    });
    assert.deepEqual(told, [Array(6).fill("ERR_UNREACHABLE"), 200]);
  },
);

scenario("abort: a call that waits for a refresh ends at once, and its request never goes out", async (world) => {
  const { site } = world;
  const tab = await world.signedIn({ options: { attach: { origins: [site.origin] } } });
  await world.failRefresh({ mode: "hang" });
  await world.expire();
  const code = await tab.evaluate(async () => {
    const abort = new AbortController();
    const call = globalThis.auth.fetch("/echo", { signal: abort.signal }).catch((thrown) => thrown.code);
    setTimeout(() => abort.abort("enough"), 50);
    return call;
  });
  assert.equal(code, "ERR_CANCELLED");
  await world.heal();
  assert.deepEqual(site.requests, []);
});
