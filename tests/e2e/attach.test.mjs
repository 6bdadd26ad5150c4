// @ts-check
/** Where tokens may go. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** What the site's echo saw, as one text: a token anywhere in it is a leak. */
const seenBy = (site) => JSON.stringify(site.requests);

scenario("S10: a request to a foreign origin goes out untouched, without a token", async (world) => {
  const tab = await world.signedIn();
  const token = await tab.ok("accessToken");
  const { status } = await tab.fetch(`${world.site.other}/echo`, { method: "POST", headers: { "X-Own": "1" }, body: "own body" });
  assert.equal(status, 200);
  const [request] = world.site.requests;
  assert.equal(request.headers.authorization, undefined);
  assert.equal(request.headers["x-own"], "1");
  assert.equal(request.body, "own body");
  assert.ok(!seenBy(world.site).includes(token));
});

scenario("S10: the page's own origin is foreign too, unless it is named", async (world) => {
  const tab = await world.signedIn();
  await tab.fetch("/echo");
  assert.equal(world.site.requests[0].headers.authorization, undefined);
});

scenario("S10: a foreign origin's 401 does not refresh", async (world) => {
  const tab = await world.signedIn();
  world.site.answer("/private", { status: 401 });
  assert.equal((await tab.fetch(`${world.site.other}/private`)).status, 401);
  assert.equal(world.site.requests.length, 1);
  assert.equal(await world.refreshes(), 0);
});

for (const [what, disguise] of Object.entries({
  "user info": (origin, other) => `${origin}@${new URL(other).host}/echo`,
  "a query": (origin, other) => `${other}/echo?to=${origin}`,
  "a fragment": (origin, other) => `${other}/echo#${origin}`,
})) {
  scenario(`S10: ${what} does not make a foreign URL look like a known one`, async (world) => {
    const tab = await world.signedIn();
    const token = await tab.ok("accessToken");
    await tab.evaluate((url) => globalThis.kit.fetch(url), disguise(world.server.url, world.site.other));
    assert.ok(!seenBy(world.site).includes(token));
  });
}

scenario("an origin named in attach.origins gets the token", async (world) => {
  const tab = await world.signedIn({ options: { attach: { origins: [world.site.other] } } });
  const token = await tab.ok("accessToken");
  await tab.fetch(`${world.site.other}/echo`);
  assert.equal(world.site.requests[0].headers.authorization, `Bearer ${token}`);
});

scenario("the token does not follow a redirect to another origin", async (world) => {
  const { site } = world;
  const tab = await world.signedIn({ options: { attach: { origins: [site.origin] } } });
  const token = await tab.ok("accessToken");
  site.answer("/moved", { status: 302, headers: { location: `${site.other}/echo` } });
  await tab.fetch("/moved");
  const [first, second] = site.requests;
  assert.equal(first.headers.authorization, `Bearer ${token}`);
  assert.equal(second.origin, site.other);
  assert.ok(!JSON.stringify(second).includes(token));
});

scenario("an attached header of another name does not follow a redirect: the request fails", async (world) => {
  const { site } = world;
  const attach = { origins: [site.origin], headers: { "X-Token": "{{ session.accessToken }}" } };
  const tab = await world.signedIn({ options: { attach } });
  const token = await tab.ok("accessToken");
  site.answer("/moved", { status: 302, headers: { location: `${site.other}/echo` } });
  const { error } = await tab.evaluate((url) => globalThis.kit.fetch(url), `${site.origin}/moved`);
  assert.equal(error?.code, "ERR_UNREACHABLE");
  assert.deepEqual(
    site.requests.map(({ path }) => path),
    ["/moved"],
  );
  assert.equal(site.requests[0].headers["x-token"], token);
});

scenario("an Authorization header that the caller set is kept", async (world) => {
  const tab = await world.signedIn({ options: { attach: { origins: [world.site.origin] } } });
  await tab.fetch("/echo", { headers: { Authorization: "Basic b3du" } });
  assert.equal(world.site.requests[0].headers.authorization, "Basic b3du");
});

scenario("attached query and body fields go where they belong, and a body only into JSON and forms", async (world) => {
  const { site } = world;
  const attach = { origins: [site.origin], query: { tenant: "t 1" }, body: { key: "k" } };
  const tab = await world.signedIn({ options: { attach } });
  await tab.fetch("/echo?a=1");
  await tab.fetch("/echo", { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"a":1}' });
  await tab.fetch("/echo", { method: "POST", headers: { "Content-Type": "text/plain" }, body: "plain" });
  const [get, json, plain] = site.requests;
  const query = new URL(get.path, site.origin).searchParams;
  assert.deepEqual([query.get("a"), query.get("tenant")], ["1", "t 1"]);
  assert.equal(get.body, "");
  assert.deepEqual(JSON.parse(json.body), { a: 1, key: "k" });
  assert.equal(plain.body, "plain");
});

scenario("what the caller's own URL has stays the only one, and fields go into the body of a Request and of a blob", async (world) => {
  const { site } = world;
  const attach = { origins: [site.origin], query: { k: "ours", tenant: "t" }, body: { key: "k" } };
  const tab = await world.signedIn({ options: { attach } });
  await tab.evaluate(async () => {
    const headers = { "Content-Type": "application/json" };
    await globalThis.auth.fetch(new Request("/echo?k=own", { method: "POST", body: '{"a":1}', headers }));
    await globalThis.auth.fetch("/echo", { method: "POST", body: new Blob(['{"a":2}'], { type: "application/json" }) });
    await globalThis.auth.fetch(new Request("/echo", { method: "POST", body: new URLSearchParams("a=3") }));
  });
  const queries = site.requests.map(({ path }) => new URL(path, site.origin).search);
  assert.deepEqual(queries, ["?k=own&tenant=t", "?k=ours&tenant=t", "?k=ours&tenant=t"]);
  const bodies = site.requests.map(({ body }) => body);
  assert.deepEqual(bodies, ['{"a":1,"key":"k"}', '{"a":2,"key":"k"}', "a=3&key=k"]);
});

scenario("requests of flows carry no cookies and no referrer, and are not cached", async (world) => {
  const { site } = world;
  site.answer("/login", { body: '{"access_token":"t","expires_in":60}' });
  const tab = await world.openTab({
    options: { flows: { signin: { url: `${site.origin}/login`, json: { user: "{{ inputs.email }}" } } } },
  });
  await tab.evaluate(() => {
    document.cookie = "own=1";
  });
  await tab.ok("signin", world.user);
  const { headers, method, body } = site.requests[0];
  assert.equal(method, "POST");
  assert.equal(headers.cookie, undefined);
  assert.equal(headers.referer, undefined);
  assert.equal(headers["cache-control"], "no-cache");
  assert.deepEqual(JSON.parse(body), { user: world.user.email });
});

scenario("no token and no word: a call that goes out bare says in the trace what to write", async (world) => {
  const { site } = world;
  const tab = await world.signedIn();
  await tab.fetch(`${site.other}/echo`);
  const notes = await tab.evaluate(() => globalThis.auth.trace().filter(({ id }) => id === "attach"));
  assert.equal(notes.length, 1);
  assert.ok(notes[0].reason.includes(`attach: { origins: ["${site.other}"] }`), notes[0].reason);
});

scenario(
  "the origin of a sign-in whose address was a template gets its tokens, after a reload too, and no other ever does",
  async (world) => {
    const { site } = world;
    site.answer("/login", { body: '{"access_token":"canary","expires_in":600}' });
    const flows = { signin: { url: "{{ inputs.api }}/login", json: {} }, refresh: undefined, revoke: undefined, check: undefined };
    const tab = await world.openTab({ options: { flows, storage: "local" } });
    const carries = async (origin) => {
      await tab.fetch(`${origin}/echo`);
      return site.requests.at(-1)?.headers.authorization;
    };
    await tab.ok("signin", { api: site.other });
    assert.equal(await carries(site.other), "Bearer canary");
    await tab.reload();
    assert.equal(await carries(site.other), "Bearer canary");
    await tab.ok("test", "signin", { api: site.origin });
    assert.equal(await carries(site.origin), undefined);
    await tab.ok("signin", { api: site.origin });
    assert.equal(await carries(site.origin), "Bearer canary");
    assert.equal(await carries(site.other), undefined);
  },
);

scenario("an answer's header brings the next token of a session that slides", async (world) => {
  const { site } = world;
  const attach = { origins: [site.other] };
  const tab = await world.signedIn({ options: { attach, refresh: { fromHeader: "X-Next" } } });
  site.answer("/slide", { headers: { "x-next": "Bearer next-token" } });
  await tab.fetch(`${site.other}/slide`);
  await tab.event("refreshed");
  assert.equal(await tab.ok("accessToken"), "next-token");
  assert.equal(await world.refreshes(), 0);
});

scenario("an origin is scheme, host and port and nothing else", async (world) => {
  const tab = await world.openTab();
  const told = await tab.evaluate(() =>
    [
      "https://a.example/v1",
      "https://a.example/",
      "https://*.a.example",
      "https://a.example,https://b.example",
      "capacitor://localhost",
    ].map((origin) => {
      try {
        globalThis.kit.start({ name: "origins", attach: { origins: [origin] } });
        return "ok";
      } catch (error) {
        return `${error.code} ${error.path}`;
      }
    }),
  );
  assert.deepEqual(told, [...Array(4).fill("ERR_INVALID_OPTION attach.origins[0]"), "ok"]);
});
