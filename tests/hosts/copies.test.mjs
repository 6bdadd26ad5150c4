// Two copies of doorkey in one page, and two sessions of one copy: they share what bears their name, and nothing else.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startParts } from "./lib/app.mjs";
import { refreshes } from "./lib/gateway.mjs";
import { listen } from "./lib/servers.mjs";

let parts;
let origin;
before(async () => {
  parts = await startParts();
  const umd = parts.files.read("dist/doorkey.umd.min.js");
  const { version } = parts.files;
  const files = {
    "/one.js": umd,
    "/two.js": umd.replaceAll(`"${version}"`, '"99.0.0"'),
    "/three.mjs": parts.files.read("dist/doorkey.mjs"),
  };
  // As a builder that takes one library after the other, each under a name of its own.
  const html = `<!doctype html><link rel="icon" href="data:,"><title>copies</title>
    <script src="/one.js"></script><script>var One = Doorkey; delete window.Doorkey; var before = Object.keys(window);</script>
    <script src="/two.js"></script><script>var Two = Doorkey;</script>
    <script type="module">window.Three = await import("/three.mjs"); window.loaded = true;</script>`;
  origin = await listen((path) => (files[path] ? { body: files[path] } : { type: "text/html", body: html }));
});
after(async () => {
  await parts?.stop();
  await origin?.close();
});

/** A page with three copies, and the options of the real server in each. */
async function open() {
  await parts.server.reset();
  const context = await parts.browser.newContext();
  const page = await context.newPage();
  const load = async (path) => {
    if (path) await page.goto(origin.url + path);
    else await page.reload();
    await page.waitForFunction(() => window.loaded);
    await page.evaluate((options) => {
      window.options = options;
      window.auths = {};
      window.start = (copy, name) => (window.auths[`${copy}/${name}`] = window[copy].createAuth({ ...options, name, host: {} }));
    }, parts.server.options());
  };
  await load("/");
  const run = (code, value) =>
    page.evaluate(([code, value]) => new Function("value", `return (async () => { ${code} })()`)(value), [code, value]);
  const until = (code) => page.waitForFunction((code) => new Function(`return ${code}`)(), code, { timeout: 8000 });
  return { context, page, run, until, reload: () => load() };
}

const pairs = { "two versions as scripts": ["One", "Two"], "a script and a module": ["One", "Three"] };
for (const [what, [one, two]] of Object.entries(pairs)) {
  test(`copies: ${what} share a session by its name: sign-in, one refresh, sign-out`, async () => {
    const { context, run, until } = await open();
    assert.equal(await run(`return ${one}.createAuth === ${two}.createAuth`), false);
    await run(
      `window.a = start("${one}", "shared"); window.b = start("${two}", "shared"); window.told = []; b.on("signedOut", ({ reason }) => told.push(reason));`,
    );
    await run("return a.signin(value)", parts.server.user);
    await until("b.status().signedIn");
    assert.equal(await run("return (await a.accessToken()) === (await b.accessToken())"), true);

    await run("await Promise.all([a, b, a, b].map((each) => each.refreshAccessToken({ force: true })))");
    assert.equal((await refreshes(parts.server)).length, 1);
    assert.equal(await run("return (await a.accessToken()) === (await b.accessToken())"), true);

    await run("return a.logout({ navigate: false })");
    await until("!b.status().signedIn");
    assert.deepEqual(await run("return told"), ["otherTab"]);
    assert.equal(await run("return b.accessToken().catch(({ code }) => code)"), "ERR_SIGNED_OUT");
    await context.close();
  });
}

test("copies: what one copy throws, the other knows for an AuthError", async () => {
  const { context, run } = await open();
  const seen = await run(
    'const error = await start("One", "x").accessToken().catch((error) => error); return [Two.isAuthError(error), Three.isAuthError(error), error instanceof Two.AuthError]',
  );
  assert.deepEqual(seen, [true, true, false]);
  await context.close();
});

test("copies: two sessions of one copy, and one of another, live side by side", async () => {
  const { context, run, reload } = await open();
  const names = [
    ["One", "first"],
    ["One", "second"],
    ["Two", "third"],
  ];
  for (const [copy, name] of names)
    await run(
      `await start("${copy}", "${name}").signin(value); await auths["${copy}/${name}"].storeValue("whose", "${name}")`,
      parts.server.user,
    );
  const all = "Object.values(auths)";
  assert.equal(await run(`return new Set(await Promise.all(${all}.map((each) => each.accessToken()))).size`), 3);
  await run('return auths["One/second"].logout({ navigate: false })');
  const state = `${all}.map((each) => [each.status().signedIn, each.getValue("whose") ?? null])`;
  const expected = [
    [true, "first"],
    [false, null],
    [true, "third"],
  ];
  assert.deepEqual(await run(`return ${state}`), expected);
  await reload();
  for (const [copy, name] of names) await run(`start("${copy}", "${name}")`);
  await run(`return Promise.all(${all}.map((each) => each.check()))`);
  assert.deepEqual(await run(`return ${state}`), expected, "also after a reload");
  await context.close();
});

test("copies: nothing is written outside of keys that begin with the session's name, and one global is added", async () => {
  const { context, page, run } = await open();
  await run('localStorage.setItem("theirs", "1"); localStorage.setItem("share", "2"); sessionStorage.setItem("theirs", "3");');
  for (const storage of ["local", "session"]) {
    await run(`window.auth = One.createAuth({ ...options, name: "shared", storage: "${storage}", host: {}, keep: ["scope"] });`);
    await run(
      'await auth.signin(value); await auth.storeValue("theirs", "mine"); await auth.storeValue("brief", 1, false); await auth.refreshAccessToken({ force: true });',
      parts.server.user,
    );
    const foreign = await run(
      `return [localStorage, sessionStorage].map((each) => Object.fromEntries(Object.entries(each).filter(([key]) => !key.startsWith("shared"))))`,
    );
    assert.deepEqual(foreign, [{ theirs: "1", share: "2" }, { theirs: "3" }], storage);
    await run("await auth.logout({ navigate: false }); auth.dispose();");
  }
  assert.deepEqual(await run("return Object.keys(window).filter((key) => !before.includes(key))"), [
    "Doorkey",
    "Two",
    "Three",
    "loaded",
    "options",
    "auths",
    "start",
    "auth",
  ]);
  assert.deepEqual(await context.cookies(), []);
  assert.equal(new URL(page.url()).search + new URL(page.url()).hash, "");
  const databases = await run("return (await indexedDB.databases()).map(({ name }) => name)");
  assert.ok(
    databases.every((name) => name.startsWith("doorkey") || name.startsWith("shared")),
    databases.join(),
  );
  await context.close();
});

test("copies: createAuth says in the trace what it found to work with", async () => {
  const { context, run } = await open();
  const found = async (name, options) => {
    const [{ id, reason }] = await run(
      `const auth = One.createAuth({ ...options, name: "${name}", ...${options} }); await auth.check(); return auth.trace();`,
    );
    return `${id}: ${reason}`;
  };
  assert.match(await found("page", "{}"), /^found: local storage; host: navigateTo\b/);
  const store = "store: { get() {}, set() {}, remove() {} }";
  assert.equal(await found("host", `{ host: { ${store}, notify() {} } }`), "found: host storage; host: store, notify");
  assert.equal(await found("memory", "{ host: {}, storage: 'memory' }"), "found: memory storage; host: nothing");
  await context.close();
});
