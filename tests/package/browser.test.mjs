// @ts-check
// The forms in Chromium: scripts, workers, streaming, other origins, and where WebAssembly is refused.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, serve } from "./browser.mjs";
import { makeProject } from "./project.mjs";
import { expected, smoke } from "./smoke.mjs";

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Record<string, Buffer>} */
let dist;
/** @type {string} */
let version;
before(async () => {
  project = await makeProject();
  const names = ["doorkey.mjs", "doorkey.slim.mjs", "doorkey.wasm", "doorkey.umd.min.js"];
  dist = Object.fromEntries(await Promise.all(names.map(async (name) => [`/${name}`, await project.dist(name)])));
  version = JSON.parse((await project.dist("../package.json")).toString()).version;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await project?.remove();
});

/**
 * Serves files beside `dist`, opens a page there, and gives what `report` on it resolves to.
 * @param {{ files: Record<string, string | Buffer>, headers?: Record<string, string>, before?: string, report?: string }} what
 */
async function onPage({ files, headers, before, report = "globalThis.report" }) {
  const server = await serve({ ...dist, ...files }, headers);
  const { page, errors, close } = await open(browser, `${server.url}/index.html`, before);
  try {
    const result = await page.evaluate(`(async () => {
      for (let waited = 0; !(${report}); waited += 20) {
        if (waited > 20000) throw new Error("the page did not report");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return ${report};
    })()`);
    assert.deepEqual(errors, []);
    return result;
  } finally {
    await close();
    await server.stop();
  }
}

/** A page with a module script. @param {string} body */
const modulePage = (body) => `<!doctype html><title>x</title><script type="module">const smoke = ${smoke};\n${body}</script>`;
/** A page that starts a worker and reports what it posts. @param {string} options */
const workerPage = (options) =>
  modulePage(`
  const worker = new Worker("/worker.js", ${options});
  worker.onmessage = ({ data }) => { globalThis.report = Promise.resolve(data); };
  worker.onerror = (event) => { globalThis.report = Promise.resolve(event.message); };`);

test("a script adds exactly one global, and works on the next line", async () => {
  const page = `<!doctype html><title>x</title>
    <script>const before = Object.getOwnPropertyNames(window);</script>
    <script src="/doorkey.umd.min.js"></script>
    <script>
      const added = Object.getOwnPropertyNames(window).filter((name) => !before.includes(name));
      const signedIn = Doorkey.status().signedIn;
      const smoke = ${smoke};
      window.report = smoke(Doorkey).then((report) => [added, signedIn, report]);
    </script>`;
  assert.deepEqual(await onPage({ files: { "/index.html": page } }), [["Doorkey"], false, expected(version)]);
});

test("a page imports doorkey", async () => {
  const page = modulePage(`import * as doorkey from "/doorkey.mjs"; globalThis.report = smoke(doorkey);`);
  assert.deepEqual(await onPage({ files: { "/index.html": page } }), expected(version));
});

test("a page streams the wasm of doorkey/slim", async () => {
  const page = modulePage(`
    import init, * as doorkey from "/doorkey.slim.mjs";
    globalThis.report = init().then(() => smoke(doorkey));`);
  assert.deepEqual(await onPage({ files: { "/index.html": page } }), expected(version, ["default", "init"]));
});

test("import() from another origin works", async () => {
  const cdn = await serve(dist, { "access-control-allow-origin": "*" });
  try {
    const page = modulePage(`
      globalThis.report = (async () => {
        const inline = await smoke(await import("${cdn.url}/doorkey.mjs"));
        const slim = await import("${cdn.url}/doorkey.slim.mjs");
        await slim.init();
        return [inline, await smoke(slim)];
      })();`);
    assert.deepEqual(await onPage({ files: { "/index.html": page } }), [expected(version), expected(version, ["default", "init"])]);
  } finally {
    await cdn.stop();
  }
});

test("a classic worker loads the UMD file of another origin, without CORS, and works on the next line", async () => {
  const cdn = await serve(dist);
  try {
    const worker = `
      const before = Object.keys(self);
      importScripts("${cdn.url}/doorkey.umd.min.js");
      const added = Object.keys(self).filter((key) => !before.includes(key));
      const signedIn = Doorkey.status().signedIn;
      const smoke = ${smoke};
      smoke(Doorkey).then((report) => postMessage([added, signedIn, report]));`;
    const files = { "/index.html": workerPage("{}"), "/worker.js": worker };
    assert.deepEqual(await onPage({ files }), [["Doorkey"], false, expected(version)]);
  } finally {
    await cdn.stop();
  }
});

test("a module worker imports doorkey, and its browser host says that there is no page", async () => {
  const worker = `
    import * as doorkey from "/doorkey.mjs";
    const smoke = ${smoke};
    const error = await doorkey.hosts.browser().navigateTo("Dashboard").catch((error) => error);
    postMessage([await smoke(doorkey), error.message]);`;
  const files = { "/index.html": workerPage(`{ type: "module" }`), "/worker.js": worker };
  assert.deepEqual(await onPage({ files }), [expected(version), "there is no page to navigate: give a host with navigateTo"]);
});

/** What is asked of a copy that could not start. It must be self-contained, as `smoke`. @param {any} doorkey */
async function refusal(doorkey) {
  /** @param {() => any} call */
  const failure = async (call) => {
    try {
      await call();
    } catch (error) {
      return [/** @type {any} */ (error).name, /** @type {any} */ (error).code, /** @type {any} */ (error).cause?.name];
    }
  };
  return [
    await failure(() => doorkey.ready),
    await failure(() => doorkey.signin({ email: "a", password: "b" })),
    await failure(() => doorkey.status()),
    typeof doorkey.version,
  ];
}
const REFUSED = ["AuthError", "ERR_NOT_READY", "CompileError"];

test("under a CSP without wasm-unsafe-eval each form loads, and its calls tell why they can't work", async () => {
  const script = `
    import * as inline from "/doorkey.mjs";
    import * as slim from "/doorkey.slim.mjs";
    const refusal = ${refusal};
    globalThis.report = (async () => {
      const begun = await slim.init().catch((error) => [error.name, error.code, error.cause?.name]);
      return [await refusal(Doorkey), await refusal(inline), begun, await refusal(slim)];
    })();`;
  const page = `<!doctype html><title>x</title><script src="/doorkey.umd.min.js"></script><script type="module" src="/page.mjs"></script>`;
  const files = { "/index.html": page, "/page.mjs": script };
  const headers = { "content-security-policy": "script-src 'self'" };
  const told = [REFUSED, REFUSED, REFUSED, "string"];
  assert.deepEqual(await onPage({ files, headers }), [told, told, REFUSED, told]);
});

test("with wasm-unsafe-eval a CSP lets it work", async () => {
  const page = `<!doctype html><title>x</title><script type="module" src="/page.mjs"></script>`;
  const script = `import * as doorkey from "/doorkey.mjs"; const smoke = ${smoke}; globalThis.report = smoke(doorkey);`;
  const headers = { "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'" };
  assert.deepEqual(await onPage({ files: { "/index.html": page, "/page.mjs": script }, headers }), expected(version));
});

test("where a page may not compile at once, calls wait for it", async () => {
  const before = `
    const refuse = (name) => new Proxy(WebAssembly[name], { construct() { throw new RangeError("disallowed on the main thread"); } });
    WebAssembly.Module = refuse("Module");
    WebAssembly.Instance = refuse("Instance");`;
  // One script, so that nothing can have been compiled between its lines.
  const script = `${dist["/doorkey.umd.min.js"]}
    const smoke = ${smoke};
    let atOnce;
    try { Doorkey.status(); } catch (error) { atOnce = error.code; }
    const early = Doorkey.createAuth({ name: "early", storage: "memory" });
    globalThis.report = early.signin().catch(async (error) => [atOnce, error.path, await smoke(Doorkey)]);`;
  const files = { "/index.html": `<!doctype html><title>x</title><script src="/page.js"></script>`, "/page.js": script };
  assert.deepEqual(await onPage({ files, before }), ["ERR_NOT_READY", "flows.signin", expected(version)]);
});

test("a damaged wasm does not stop the page: the global is there and tells the cause", async () => {
  const magic = "#}*}<}6"; // "\0asm" as text
  const source = dist["/doorkey.umd.min.js"].toString();
  assert.equal(source.split(magic).length, 2);
  const page = `<!doctype html><title>x</title><script src="/doorkey.umd.min.js"></script><script>
    const refusal = ${refusal};
    window.report = refusal(Doorkey);</script>`;
  const files = { "/index.html": page, "/doorkey.umd.min.js": source.replace(magic, "#}*}<}7") };
  assert.deepEqual(await onPage({ files }), [REFUSED, REFUSED, REFUSED, "string"]);
});

test("a wasm that is not there, or is a page, is told by init, which may be tried again", async () => {
  const page = modulePage(`
    import * as doorkey from "/doorkey.slim.mjs";
    globalThis.report = (async () => {
      const failures = [];
      for (const input of ["/gone.wasm", "/index.html"]) {
        await doorkey.init(input).catch((error) => failures.push([error.code, error.message.includes("404")]));
      }
      await doorkey.init();
      return [failures, (await smoke(doorkey)).subject];
    })();`);
  assert.deepEqual(await onPage({ files: { "/index.html": page } }), [
    [
      ["ERR_NOT_READY", true],
      ["ERR_NOT_READY", false],
    ],
    "ada",
  ]);
});
