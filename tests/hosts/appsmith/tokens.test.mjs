// H10: one refresh for many, in one tab and in two; rotated tokens, clocks, and tokens that say nothing of their time.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startGuide } from "./guide.mjs";

const DAY_MS = 86_400_000;

let guide;
before(async () => (guide = await startGuide()));
after(() => guide?.stop());

/** A tab that signed in with an answer of our own; later refreshes give new tokens of the same kind. */
async function signedIn(body) {
  const app = await guide.newApp();
  let count = 0;
  app.answers("sign_in", () => ({ status: 200, body: body(0) }));
  app.answers("refreshAPI", () => ({ status: 200, body: body((count += 1)) }));
  const tab = await app.open();
  await guide.signIn(tab);
  app.runs.length = 0;
  return { app, tab };
}

const pair = (n) => ({ access_token: `access-${n}`, refresh_token: `refresh-${n}`, expires_in: 60 });
const sent = (app) => app.runs.filter(({ name }) => name === "refreshAPI").map(({ params }) => params.refresh_token);
const many = (count) => `Promise.all(Array.from({ length: ${count} }, () => Doorkey.accessToken()))`;
const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = (claims) => `${base64url({ alg: "none" })}.${base64url(claims)}.x`;

test("H10: twenty parallel callers run one refresh, and all get its token", async () => {
  const { app, tab } = await signedIn(pair);
  await tab.shiftTime(61_000);
  assert.deepEqual(await tab.run(many(20)), Array(20).fill("access-1"));
  assert.deepEqual(sent(app), ["refresh-0"]);
});

test("H10: two tabs run one refresh, and both end with its token, also when a token may be used once only", async () => {
  const { app, tab } = await signedIn(pair);
  const used = new Set();
  let count = 0;
  app.answers("refreshAPI", async ({ params: { refresh_token } }) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (used.has(refresh_token)) return { status: 400, body: { error: "invalid_grant" } };
    used.add(refresh_token);
    return { status: 200, body: pair((count += 1)) };
  });
  const second = await app.open("Dashboard");
  await Promise.all([tab.shiftTime(61_000), second.shiftTime(61_000)]);
  const tokens = await Promise.all([tab.run(many(10)), second.run(many(10))]);
  assert.deepEqual([...new Set(tokens.flat())], ["access-1"]);
  assert.deepEqual(sent(app), ["refresh-0"]);
  for (const each of [tab, second]) assert.equal(await each.run("appsmith.store.accesstoken"), "access-1");
});

test("H10: a rotated refresh token replaces the old one, and is kept when an answer has none", async () => {
  const { app, tab } = await signedIn((n) => ({ ...pair(n), ...(n === 2 && { refresh_token: undefined }) }));
  for (const expected of ["refresh-0", "refresh-1", "refresh-1", "refresh-3"]) {
    await tab.run("Doorkey.refreshAccessToken({ force: true })");
    assert.equal(sent(app).at(-1), expected);
  }
});

test("H10: a token is renewed shortly before its time, and not earlier", async () => {
  const { app, tab } = await signedIn(pair);
  await tab.shiftTime(40_000);
  assert.equal(await tab.run("Doorkey.accessToken()"), "access-0");
  await tab.shiftTime(18_000);
  assert.equal(await tab.run("Doorkey.accessToken()"), "access-1");
  assert.equal(sent(app).length, 1);
});

for (const [name, ms] of Object.entries({ "a day behind": -DAY_MS, "a day ahead": DAY_MS })) {
  test(`H10: a client clock ${name} causes neither a storm of refreshes nor a stale token`, async () => {
    const app = await guide.newApp();
    let count = 0;
    // Absolute times by the server's right clock; only `iat` tells by how much the client's is wrong.
    const body = () => ({
      token: jwt({ iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 60, n: (count += 1) }),
      refresh_token: "refresh",
    });
    for (const query of ["sign_in", "refreshAPI"]) app.answers(query, () => ({ status: 200, body: body() }));
    const tab = await app.open();
    await tab.shiftTime(ms);
    await guide.signIn(tab);
    app.runs.length = 0;
    for (let time = 0; time < 5; time += 1) await tab.run("Doorkey.accessToken()");
    assert.deepEqual(sent(app), [], "while the token is good");
    await tab.shiftTime(61_000);
    await tab.run("Doorkey.accessToken()");
    assert.equal(sent(app).length, 1, "when its time has passed");
  });
}

test("H10: a JWT without exp and an opaque token are used as they are, until they are refused", async () => {
  for (const token of [(n) => jwt({ sub: "ada", n }), (n) => `opaque-token-of-ada-${n}`]) {
    const { app, tab } = await signedIn((n) => ({ access_token: token(n), refresh_token: "refresh" }));
    await tab.shiftTime(DAY_MS);
    assert.equal(await tab.run("Doorkey.accessToken()"), token(0));
    assert.deepEqual(sent(app), []);
    assert.equal(await tab.run("Doorkey.status().expiresAt"), null);
    // Release A tells no status: with a token of unknown age the failure counts as unauthorised.
    let refusals = 1;
    app.answers("orders", () => (refusals-- > 0 ? { thrown: "orders failed to execute" } : { status: 200, body: [1] }));
    assert.deepEqual(await tab.run("Doorkey.run(orders)"), [1]);
    assert.equal(sent(app).length, 1);
  }
});
