// @ts-check
// Hosts and providers made of anything: an adapter gives a host, which may lack what it can't do; a preset refuses, with the path.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { importPackage } from "../servers/package.mjs";

/** @type {any} */
let doorkey;
before(async () => ({ doorkey } = await importPackage()));

const no = () => {
  throw new Error("no");
};
const nothing = new Proxy(() => {}, { get: no, has: no, ownKeys: no, getPrototypeOf: no, getOwnPropertyDescriptor: no, apply: no });
/** Whatever is looked up is a number that nothing can be done with. */
const numbers = new Proxy({}, { get: () => 5 });
/** Everything is there, and fails. */
const failing = new Proxy({}, { get: () => nothing });
const JUNK = /** @type {[string, unknown[]][]} */ ([
  ["nothing", []],
  ["undefined", [undefined, undefined]],
  ["null", [null, null]],
  ["a number", [7, 7]],
  ["a text", ["{{x}}", "x"]],
  ["true", [true, true]],
  ["a symbol", [Symbol("x"), Symbol("x")]],
  ["a function", [() => {}, () => {}]],
  ["an array", [[null], [null]]],
  ["an object without a prototype", [Object.create(null), Object.create(null)]],
  ["numbers for members", [numbers, numbers]],
  ["members that fail", [failing, failing]],
  ["a proxy that throws", [nothing, nothing]],
]);

/** How a call ended: "ok", or its code. @param {() => any} call */
async function outcome(call) {
  try {
    await call();
    return "ok";
  } catch (/** @type {any} */ thrown) {
    assert.equal(doorkey.isAuthError(thrown), true, `${thrown?.stack ?? "a stranger"} is no AuthError`);
    return thrown.code;
  }
}

let count = 0;
for (const [what, args] of JUNK) {
  test(`every adapter gives a host for ${what}, whose failures are typed`, async () => {
    assert.equal(Object.keys(doorkey.hosts).length, 13);
    for (const [name, adapter] of Object.entries(doorkey.hosts)) {
      // As a call without arguments it is the one that a worker of ToolJet refuses.
      const host = adapter(...args);
      assert.deepEqual([typeof host, host === null], ["object", false], name);
      const flow = { signin: [{ query: "orders" }, { script: () => ({ access_token: "t" }) }] };
      const auth = doorkey.createAuth({ name: `junk${++count}`, host, storage: "memory", flows: flow });
      assert.match(await outcome(() => auth.signin()), /^ERR_/, name);
      auth.dispose();
      const kept = doorkey.createAuth({
        name: `junk${++count}`,
        host,
        ...(host.store && { storage: "host" }),
        pages: { home: "home" },
        flows: { signin: () => ({ access_token: "t" }) },
      });
      // A session that can't be kept, or a page that can't be shown, is no sign-in that failed.
      assert.equal(await outcome(() => kept.signin()), "ok", name);
      assert.equal(await outcome(() => kept.storeValue("k", 1)).then((end) => /^(ok|ERR_\w+)$/.test(end)), true, name);
      kept.dispose();
    }
  });
}

test("every preset refuses what is none of its options, and a getter that throws, with the path", () => {
  const refused = (/** @type {() => unknown} */ call, /** @type {string} */ name) => {
    try {
      call();
    } catch (/** @type {any} */ thrown) {
      assert.deepEqual(
        [doorkey.isAuthError(thrown), thrown.code, typeof thrown.path],
        [true, "ERR_INVALID_OPTION", "string"],
        `${name}: ${thrown}`,
      );
      return thrown;
    }
    return assert.fail(`${name} took it`);
  };
  const given = { url: "https://x.example", key: "k", issuer: "https://x.example", clientId: "c", domain: "x.example", tenant: "t" };
  for (const [name, preset] of Object.entries(doorkey.providers)) {
    for (const [, [junk]] of JUNK) if (junk !== numbers && junk !== failing) refused(() => preset(junk), name);
    for (const path of ["url", "domain", "clientId", "anything"]) {
      const error = refused(() => preset({ ...given, get [path]() { return no(); } }), name); // biome-ignore format: one line says it
      if (name !== "firebase" || path !== "domain") assert.equal(typeof error.path, "string");
      assert.equal(error.cause instanceof Error ? [error.path, error.cause.message].join() : `${path},no`, `${path},no`, name);
    }
  }
  const { supabase, oidc, cognito } = doorkey.providers;
  assert.equal(refused(() => supabase({ get url() { return no(); }, key: "k" }), "supabase").path, "url"); // biome-ignore format: as above
  const params = { get prompt() { return no(); } }; // biome-ignore format: as above
  for (const preset of [oidc, cognito]) {
    const { path, cause } = refused(() => preset({ ...given, region: "r", poolId: "p", params }), "params");
    assert.deepEqual([path, cause.message], ["params", "no"]);
  }
});
