// @ts-check
/** Sign-in by brokers that are rebuilt from their sources and documentation, in a real browser. */

import assert from "node:assert/strict";
import { after } from "node:test";

import * as providers from "../../pkg-template/package/providers/index.mjs";
import { startRebuilt, THEIRS } from "../servers/brokers/rebuilt.mjs";
import { suite } from "./lib/suite.mjs";

/** @typedef {import("./lib/world.mjs").World} World  @typedef {import("./lib/tab.mjs").Tab} Tab */

const scenario = suite();
const brokers = await startRebuilt();
after(() => brokers.stop());
const { origin } = brokers;

const answered = (/** @type {string} */ query) => new RegExp(`/app\\.html\\?${query}$`);
/**
 * @type {Record<string, { provider: object, answer: RegExp, exchange: string, denied: [code: string, message: RegExp], refreshes?: boolean, check?: boolean, isCookie?: boolean }>}
 */
const BROKERS = {
  Supabase: {
    provider: providers.supabase({ url: `${origin}/gotrue`, key: "k", provider: "google" }),
    answer: answered("doorkey=[\\w-]{43}&code=[^&]+"),
    exchange: "/gotrue/auth/v1/token",
    denied: ["ERR_CANCELLED", /^The user said no$/],
    refreshes: true,
  },
  Nhost: {
    provider: providers.nhost({ url: `${origin}/nhost`, provider: "github" }),
    answer: answered("code=[^&]+&state=[\\w-]{43}"),
    exchange: "/nhost/v1/token/exchange",
    denied: ["ERR_INVALID_CREDENTIALS", /^Provider returned an error$/],
    refreshes: true,
  },
  Appwrite: {
    provider: providers.appwrite({ url: `${origin}/appwrite/v1`, project: "p1", provider: "google" }),
    answer: answered("doorkey=[\\w-]{43}&userId=u1&secret=[^&]+"),
    exchange: "/appwrite/v1/account/sessions/token",
    denied: ["ERR_INVALID_CREDENTIALS", /The user said no/],
    refreshes: true,
  },
  Strapi: {
    provider: providers.strapi({ url: `${origin}/strapi`, provider: "google" }),
    answer: /\/app\.html$/,
    exchange: "/strapi/api/auth/google/callback",
    denied: ["ERR_CANCELLED", /^The user said no$/],
  },
  Xano: {
    provider: providers.xano({ url: `${origin}/xano/api:g1`, provider: "google" }),
    answer: answered("code=4%2F0A[^&]+&scope=email&authuser=0&state=[\\w-]{43}"),
    exchange: "/xano/api:g1/oauth/google/continue",
    denied: ["ERR_CANCELLED", /^The user said no$/],
  },
};

/** How often an answer was exchanged at that address. @param {string} path */
const exchanges = (path) => brokers.asked(path).filter(({ query }) => query.grant_type !== "refresh_token").length;

/** A page of an app that signs in by this broker. @param {World} world @param {object} provider */
async function open(world, provider) {
  brokers.allow(`${world.site.origin}/app.html`);
  return world.openTab({
    whole: true,
    options: { storage: "local", provider },
    complete: (options, kit) => ({
      ...options,
      host: { ...kit.recordingHost, navigateTo: kit.doorkey.hosts.browser().navigateTo },
    }),
  });
}

/**
 * Leaves, says yes or no, and comes back to the page loaded anew.
 * @param {Tab} tab @param {"Allow" | "Cancel"} word @param {{ arrives?: boolean }} [how] arrives: whether there is a session on that page
 */
async function go(tab, word, { arrives = true } = {}) {
  await tab.page.evaluate(() => void globalThis.auth.signin().catch(() => {}));
  await tab.page.getByRole("link", { name: word }).click();
  await tab.page.waitForURL(/\/app\.html/);
  const address = tab.page.url();
  if (arrives) await tab.startAuth();
  return address;
}

for (const [name, { provider, answer, exchange, denied, refreshes }] of Object.entries(BROKERS)) {
  scenario(`${name}: the user signs in, the address is clean, and no token of the provider behind is kept`, async (world) => {
    const tab = await open(world, provider);
    assert.match(await go(tab, "Allow"), answer);
    assert.equal((await tab.ok("signinCallback")).ok, true);
    assert.equal(tab.page.url(), `${world.site.origin}/app.html`);
    assert.equal(exchanges(exchange), 1);
    const { signedIn } = await tab.evaluate(() => globalThis.auth.status());
    assert.equal(signedIn, true);
    assert.ok(!JSON.stringify(await tab.stored()).includes(THEIRS));
    assert.equal(await tab.evaluate(() => sessionStorage.length), 0);
    assert.equal(await tab.ok("check"), true);
    assert.equal((await tab.ok("refreshAccessToken", { force: true })).ok, Boolean(refreshes));
    // To the used answer by hand: nothing is sent.
    await tab.page.reload();
    await tab.startAuth();
    assert.equal((await tab.ok("signinCallback")).reason, "no-callback");
    assert.equal(exchanges(exchange), 1);
    await tab.ok("logout", { navigate: false });
  });

  scenario(`${name}: the user says no`, async (world) => {
    const tab = await open(world, provider);
    await go(tab, "Cancel");
    const error = await tab.fails(denied[0], "signinCallback");
    assert.match(error.message, denied[1]);
    assert.equal(exchanges(exchange), 0);
    assert.ok(!/error/.test(tab.page.url()), tab.page.url());
  });
}

scenario("an answer that nobody began is left alone, whoever the broker", async (world) => {
  for (const { provider, exchange } of Object.values(BROKERS)) {
    const tab = await open(world, provider);
    const foreign = `${world.site.origin}/app.html?code=c&userId=u1&secret=s&doorkey=x&state=y#access_token=z`;
    await tab.page.goto(foreign);
    await tab.startAuth();
    assert.equal((await tab.ok("signinCallback")).reason, "no-callback");
    assert.equal(tab.page.url(), foreign);
    assert.equal(exchanges(exchange), 0);
  }
});

scenario("a token in the address is none, also while a sign-in waits for its answer, whoever the broker", async (world) => {
  const stolen = "canary-planted";
  for (const [name, { provider, exchange }] of Object.entries(BROKERS)) {
    brokers.forget();
    const tab = await open(world, provider);
    // Where our page would be called back, with all that binds an answer and without what it is one by.
    const back = new URL(await go(tab, "Allow", { arrives: false }));
    for (const proof of ["code", "secret", "userId"]) back.searchParams.delete(proof);
    const names = ["access_token", "refresh_token", "id_token", "token", "accessToken", "jwt"];
    for (const each of names) back.searchParams.set(each, stolen);
    back.hash = names.map((each) => `${each}=${stolen}`).join("&");
    await tab.page.goto(back.href);
    await tab.startAuth();
    await tab.call("signinCallback");
    assert.ok(!JSON.stringify([await tab.call("accessToken"), await tab.stored()]).includes(stolen), name);
    if (name !== "Strapi") assert.deepEqual([exchanges(exchange), (await tab.status()).signedIn], [0, false], name);
    await tab.ok("logout", { navigate: false });
    await tab.page.close();
  }
});

scenario("Supabase: 403 with bad_jwt is a token that is past its time, another 403 is not", async (world) => {
  const tab = await open(world, BROKERS.Supabase.provider);
  await go(tab, "Allow");
  await tab.ok("signinCallback");
  const ask = (/** @type {string} */ path) =>
    tab.evaluate(async (url) => (await globalThis.auth.fetch(url)).status, `${origin}/gotrue${path}`);
  const refreshes = () => brokers.asked("/gotrue/auth/v1/token").length - exchanges("/gotrue/auth/v1/token");
  assert.equal(await ask("/rest/v1/forbidden"), 403);
  assert.equal(refreshes(), 0);
  brokers.forget();
  assert.equal(await ask("/auth/v1/user"), 200);
  assert.equal(refreshes(), 1);
});

scenario("Xano: a token that is past its time ends the session, since nothing refreshes it", async (world) => {
  const tab = await open(world, BROKERS.Xano.provider);
  await go(tab, "Allow");
  await tab.ok("signinCallback");
  brokers.forget();
  const url = `${origin}/xano/api:g1/auth/me`;
  assert.equal(await tab.evaluate(async (address) => (await globalThis.auth.fetch(address)).status, url), 401);
  await tab.page.waitForFunction(() => !globalThis.auth.status().signedIn);
});
