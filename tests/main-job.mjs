// @ts-check
/** The whole way of a session against a real server, each step checked on the server's side as well. */
import assert from "node:assert/strict";

import { browse } from "./servers/browse.mjs";
import { PAGE_CLIENT_ID, redirectOptions } from "./servers/options.mjs";
import { rawEmbedded, sleep } from "./servers/raw.mjs";

const EXPOSED = "refreshtoken";
/** Where the app's page is in this job; nothing listens there. */
const PAGE = "http://127.0.0.1:1/app";

/**
 * Runs the main job and prints each step with its time; rejects at the first expectation that does not hold.
 * @param {{ server: any, doorkey: any, print: (line: string) => void }} options
 *   server: of startEmbedded, with short-lived access tokens · doorkey: the package's exports
 */
export async function mainJob({ server, doorkey, print }) {
  /** @type {Map<string, any>} */
  const store = new Map();
  const host = { store: storeOf(store) };
  // The app's store is where this job finds the refresh tokens that it shows to the server again.
  const auth = doorkey.createAuth(server.options({ name: "main-job", host, expose: { refreshToken: EXPOSED } }));
  const step = (/** @type {string} */ what, /** @type {() => Promise<string>} */ act) => timed(print, what, act);

  const before = { accessToken: "", refreshToken: "" };
  try {
    await server.reset();
    await step("sign in", async () => {
      const { ok } = await auth.signin(server.user.email, server.user.password);
      assert.equal(ok, true, "signin resolves ok");
      before.accessToken = await auth.accessToken();
      before.refreshToken = store.get(EXPOSED);
      assert.equal(typeof before.refreshToken, "string", "a refresh token is in the store");
      return `signed in, the access token lives for ${Math.ceil(auth.status().expiresInSeconds)} s`;
    });

    await step("call the API", async () => {
      const orders = await readOrders(auth, server);
      assert.equal(await refreshCount(server), 0, "no refresh request while the token is good");
      return `${orders} orders, no refresh`;
    });

    await step("wait for expiry", async () => {
      await sleep(Math.max(0, auth.status().expiresAt - Date.now()) + 300);
      const { status } = await rawEmbedded.me(server, before.accessToken);
      assert.equal(status, 401, "the server refuses the first access token");
      return "the server now answers 401 to the first access token";
    });

    await step("call it again", async () => {
      const orders = await readOrders(auth, server);
      assert.equal(await refreshCount(server), 1, "refresh requests on the server");
      assert.notEqual(store.get(EXPOSED), before.refreshToken, "the refresh token is a new one");
      return `${orders} orders, exactly 1 refresh on the server`;
    });

    const last = store.get(EXPOSED);
    await step("log out", async () => {
      const { ok, revoked } = await auth.logout();
      assert.equal(ok, true, "logout resolves ok");
      assert.equal(revoked, true, "the server has revoked the session");
      assert.equal(auth.status().signedIn, false, "the session is over here");
      assert.equal(store.has(EXPOSED), false, "no refresh token is left in the store");
      return "revoked, and nothing is left in the store";
    });

    await step("use the old refresh token", async () => {
      const { status, body } = await rawEmbedded.refresh(server, last);
      assert.equal(status, 400, "status of a refresh with the old token");
      assert.equal(body.error, "invalid_grant", "reason of the refusal");
      return `the server refuses it: ${status} ${body.error}`;
    });
  } finally {
    auth.dispose();
  }
  await elsewhere({ server, doorkey, step });
  print("main job: ok");
}

/**
 * The same by the provider's own pages: leaves for them, and comes back as a page that is loaded anew.
 * @param {{ server: any, doorkey: any, step: (what: string, act: () => Promise<string>) => Promise<void> }} given
 */
async function elsewhere({ server, doorkey, step }) {
  /** @type {Map<string, any>} */
  const store = new Map();
  let address = PAGE;
  /** @type {(url: string) => void} */
  let leave = () => {};
  const host = {
    store: storeOf(store),
    location: () => address,
    replaceLocation: (/** @type {string} */ url) => void (address = url),
    navigateTo: (/** @type {string} */ url) => leave(url),
  };
  const open = () => doorkey.createAuth({ name: "elsewhere", host, expose: { refreshToken: EXPOSED }, ...redirectOptions(server.url) });
  let auth = open();
  /** @param {() => Promise<unknown>} call gives where it leaves for, once it is there; the page then is gone */
  const left = async (call) => {
    const url = await new Promise((resolve, reject) => {
      leave = resolve;
      call().catch(reject);
    });
    leave = () => {};
    auth.dispose();
    return /** @type {string} */ (url);
  };
  try {
    await step("sign in elsewhere", async () => {
      const to = await left(() => auth.signin());
      address = await browse(to, PAGE, { login: server.user.email, password: server.user.password, answer: "yes" });
      assert.match(address, /[?]code=/, "the provider sends the user back with a code");
      auth = open();
      const { ok } = await auth.signinCallback();
      assert.equal(ok, true, "signinCallback resolves ok");
      assert.equal(address, PAGE, "the address is clean");
      return "signed in by the provider's pages, the address is clean";
    });

    await step("refresh there", async () => {
      const { refreshed } = await auth.refreshAccessToken({ force: true });
      assert.equal(refreshed, true, "there is a new access token");
      return `${await readOrders(auth, server)} orders, with the new access token`;
    });

    const last = store.get(EXPOSED);
    await step("log out there", async () => {
      const to = await left(() => auth.logout());
      assert.equal(new URL(to).pathname, "/session/end", "it goes on at the provider");
      const { status } = await rawEmbedded.refresh(server, last, PAGE_CLIENT_ID);
      assert.equal(status, 400, "status of a refresh with the old token");
      assert.equal(store.has(EXPOSED), false, "no refresh token is left in the store");
      return "revoked, and on to the provider's sign-out page";
    });
  } finally {
    auth.dispose();
  }
}

/** A store as a host gives it. @param {Map<string, any>} kept */
function storeOf(kept) {
  return {
    get: (/** @type {string} */ key) => kept.get(key),
    set: (/** @type {string} */ key, /** @type {unknown} */ value) => void kept.set(key, value),
    remove: (/** @type {string} */ key) => void kept.delete(key),
  };
}

/** @param {(line: string) => void} print @param {string} what @param {() => Promise<string>} act */
async function timed(print, what, act) {
  const started = performance.now();
  try {
    const result = await act();
    print(`${what.padEnd(25)} ${String(Math.round(performance.now() - started)).padStart(5)} ms  ${result}`);
  } catch (error) {
    throw new Error(`"${what}" failed: ${describe(error)}`, { cause: error });
  }
}

/** An assertion's values are left out when they could be tokens. @param {any} error */
function describe(error) {
  if (error.code !== "ERR_ASSERTION") return error.message;
  const isPlain = (/** @type {unknown} */ value) => typeof value === "number" || typeof value === "boolean";
  return isPlain(error.actual) ? `${error.message}: expected ${error.expected}, got ${error.actual}` : error.message;
}

/** @param {any} auth @param {any} server */
async function readOrders(auth, server) {
  const response = await auth.fetch(`${server.url}/api/orders`);
  assert.equal(response.status, 200, "status of the API call");
  const { orders } = await response.json();
  assert.ok(orders.length > 0, "the API gives orders");
  return orders.length;
}

/** @param {any} server */
async function refreshCount(server) {
  const log = await server.log();
  return log.filter((/** @type {any} */ entry) => entry.grant === "refresh_token").length;
}
