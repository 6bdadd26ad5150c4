// @ts-check
// The README's code. The word after `js` or `ts` says what a block is, and so how it is run here: on a page, in Appsmith, in
// Node, or not at all (types). Every block is compiled against the packed types.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startAppsmith } from "../hosts/appsmith/harness.mjs";
import { startDjango } from "../servers/lib.mjs";
import { launch, open, serve } from "./browser.mjs";
import { codeBlocks } from "./markdown.mjs";
import { execute, makeProject, program } from "./project.mjs";

const EXAMPLE_SERVER = "https://api.example.com";
const ROLES = ["page", "appsmith", "node", "types"];

/** What surrounds a block where it is used: a module of its own, in Appsmith the object's name for `this`. */
const GLOBALS = `/// <reference types="doorkey/umd" />
  declare const process: { env: Record<string, string | undefined> };
  declare const Auth: { setup(): void };
  declare const inp_email: { text: string };
  declare const inp_password: { text: string };
  declare function showAlert(message: string, kind: string): Promise<void>;`;

/** @type {{ language: string, role: string, line: number, code: string }[]} */
let blocks;
/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {Awaited<ReturnType<typeof startDjango>>} */
let server;
before(async () => {
  blocks = (await codeBlocks("README.md")).filter(({ language }) => /^[jt]s$/.test(language));
  project = await makeProject();
  server = await startDjango();
});
after(async () => {
  await server?.stop();
  await project?.remove();
});

/** The blocks of a role, with the test server in place of the example's. @param {string} role */
const codeFor = (role) => blocks.filter((block) => block.role === role).map(({ code }) => code.replaceAll(EXAMPLE_SERVER, server.url));

test("each code block says what it is, and each way to run one is used", () => {
  assert.deepEqual([...new Set(blocks.map(({ role }) => role))].sort(), [...ROLES].sort());
});

test("the code blocks compile against the packed types", async () => {
  const files = [await project.write("readme/globals.d.ts", GLOBALS)];
  for (const { language, role, line, code } of blocks) {
    const source = role === "appsmith" ? code.replaceAll("this.", "Auth.") : code;
    files.push(await project.write(`readme/line-${line}.m${language}`, source));
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
    types: [],
    ...strict,
  };
  const config = await project.write("readme/tsconfig.json", JSON.stringify({ compilerOptions, files }));
  const said = await execute(program("tsc"), ["--project", config]).then(
    () => "",
    ({ stdout, message }) => stdout || message,
  );
  assert.equal(said, "");
});

test("the page signs in, shows what the server knows, and signs out", async () => {
  const [code] = codeFor("page");
  const html = (/** @type {string} */ body) => `<!doctype html><title>x</title>${body}
    <script type="importmap">{ "imports": { "doorkey": "/doorkey.mjs" } }</script><script type="module" src="/page.mjs"></script>`;
  const site = await serve({
    "/doorkey.mjs": await project.dist("doorkey.mjs"),
    "/page.mjs": code,
    "/login.html": html(`<form><input name="email"><input name="password" type="password"><button>Sign in</button></form>`),
    "/dashboard.html": html(`<h1></h1><button>Sign out</button>`),
  });
  const browser = await launch();
  try {
    const { page, errors } = await open(browser, `${site.url}/dashboard.html`);
    const shows = (/** @type {string} */ path) => page.waitForURL(site.url + path);
    const submit = async (/** @type {string} */ password) => {
      await page.fill("[name=email]", server.user.email);
      await page.fill("[name=password]", password);
      await page.click("button");
    };
    await shows("/login.html");

    const refused = page.waitForEvent("dialog").then(async (dialog) => [dialog.message(), await dialog.accept()][0]);
    await submit("wrong");
    assert.match(await refused, /No active account/);

    await submit(server.user.password);
    await shows("/dashboard.html");
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
});

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
      pages: { LoginPage: {}, Dashboard: { onLoad: [["Auth.protect"]] } },
    });
    const tab = await app.open("Dashboard");
    await tab.shows("LoginPage");
    await tab.run("Auth.signin()");
    await tab.shows("Dashboard");
    assert.equal(typeof (await tab.persisted()).accesstoken, "string");
    await tab.run("Auth.logout()");
    await tab.shows("LoginPage");
    assert.equal("accesstoken" in (await tab.persisted()), false);
  } finally {
    await appsmith.stop();
  }
});

test("the Node programs print what they say, and end", async () => {
  const [slim, session] = codeFor("node");
  const env = { ...process.env, EMAIL: server.user.email, PASSWORD: server.user.password };
  const run = async (/** @type {string} */ code) => {
    const file = await project.write("readme/main.mjs", code);
    return (await execute(process.execPath, [file], { env, timeout: 60_000 })).stdout;
  };
  assert.match(await run(slim), /^\d+\.\d+\.\d+ {\s*signedIn: false,/);
  assert.match(await run(session), new RegExp(`^200 {.*email: '${server.user.email}' }\n$`));
});
