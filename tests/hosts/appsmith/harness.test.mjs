// The harness itself: that it is Appsmith where a library can tell the difference.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startAppsmith } from "./harness.mjs";

const fixtures = {
  "/umd.js":
    "(function (root) { root.AppAuth = { version: '1', signin: function () { return storeValue('theme', 'dark'); }, peek: function () { return appsmith.store.theme; } }; })(self);",
  "/const.js": "const Hidden = {};",
  "/throws.js": "self.Half = {}; throw new Error('no');",
  "/root-default.js": "self.default = {}; self.signin = function () {};",
  "/two.js": "var B1 = {}; var A1 = {};",
  "/named.mjs": "export let counter = 0; export function inc() { counter += 1; return counter; }",
  "/primitive.mjs": "export default 1; export const a = 1;",
  "/wrong-type.js": { type: "text/plain", body: "var X = 1;" },
};

let appsmith;
before(async () => (appsmith = await startAppsmith({ fixtures, withPackage: false })));
after(() => appsmith?.stop());

const open = async (definition) => (await appsmith.newApp({ mode: "EDIT", ...definition })).open();

const scopeProbe = `(() => {
  const { value, ...attributes } = Object.getOwnPropertyDescriptor(self, "localStorage");
  const dispatch = () => { try { new AbortController().signal.dispatchEvent(new Event("x")); } catch (error) { return error.message; } };
  return {
    windowIsSelf: self.window === self,
    currentScript: String(document.currentScript),
    types: [typeof XMLHttpRequest, typeof sessionStorage, typeof module, typeof define, typeof process, typeof navigator.locks.request],
    localStorage: { ...attributes, keys: Object.keys(value) },
    missing: String(localStorage.getItem("missing")),
    dispatch: dispatch(),
    enumerable: ["storeValue", "fetch", "setImmediate", "document"].filter((name) => Object.keys(self).includes(name)),
  };
})()`;

test("the worker's scope is what Appsmith makes of it", async () => {
  const { dispatch, ...scope } = await (await open()).send("INSPECT", scopeProbe);
  assert.match(dispatch, /not of type 'Event'/);
  assert.deepEqual(scope, {
    windowIsSelf: true,
    currentScript: "undefined",
    types: ["undefined", "undefined", "undefined", "undefined", "undefined", "function"],
    localStorage: { writable: false, enumerable: false, configurable: false, keys: ["getItem", "setItem", "removeItem", "clear"] },
    missing: "undefined",
    enumerable: ["setImmediate", "document"],
  });
});

test("libraries install as Appsmith installs them", async () => {
  const tab = await open();
  const install = async (origin, path) => {
    const { success, accessor, message } = await tab.install(appsmith.cdn[origin] + path);
    return success ? accessor : message.replace(/http\S+\//, "");
  };
  assert.deepEqual(await install("plain", "/umd.js"), ["AppAuth"]);
  assert.deepEqual(await install("plain", "/umd.js?again"), ["AppAuth_1"], "a taken name gets a number");
  assert.equal(await install("plain", "/const.js"), "Unable to determine a unique accessor");
  assert.equal(await install("cors", "/throws.js"), "The script at throws.js cannot be installed.");
  assert.deepEqual(await install("plain", "/root-default.js"), ["root_default_js"]);
  assert.deepEqual(await install("plain", "/two.js"), ["B1", "A1"]);
  assert.deepEqual(await install("cors", "/named.mjs"), ["named_mjs"]);
  assert.equal(await install("plain", "/named.mjs"), "The script at named.mjs cannot be installed.", "a module needs CORS");
  assert.equal(await install("cors", "/primitive.mjs"), "The script at primitive.mjs cannot be installed.");
  assert.equal(await install("cors", "/wrong-type.js"), "The script at wrong-type.js cannot be installed.");
  assert.deepEqual(await tab.run("[named_mjs.inc(), named_mjs.counter]"), [1, 0], "live bindings are lost");
});

test("a library comes back under its names, and ends a published app when it can't", async () => {
  const libraries = [{ url: `${appsmith.cdn.plain}/umd.js`, accessor: ["AppAuth"] }];
  const app = await appsmith.newApp({ libraries });
  const tab = await app.open();
  assert.equal(await tab.run("AppAuth.version"), "1");
  libraries.push({ url: `${appsmith.cdn.plain}/gone.js`, accessor: ["Gone"] });
  assert.deepEqual(await tab.reload(), { ok: false, message: `The script at ${appsmith.cdn.plain}/gone.js cannot be installed.` });
});

test("globals that a script leaves are gone at the next event, a library's are not", async () => {
  const tab = await open();
  await tab.install(`${appsmith.cdn.plain}/umd.js`);
  await tab.run("(self.left = 1, AppAuth.kept = 1)");
  assert.deepEqual(await tab.run("[typeof left, AppAuth.kept]"), ["undefined", 1]);
});

test("data fields read the store and nothing that acts", async () => {
  const tab = await open();
  await tab.run("storeValue('theme', 'dark')");
  assert.deepEqual(await tab.field("appsmith.store.theme"), { result: "dark" });
  assert.match((await tab.field("storeValue('a', 1)")).error.message, /^Please remove any direct\/indirect references to storeValue\(\)/);
  assert.match((await tab.field("fetch('/')")).error.message, /references to fetch\(\)/);
  assert.match((await tab.field("Promise.resolve(1)")).error.message, /^Found a Promise\(\)/);
  assert.equal(await tab.send("INSPECT", "self.$isDataField"), false);
});

test("a bound property follows the store", async () => {
  const tab = await open();
  await tab.bind("Text1", "appsmith.store.theme ?? 'none'");
  await tab.run("storeValue('theme', 'dark')");
  for (let tries = 0; tries < 100 && (await tab.bound()).Text1.value === "none"; tries += 1) await tab.page.waitForTimeout(20);
  assert.deepEqual(await tab.bound(), { Text1: { value: "dark" } });
});

test("store changes travel in batches, after a navigation that was not awaited for", async () => {
  const tab = await open();
  await tab.run("(storeValue('a', 1), storeValue('b', 2, false), navigateTo('Dashboard'))");
  assert.deepEqual(await tab.steps(), ["NAVIGATE_TO", "STORE_VALUE", "STORE_VALUE"]);
  await tab.shows("Dashboard");
  assert.deepEqual(await tab.persisted(), { a: 1 });
  await tab.reload();
  assert.deepEqual(await tab.run("[appsmith.store, appsmith.URL.pathname]"), [{ a: 1 }, "/app/app1/Dashboard"]);
});

test("a value that can't be cloned loses its batch for the page", async () => {
  const tab = await open();
  await tab.run("(storeValue('good', 1), storeValue('bad', () => 1), undefined)");
  assert.deepEqual(await tab.persisted(), {});
  assert.match(tab.console.join(), /DataCloneError/);
});

test("a page that does not exist is refused with a plain object", async () => {
  const tab = await open();
  const seen = await tab.run("navigateTo('Nowhere').catch((error) => [error instanceof Error, error])");
  assert.deepEqual(seen, [false, { message: "Enter a valid URL or page name" }]);
});

test("a JS object's functions share no closure, and `this` is its name", async () => {
  const Auth =
    "export default {\n  count: 1 + 1,\n  async one() { return this.two(3); },\n  two: (n) => n + Auth.count,\n  bad: async () => Doorkeys,\n  fails: async () => { throw 'text'; }\n}";
  const tab = await open({ objects: { Auth } });
  assert.equal(await tab.run("Auth.one()"), 5);
  assert.deepEqual(await tab.field("Auth.one.data"), { result: 5 });
  assert.equal((await tab.trigger("Auth.bad()")).errors[0].message, "Doorkeys is not defined");
  assert.match((await tab.trigger("Auth.fails()")).errors[0].message, /Cannot create property 'source' on string/);
  await assert.rejects(open({ objects: { Auth: "// mine\nexport default {}" } }), /Start object with export default/);
});

test("a page change keeps the worker and runs the new page's functions", async () => {
  const Page = "export default { load: async () => { await storeValue('seen', appsmith.URL.pathname); } }";
  const app = await appsmith.newApp({ objects: { Page }, pages: { LoginPage: {}, Dashboard: { onLoad: [["Page.load"]] } } });
  const tab = await app.open();
  await tab.send("INSPECT", "Object.defineProperty(self, 'hidden', { value: 7 }), 0");
  await tab.run("navigateTo('Dashboard', { from: 'x' })");
  await tab.shows("Dashboard");
  await tab.page.waitForTimeout(50);
  assert.deepEqual(await tab.persisted(), { seen: "/app/app1/Dashboard" });
  assert.equal(await tab.send("INSPECT", "self.hidden"), 7);
});

test("another tab sees the store only after a reload", async () => {
  const app = await appsmith.newApp({});
  const [one, two] = [await app.open(), await app.open()];
  await one.run("storeValue('theme', 'dark')");
  assert.equal(await two.run("appsmith.store.theme"), undefined);
  await two.run("storeValue('size', 1)");
  assert.deepEqual(await two.persisted(), { theme: "dark", size: 1 });
  await two.reload();
  assert.equal(await two.run("appsmith.store.theme"), "dark");
});

const failures = {
  A: ["sign_in failed to execute", "sign_in failed to execute", "{}"],
  B: ["sign_in failed to execute", { error: "invalid_grant" }, "{}"],
  C: [{ error: "invalid_grant" }, { error: "invalid_grant" }, "400 BAD_REQUEST"],
};
for (const [variant, [rejected, toCallback, status]] of Object.entries(failures)) {
  test(`a failed query tells what release ${variant} tells`, async () => {
    const app = await appsmith.newApp({ variant, queries: { sign_in: { url: "http://localhost/" } } });
    app.answers("sign_in", () => ({ status: 400, body: { error: "invalid_grant" } }));
    const tab = await app.open();
    const script = `(async () => {
      const thrown = await sign_in.run({ a: 1 }).catch((error) => error);
      const status = sign_in.responseMeta.statusCode ?? "{}";
      let told;
      const settled = await sign_in.run(() => {}, (error) => { told = error; }, { a: 2 });
      return [thrown, told, settled, status];
    })()`;
    assert.deepEqual(await tab.run(script), [{ message: rejected }, toCallback, undefined, status]);
    assert.deepEqual(
      app.runs.map(({ params }) => params),
      [{ a: 1 }, { a: 2 }],
    );
  });
}

test("a query's texts are filled when it runs", async () => {
  const query = {
    url: "http://localhost/{{this.params.id}}",
    headers: { Authorization: "Bearer {{appsmith.store.token}}" },
    body: '{ "email": {{inp_email.text}}, "mine": {{inputs.id}} }',
  };
  const app = await appsmith.newApp({ queries: { orders: query }, widgets: { inp_email: 'a"b' } });
  app.answers("orders", () => ({ status: 200, body: [1] }));
  const tab = await app.open();
  await tab.run("storeValue('token', 'T')");
  assert.deepEqual(await tab.run("orders.run({ id: 7 })"), [1]);
  assert.deepEqual(app.runs[0].texts, {
    url: "http://localhost/7",
    "header:Authorization": "Bearer T",
    body: '{ "email": "a\\"b", "mine": 7 }',
  });
});
