// @ts-check
// What the facade promises by itself: objects, names, errors, and calls before the module has started.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { makeProject } from "./project.mjs";

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {any} */
let doorkey;
before(async () => {
  project = await makeProject();
  doorkey = await load("doorkey.mjs");
});
after(() => project?.remove());

let copies = 0;
/** A fresh copy of a form. @param {string} file @returns {Promise<any>} */
const load = (file) => import(`${pathToFileURL(join(project.installed, "dist", file))}?copy=${++copies}`);
const caught = (/** @type {any} */ promise) =>
  promise.then(
    () => assert.fail("it did not reject"),
    (/** @type {any} */ error) => error,
  );

test("the same name gives the same object, with new options", () => {
  const auth = doorkey.createAuth({ name: "same", storage: "memory" });
  assert.equal(doorkey.createAuth({ name: "same", storage: "memory" }), auth);
  assert.notEqual(doorkey.createAuth({ name: "other", storage: "memory" }), auth);
  assert.throws(() => doorkey.createAuth({ name: "same", stroage: "memory" }), { code: "ERR_INVALID_OPTION", path: "stroage" });
  assert.equal(doorkey.createAuth({ name: "same", storage: "memory" }), auth);
});

test("after dispose calls say so, and the name makes a new object", async () => {
  const auth = doorkey.createAuth({ name: "disposed", storage: "memory" });
  auth.dispose();
  auth.dispose();
  assert.equal((await caught(auth.signin())).code, "ERR_DISPOSED");
  const next = doorkey.createAuth({ name: "disposed", storage: "memory" });
  assert.notEqual(next, auth);
  assert.deepEqual(await next.storeValue("x", 1), {});
});

test("options that are wrong throw, and leave nothing behind", () => {
  for (const [options, path] of [
    [{ nmae: "x" }, "nmae"],
    [{ name: 7 }, "name"],
  ]) {
    assert.throws(() => doorkey.createAuth(options), { name: "AuthError", code: "ERR_INVALID_OPTION", path });
  }
  for (const options of [null, 7, "x"]) assert.throws(() => doorkey.createAuth(options), { code: "ERR_INVALID_OPTION" });
});

test("before configure, calls name the missing option, and status says signed out", async () => {
  const fresh = await load("doorkey.mjs");
  assert.deepEqual(fresh.status(), { signedIn: false, expiresAt: null, expiresInSeconds: null, hasRefreshToken: false });
  for (const [call, path] of [
    ["signin", "flows.signin"],
    ["refreshAccessToken", "flows.refresh"],
    ["check", "flows.check"],
    ["storeValue", "flows.signin"],
  ]) {
    const error = await caught(fresh[call]("x", 1));
    assert.deepEqual([error.code, error.path], ["ERR_INVALID_OPTION", path], call);
  }
  for (const call of [() => fresh.getValue("x"), () => fresh.values(), () => fresh.on("signedIn", () => {})]) {
    assert.throws(call, { code: "ERR_INVALID_OPTION", path: "flows.signin" });
  }
  fresh.configure({ storage: "memory" });
  assert.deepEqual(await fresh.storeValue("x", 1), {});
});

test("the bare functions act on what configure opened, whatever its name", async () => {
  const fresh = await load("doorkey.mjs");
  const auth = fresh.configure({ storage: "memory" });
  assert.equal(fresh.createAuth({ storage: "memory" }), auth);
  await fresh.storeValue("theme", "dark");
  assert.equal(auth.getValue("theme"), "dark");
  const named = fresh.configure({ name: "named", storage: "memory" });
  assert.equal(fresh.getValue("theme"), undefined);
  await fresh.storeValue("theme", "light");
  assert.equal(named.getValue("theme"), "light");
});

test("an Auth is a plain object of bound functions", async () => {
  const auth = doorkey.createAuth({ name: "plain", storage: "memory" });
  const members = [
    "signin",
    "signinCallback",
    "refreshAccessToken",
    "logout",
    "storeValue",
    "getValue",
    "removeValue",
    "clearStore",
    "accessToken",
    "headers",
    "run",
    "check",
    "guard",
    "status",
    "claims",
    "values",
    "on",
  ];
  assert.deepEqual(Object.keys(auth).sort(), [...members, "fetch", "test", "extend", "trace", "watch", "dispose"].sort());
  assert.equal(Object.getPrototypeOf(auth), Object.prototype);
  const { storeValue, getValue } = auth;
  await storeValue("theme", "dark");
  assert.equal(getValue("theme"), "dark");
});

test("what waits gives a native promise, also when it fails", async () => {
  const auth = doorkey.createAuth({ name: "native", storage: "memory" });
  for (const call of [
    "signin",
    "refreshAccessToken",
    "logout",
    "accessToken",
    "headers",
    "run",
    "check",
    "guard",
    "fetch",
    "test",
    "storeValue",
    "removeValue",
    "clearStore",
  ]) {
    const promise = auth[call]();
    assert.equal(Object.getPrototypeOf(promise), Promise.prototype, call);
    await promise.catch((/** @type {unknown} */ error) => assert.equal(doorkey.isAuthError(error), true, call));
  }
});

test("an AuthError is an extensible Error with enumerable members, and hides its cause", () => {
  const cause = new Error("beneath");
  const error = new doorkey.AuthError("ERR_SERVER", "no", { status: 500, body: { a: 1 }, stepId: undefined, cause });
  assert.ok(error instanceof Error);
  assert.deepEqual(Object.keys(error), ["code", "status", "body"]);
  assert.deepEqual([error.name, error.message, error.cause, String(error)], ["AuthError", "no", cause, "AuthError: no"]);
  assert.ok(Object.isExtensible(error));
  error.source = "Appsmith's";
});

test("providers give plain data that createAuth takes", () => {
  const provider = doorkey.providers.simplejwt({ url: "https://api.example.com/" });
  assert.deepEqual(structuredClone(provider), provider);
  assert.deepEqual(
    Object.values(provider.flows).map(({ url }) => url),
    ["https://api.example.com/api/token/", "https://api.example.com/api/token/refresh/", "https://api.example.com/api/token/blacklist/"],
  );
  assert.equal(typeof doorkey.createAuth({ name: "provider", storage: "memory", provider }).signin, "function");
});

test("upper and lower in a template are JavaScript's own", async () => {
  const words = ["straße é", "ÄDA Σ", "ΌΣΟΣ", "İstanbul", "ŉ"];
  const flow = [
    {
      define: Object.fromEntries(
        words.flatMap((word, at) => [
          [`upper${at}`, `{{ upper('${word}') }}`],
          [`lower${at}`, `{{ lower('${word}') }}`],
        ]),
      ),
    },
  ];
  const { steps } = await doorkey.createAuth({ name: "case", storage: "memory" }).test(flow);
  for (const [at, word] of words.entries()) {
    assert.deepEqual([steps[0].scope[`upper${at}`], steps[0].scope[`lower${at}`]], [word.toUpperCase(), word.toLowerCase()]);
  }
});

test("slim: calls wait for init, createAuth works before it, and what is synchronous throws", async () => {
  const slim = await load("doorkey.slim.mjs");
  const auth = slim.createAuth({ name: "early", storage: "memory" });
  const wrong = slim.createAuth({ name: "wrong", stroage: "memory" });
  const early = caught(auth.signin());
  for (const call of [() => auth.status(), () => slim.status(), () => slim.claims("x"), () => auth.on("signedIn", () => {})]) {
    assert.throws(call, { name: "AuthError", code: "ERR_NOT_READY" });
  }
  let prevented = false;
  const submitted = caught(auth.signin({ type: "submit", preventDefault: () => (prevented = true) }));
  assert.equal(prevented, true, "the browser would have sent the form");
  await slim.init();
  await slim.ready;
  assert.equal((await early).path, "flows.signin");
  await submitted;
  assert.equal(auth.status().signedIn, false);
  assert.equal((await caught(wrong.signin())).path, "stroage");
});

test("slim: what is disposed before init stays disposed", async () => {
  const slim = await load("doorkey.slim.mjs");
  const auth = slim.createAuth({ name: "early", storage: "memory" });
  const waiting = caught(auth.signin());
  auth.dispose();
  await slim.init();
  assert.equal((await waiting).code, "ERR_DISPOSED");
});

test("slim: init is idempotent, and may be tried again after a failure", async () => {
  const slim = await load("doorkey.slim.mjs");
  const waiting = caught(slim.signin());
  const error = await caught(slim.init(new Uint8Array([0, 97, 115, 109, 9, 9, 9, 9])));
  assert.deepEqual([error.name, error.code], ["AuthError", "ERR_NOT_READY"]);
  assert.ok(error.cause instanceof WebAssembly.CompileError);
  for (const told of [await waiting, await caught(slim.ready), await caught(slim.signin())]) {
    assert.equal(told.code, "ERR_NOT_READY");
    assert.ok(told.cause instanceof WebAssembly.CompileError);
  }
  assert.throws(() => slim.createAuth({}), { code: "ERR_NOT_READY" });
  const bytes = await readFile(join(project.installed, "dist/doorkey.wasm"));
  await Promise.all([slim.init(bytes), slim.init(bytes), slim.init()]);
  await slim.init(new Uint8Array([1]));
  await slim.ready;
  assert.equal((await caught(slim.signin())).code, "ERR_INVALID_OPTION");
});

test("an import with a damaged wasm inside does not throw: ready, calls and createAuth tell the cause", async () => {
  const source = (await project.dist("doorkey.mjs")).toString();
  const magic = "#}*}<}6"; // "\0asm" as text
  assert.equal(source.split(magic).length, 2);
  const damaged = await import(pathToFileURL(await project.write("damaged.mjs", source.replace(magic, "#}*}<}7"))).href);
  for (const error of [await caught(damaged.ready), await caught(damaged.signin())]) {
    assert.deepEqual([error.code, error.cause.name], ["ERR_NOT_READY", "CompileError"]);
  }
  assert.throws(() => damaged.status(), { code: "ERR_NOT_READY" });
  assert.throws(() => damaged.createAuth({}), { code: "ERR_NOT_READY" });
  assert.equal(typeof damaged.version, "string");
});

test("no host goes to an address that would run a script", async () => {
  const names = Object.keys(doorkey.hosts);
  assert.ok(names.length >= 13);
  for (const name of names) {
    /** Whatever the builder is asked to do is a navigation. @type {any} */
    const builder = new Proxy(() => assert.fail(`${name} went there`), {
      get: (_, key) => (typeof key === "string" ? builder : undefined),
    });
    const host = doorkey.hosts[name](builder);
    for (const target of ["javascript:alert(1)", " JaVa\nScRiPt:alert(1)", "\u0001data:text/html,x", "vbscript:x", "blob:null/x"]) {
      assert.match(
        (await caught(host.navigateTo(target, {}, "SAME_WINDOW"))).message,
        /^can't navigate to a [a-z]+: address$/,
        `${name} ${target}`,
      );
    }
  }
});
