// @ts-check
// The code of the README, of the pages that took over from it, and of docs/start and docs/recipes. The word after `js` or `ts` says what
// a block is, and so how it is run: here on a page, in Appsmith, in Node, as a module before a test's own lines (form), or not at
// all (types); in recipes.test.mjs what is a recipe or a page of docs/start. Every block is compiled against the packed types.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { build, transform } from "esbuild";
import { startAppsmith } from "../hosts/appsmith/harness.mjs";
import { startDjango, startEmbedded } from "../servers/lib.mjs";
import { CLIENT_ID } from "../servers/options.mjs";
import { launch, open, serve } from "./browser.mjs";
import { codeBlocks } from "./markdown.mjs";
import { execute, makeProject, program, root } from "./project.mjs";

const [EXAMPLE_SERVER, EXAMPLE_LOGIN] = ["https://api.example.com", "https://auth.example.com"];
const ROLES = ["page", "appsmith", "form", "node", "types", "recipe", "session"];
const PAGES = ["README.md", "docs/install.md", "docs/calls.md", "docs/options.md", "docs/start", "docs/recipes"];

/** What surrounds a block where it is used: a module of its own, in Appsmith the object's name for `this`. */
const GLOBALS = `/// <reference types="doorkey/umd" />
  declare const Auth: { setup(): void };
  declare const inp_email: { text: string };
  declare const inp_password: { text: string };
  declare function showAlert(message: string, kind: string): Promise<void>;`;

/** @type {{ path: string, language: string, role: string, line: number, code: string }[]} */
let blocks;
/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {Awaited<ReturnType<typeof startDjango>>} */
let server;
before(async () => {
  const paths = await Promise.all(PAGES.map((path) => (path.endsWith(".md") ? [path] : pagesOf(path))));
  const found = paths.flat().map(async (path) => (await codeBlocks(path)).map((block) => ({ path, ...block })));
  blocks = (await Promise.all(found)).flat().filter(({ language }) => /^[jt]s$/.test(language));
  project = await makeProject();
  server = await startDjango();
});
after(async () => {
  await server?.stop();
  await project?.remove();
});

/** The blocks of a role, with the test server in place of the examples', as two origins. @param {string} role */
const codeFor = (role) =>
  blocks
    .filter((block) => block.role === role)
    .map(({ code }) => code.replaceAll(EXAMPLE_LOGIN, server.url).replaceAll(EXAMPLE_SERVER, elsewhere(server.url)));

/** The same server, as another origin. @param {string} url */
function elsewhere(url) {
  return url.replace("127.0.0.1", "localhost");
}

/** @param {string} folder */
async function pagesOf(folder) {
  return (await readdir(join(root, folder))).map((name) => `${folder}/${name}`);
}

test("each code block says what it is, and each way to run one is used", () => {
  assert.deepEqual([...new Set(blocks.map(({ role }) => role))].sort(), [...ROLES].sort());
});

test("the code blocks compile against the packed types", async () => {
  const files = [await project.write("readme/globals.d.ts", GLOBALS)];
  for (const { path, language, role, line, code } of blocks) {
    const source = role === "appsmith" ? code.replaceAll("this.", "Auth.") : code;
    files.push(await project.write(`readme/${path.replaceAll("/", "-")}-${line}.m${language}`, source));
  }
  const strict = { strict: true, strictNullChecks: false, noImplicitAny: false }; // as an editor checks JavaScript
  const compilerOptions = {
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    allowJs: true,
    checkJs: true,
    allowUmdGlobalAccess: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    ...strict,
  };
  const config = await project.write("readme/tsconfig.json", JSON.stringify({ compilerOptions, files }));
  const said = await execute(program("tsc"), ["--project", config]).then(
    () => "",
    ({ stdout, message }) => stdout || message,
  );
  assert.equal(said, "");
});

for (const isClean of [false, true]) {
  const where = isClean ? ", where the server shows /login.html at /login" : "";
  test(`the page signs in, shows what the server knows, and signs out${where}`, () => tryPage(isClean));
}

/** @param {boolean} isClean */
async function tryPage(isClean) {
  await server.reset();
  const [code] = codeFor("page");
  const html = (/** @type {string} */ body) => `<!doctype html><title>x</title>${body}
    <script type="importmap">{ "imports": { "doorkey": "/doorkey.mjs" } }</script><script type="module" src="/page.mjs"></script>`;
  const files = {
    "/doorkey.mjs": await project.dist("doorkey.mjs"),
    "/page.mjs": code,
    "/login.html": html(`<form><input name="email"><input name="password" type="password"><button>Sign in</button></form>`),
    "/dashboard.html": html(`<h1></h1><button>Sign out</button>`),
  };
  const site = await serve(files, {}, { isClean });
  const browser = await launch();
  try {
    const { page, errors } = await open(browser, `${site.url}/dashboard.html`);
    const shows = (/** @type {string} */ path) => page.waitForURL(site.url + (isClean ? path.replace(".html", "") : path));
    const submit = async (/** @type {string} */ password) => {
      await page.fill("[name=email]", server.user.email);
      await page.fill("[name=password]", password);
      await page.click("button");
    };
    await shows("/login.html");

    /** @type {string[]} */
    const told = [];
    page.on("dialog", (dialog) => [told.push(dialog.message()), dialog.accept()]);
    const refused = page.waitForEvent("dialog");
    await submit("wrong");
    assert.match((await refused).message(), /No active account/);

    // Submitted anew while the first is under way: of that nothing is told.
    const first = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/api/token/"));
    await page.route("**/api/token/", () => {}, { times: 1 });
    await submit("wrong again");
    await first;
    await submit(server.user.password);
    await shows("/dashboard.html");
    assert.equal(told.length, 1, told.join());
    await page.getByRole("heading", { name: server.user.email }).waitFor();

    await page.goto(`${site.url}/login.html`);
    await shows("/dashboard.html");
    await page.getByRole("heading", { name: server.user.email }).waitFor();
    await page.click("button");
    await shows("/login.html");
    const revoked = (await server.log()).filter(({ path }) => path === "/api/token/blacklist/");
    assert.deepEqual(
      revoked.filter(({ method }) => method === "POST").map(({ status }) => status),
      [200],
    );
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
    await site.stop();
  }
}

test("the Appsmith object signs in with the builder's queries, guards a page, and signs out", async () => {
  const [code] = codeFor("appsmith");
  const appsmith = await startAppsmith();
  try {
    const app = await appsmith.newApp({
      objects: { Auth: code },
      widgets: { inp_email: server.user.email, inp_password: server.user.password },
      queries: {
        sign_in: {
          method: "POST",
          url: `${server.url}/api/token/`,
          body: `{ "username": {{this.params.email}}, "password": {{this.params.password}} }`,
        },
        refreshAPI: { method: "POST", url: `${server.url}/api/token/refresh/`, body: `{ "refresh": {{this.params.refresh_token}} }` },
      },
      // Each page has what the steps put on it, and no more.
      pages: {
        LoginPage: { queries: ["sign_in"] },
        Dashboard: { queries: ["refreshAPI"], widgets: [], onLoad: [["Auth.protect"]] },
      },
    });
    const tab = await app.open("Dashboard");
    await tab.shows("LoginPage");
    await tab.run("Auth.signin()");
    await tab.shows("Dashboard");
    assert.equal(typeof (await tab.persisted()).accesstoken, "string");
    assert.equal((await tab.run("Doorkey.refreshAccessToken({ force: true })")).refreshed, true);
    await tab.run("Auth.logout()");
    await tab.shows("LoginPage");
    assert.equal("accesstoken" in (await tab.persisted()), false);
  } finally {
    await appsmith.stop();
  }
});

test("the form-encoded sister signs in and refreshes at a server that takes forms", async () => {
  const [code] = codeFor("form");
  const provider = await startEmbedded();
  try {
    const given = (await codeBlocks("README.md")).find(({ role }) => role === "form")?.code ?? assert.fail(code);
    const module = given.replaceAll(EXAMPLE_LOGIN, provider.url).replace('"app"', JSON.stringify(CLIENT_ID));
    const { refreshed, signedIn } = await project.node(`${module}
      await auth.signin(${JSON.stringify(provider.user)});
      const { refreshed } = await auth.refreshAccessToken({ force: true });
      console.log(JSON.stringify({ refreshed, signedIn: auth.status().signedIn }));`);
    assert.deepEqual({ refreshed, signedIn }, { refreshed: true, signedIn: true });
  } finally {
    await provider.stop();
  }
});

test("the Node programs of docs/install.md print what they say, those of docs/recipes/testing.md pass, and all end", async () => {
  const [slim, session, tests, trial] = codeFor("node").map((code) => code.replaceAll(elsewhere(server.url), server.url));
  const env = { ...process.env, EMAIL: server.user.email, PASSWORD: server.user.password, NODE_TEST_CONTEXT: undefined };
  const run = async (/** @type {string} */ code) => {
    const file = await project.write("readme/main.mjs", code);
    return (await execute(process.execPath, [file], { env, timeout: 60_000 })).stdout;
  };
  assert.match(await run(slim), /^\d+\.\d+\.\d+ {\s*signedIn: false,/);
  assert.match(await run(session), new RegExp(`^200 {.*email: '${server.user.email}' }\n$`));
  assert.match(await run(tests), /# pass 1\n# fail 0/);
  assert.equal(await run(trial), "http1 200\n");
});

test("the README has at most 130 lines, names this version, and its sizes are those of the package", async () => {
  const text = await readFile(join(root, "README.md"), "utf8");
  assert.ok(text.trimEnd().split("\n").length <= 130);
  const { version } = JSON.parse(await readFile(join(project.installed, "package.json"), "utf8"));
  for (const path of ["README.md", "docs/start/builder.md", "docs/start/page.md"]) {
    const named = (await readFile(join(root, path), "utf8")).matchAll(/npm\/doorkey@([^/]+)\//g);
    assert.deepEqual([...new Set([...named].map(([, at]) => at))], [version], path);
  }
  const { code: glue } = await transform((await project.dist("doorkey.slim.mjs")).toString(), { minify: true });
  const { code: floor } = await transform(await readFile(join(root, "benches/floor.js"), "utf8"), { minify: true });
  const sizes = {
    slim: [brotli(glue) + brotli(await project.dist("doorkey.wasm")), /([\d.]+) kB for `doorkey\/slim`/],
    umd: [brotli(await project.dist("doorkey.umd.min.js")), /([\d.]+) kB for the UMD file/],
    floor: [brotli(floor), /is ([\d.]+) kB \(\[benches\/floor\.js\]/],
  };
  for (const [name, [bytes, says]] of Object.entries(sizes)) {
    const said = Number(/** @type {RegExp} */ (says).exec(text)?.[1]) * 1000;
    assert.ok(Math.abs(said - Number(bytes)) <= Math.max(0.02 * Number(bytes), 50), `${name}: the README says ${said}, it is ${bytes}`);
  }
});

test("ARCHITECTURE.md and docs/compare.md say the size of an app with one host as it is", async () => {
  const [dist, empty] = [join(project.installed, "dist"), /** @type {const} */ ({ ".wasm": "empty" })];
  const app = `export { createAuth, init } from "./doorkey.slim.bundler.mjs"; export { browser } from "./doorkey.hosts.mjs";`;
  const stdin = { contents: app, resolveDir: dist };
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, format: "esm", write: false, loader: empty });
  const slim = brotli(outputFiles[0].contents) + brotli(await project.dist("doorkey.wasm"));
  const umd = brotli(await project.dist("doorkey.umd.min.js"));
  /** What a run that takes minutes has written may be a little older. @type {[string, RegExp, number, number][]} */
  const said = [
    ["ARCHITECTURE.md", /after brotli and is ([\d.]+);/, slim, 0.02],
    ["ARCHITECTURE.md", /UMD shall be \d+ and is ([\d.]+)\./, umd, 0.02],
    ["docs/compare.md", /largest of all: ([\d.]+) kB/, slim, 0.03],
  ];
  for (const [path, says, bytes, part] of said) {
    const kB = Number(says.exec(await readFile(join(root, path), "utf8"))?.[1]);
    assert.ok(Math.abs(kB * 1000 - bytes) <= part * bytes, `${path} says ${kB} kB, it is ${bytes}`);
  }
});

/** @param {Uint8Array | string} bytes */
function brotli(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params }).length;
}
