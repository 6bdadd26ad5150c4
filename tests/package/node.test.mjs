// @ts-check
// The forms in Node, as installed from the tarball.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { makeProject } from "./project.mjs";
import { expected, KEYS, smoke } from "./smoke.mjs";

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {string} */
let version;
before(async () => {
  project = await makeProject();
  version = createRequire(join(project.dir, "x.js"))("doorkey/package.json").version;
});
after(() => project?.remove());

/** @param {string} body what runs in a fresh Node, and gives what is printed */
const inNode = (body) =>
  project.node(`const smoke = ${smoke};\nconst run = async () => {${body}};\nconsole.log(JSON.stringify(await run()));\n`);

test("import of doorkey works on the next line", async () => {
  const report = await inNode(`
    const doorkey = await import("doorkey");
    return [doorkey.status().signedIn, await smoke(doorkey)];`);
  assert.deepEqual(report, [false, expected(version)]);
});

test("import of doorkey/slim works after init, with no argument", async () => {
  const report = await inNode(`
    const doorkey = await import("doorkey/slim");
    await doorkey.init();
    return [doorkey.default === doorkey.init, await smoke(doorkey)];`);
  assert.deepEqual(report, [true, expected(version, ["default", "init"])]);
});

for (const [what, input] of Object.entries({
  bytes: "bytes",
  "an ArrayBuffer": "bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)",
  "a compiled module": "await WebAssembly.compile(bytes)",
  "a response": `new Response(bytes, { headers: { "content-type": "application/wasm" } })`,
  "a promise of a response": `Promise.resolve(new Response(bytes, { headers: { "content-type": "application/wasm" } }))`,
  "an address": `"data:application/wasm;base64," + bytes.toString("base64")`,
  "the address of a file": `import.meta.resolve("doorkey/doorkey.wasm")`,
  "a URL": `new URL(import.meta.resolve("doorkey/doorkey.wasm"))`,
})) {
  test(`init of doorkey/slim takes ${what}`, async () => {
    const report = await inNode(`
      const { readFile } = await import("node:fs/promises");
      const bytes = await readFile(new URL(import.meta.resolve("doorkey/doorkey.wasm")));
      const doorkey = await import("doorkey/slim");
      await doorkey.init(${input});
      return (await smoke(doorkey)).subject;`);
    assert.equal(report, "ada");
  });
}

test("require of doorkey/umd gives the object, and import its names", async () => {
  const required = createRequire(join(project.dir, "x.js"))("doorkey/umd");
  assert.deepEqual(await smoke(required), expected(version));
  const report = await inNode(`
    const namespace = await import("doorkey/umd");
    const { signin, createAuth } = namespace;
    return [Object.keys(namespace).filter((key) => !/^(default|module.exports)$/.test(key)).sort(), namespace.default.signin === signin];`);
  assert.deepEqual(report, [KEYS, true]);
});

test("require of doorkey gives the UMD form", async () => {
  const require = createRequire(join(project.dir, "x.js"));
  assert.equal(require("doorkey"), require("doorkey/umd"));
  assert.deepEqual(await smoke(require("doorkey")), expected(version));
});

test("an import looks at nothing that a server does not have", async () => {
  const report = await inNode(`
    const seen = [];
    for (const name of ["window", "document", "location", "localStorage", "sessionStorage", "indexedDB", "XMLHttpRequest", "Worker"]) {
      Object.defineProperty(globalThis, name, { configurable: true, get() { seen.push(name); throw new Error(name); } });
    }
    const doorkey = await import("doorkey");
    await import("doorkey/slim");
    (await import("node:module")).createRequire(import.meta.url)("doorkey/umd");
    return [seen, doorkey.version];`);
  assert.deepEqual(report, [[], version]);
});

test("importing leaves nothing that keeps Node from ending", async () => {
  const started = Date.now();
  assert.equal(await inNode(`return typeof (await import("doorkey")).signin;`), "function");
  assert.ok(Date.now() - started < 20_000);
});

test("two copies know each other's errors", async () => {
  const [one, other] = [
    await import(pathToFileURL(join(project.installed, "dist/doorkey.mjs")).href),
    createRequire(join(project.dir, "x.js"))("doorkey/umd"),
  ];
  const error = await one.signin().catch((/** @type {unknown} */ thrown) => thrown);
  assert.equal(error instanceof one.AuthError, true);
  assert.equal(error instanceof other.AuthError, false);
  assert.equal(other.isAuthError(error), true);
  for (const not of [
    undefined,
    null,
    "ERR_HOST",
    new Error("x"),
    { name: "AuthError", code: "ERR_HOST" },
    Object.assign(new Error("x"), { name: "AuthError", code: 7 }),
  ]) {
    assert.equal(one.isAuthError(not), false);
  }
});
