// What a builder gives may be missing, throw, be slow, never answer or lie: a typed error in time, and the session as it was.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startEmbedded } from "../../servers/lib.mjs";
import { importPackage } from "../../servers/package.mjs";

const LIMIT_SECONDS = 1;
const hostile = () =>
  new Proxy(
    {},
    { get: () => raise(new Error("a trap")), has: () => raise(new Error("a trap")), ownKeys: () => raise(new Error("a trap")) },
  );
const raise = (/** @type {unknown} */ thrown) => {
  throw thrown;
};

/** What takes the place of a member. @type {Record<string, (good?: (...args: unknown[]) => unknown) => unknown>} */
const WAYS = {
  "is missing": () => undefined,
  "is no function": () => 7,
  "throws an Error": () => () => raise(new Error("broken")),
  "throws a text": () => () => raise("broken"),
  "rejects with nothing": () => () => Promise.reject(),
  "rejects with what throws when it is read": () => () => Promise.reject(hostile()),
  "is slow":
    (good) =>
    (/** @type {unknown[]} */ ...args) =>
      new Promise((resolve) => setTimeout(() => resolve(good?.(...args)), 2500 * LIMIT_SECONDS)),
  "never settles": () => () => new Promise(() => {}),
  "resolves what throws when it is read": () => async () => hostile(),
  "resolves nonsense": () => async () => ({ status: {}, data: [[]], then: 1 }),
};

/** What takes the place of a member that is no function. @type {Record<string, () => unknown>} */
const VALUES = { "is missing": () => undefined, "is null": () => null, "is a text": () => "nonsense", "is a function": () => () => ({}) };

/**
 * @param {string} host
 * @param {{ make: () => any, open: (hosts: any, given: any) => any, uses: Record<string, (auth: any) => Promise<any>>,
 *   values?: Record<string, (auth: any) => Promise<any>> }} given `make`: what a builder gives, made of memory and in order;
 *   `uses`, `values`: by the path of a function or of another member, the call that needs it
 */
export function tellBadInput(host, { make, open, uses, values = {} }) {
  /** @type {typeof import("../../../pkg-template/package/types/doorkey.js")} */
  let doorkey;
  /** @type {Awaited<ReturnType<typeof startEmbedded>>} */
  let server;
  let count = 0;
  before(async () => {
    [{ doorkey }, server] = await Promise.all([importPackage(), startEmbedded()]);
  });
  after(() => server?.stop());

  /** @param {string} path @param {(good: any) => unknown} put @param {(auth: any) => Promise<any>} use @param {string} way */
  async function inOneWay(path, put, use, way) {
    const given = make();
    const options = server.options({ name: `bad${(count += 1)}`, host: open(doorkey.hosts, given) });
    const auth = doorkey.createAuth(options);
    try {
      await auth.signin(server.user); // with the usual limit: the machine may be busy
      const token = await auth.accessToken();
      doorkey.createAuth({ ...options, timeoutSeconds: LIMIT_SECONDS });
      const names = path.split(".");
      const owner = names.slice(0, -1).reduce((object, name) => object[name], given);
      const name = names.at(-1) ?? "";
      const good = owner[name];
      owner[name] = put(good);
      const begun = Date.now();
      const outcome = await use(auth).then(
        () => undefined,
        (error) => error,
      );
      assert.ok(Date.now() - begun < 6000 * LIMIT_SECONDS, `took ${Date.now() - begun} ms`);
      assert.ok(outcome === undefined || doorkey.isAuthError(outcome), `rejects with ${outcome}`);
      owner[name] = good;
      assert.equal(auth.status().signedIn, true, "the session is over");
      assert.equal(await auth.accessToken(), token, "the session is another");
    } catch (thrown) {
      const error = /** @type {Error} */ (thrown);
      error.message = `${path} ${way}: ${error.message}`;
      throw error;
    } finally {
      auth.dispose();
    }
  }

  for (const [paths, ways, words] of /** @type {const} */ ([
    [uses, WAYS, "missing, throwing, slow, never-settling or lying"],
    [values, VALUES, "missing or lying"],
  ])) {
    for (const [path, use] of Object.entries(paths)) {
      test(`${host}: bad input: ${path} that is ${words} gives a typed error in time, and the session stays`, async () => {
        await Promise.all(Object.entries(ways).map(([way, put]) => inOneWay(path, put, use, way)));
      });
    }
  }
}
