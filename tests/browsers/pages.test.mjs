// @ts-check
// Our own pages in each browser that people have, with the keyboard alone: the panel on a page with a session, the workbench with its
// importer, the documents with their search. No page may have an error of its own.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Key } from "selenium-webdriver";

import { buildDocs } from "../../www/docs/build.mjs";
import { servePlayground } from "../../www/serve.mjs";
import { unpackPackage } from "../e2e/lib/package.mjs";
import { startEmbedded } from "../servers/lib.mjs";
import { ENGINES, start } from "./engines.mjs";
import { startFront } from "./pages/front.mjs";
import { Visitor } from "./pages/visitor.mjs";
import { isKept, Table } from "./table.mjs";

const limit = { timeout: 240_000 }; // a browser takes long to start on a busy machine
const table = new Table();

/** The embedded server, as the workbench names it. */
const SERVER = "https://auth.example.com";
const PASSWORD = "hush-hush-1843";
const TOKENS = { access_token: "tkn-0a1b2c3d4e5f6071", refresh_token: "ref-99887766554433", expires_in: 600, token_type: "Bearer" };
const CURL = `curl ${SERVER}/token -d grant_type=password -d client_id=playground -d username=a@b.example -d password=${PASSWORD}`;
const UNKNOWN = { payload: { a1: "Zm9vYmFyYmF6cXV4" } };
const HAR = {
  log: {
    entries: [
      {
        request: {
          method: "POST",
          url: `${SERVER}/login`,
          headers: [],
          postData: { text: `{"email":"a@b.example","password":"${PASSWORD}"}` },
        },
        response: { status: 200, headers: [], content: { text: JSON.stringify(TOKENS) } },
      },
    ],
  },
};

/** A page of somebody's own, with a session and its panel. */
const OWN = {
  "/wrong.html": {
    type: "text/html",
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>wrong</title><link rel="icon" href="data:,"><meta http-equiv="Content-Security-Policy" content="img-src data:">
      <script>console.error("logged"); Promise.reject(new Error("rejected")); setTimeout(() => { throw new Error("thrown"); });</script></head>
      <body><img src="/stopped.png" alt=""><h1>wrong</h1></body></html>`,
  },
  "/own.html": {
    type: "text/html",
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>own</title><link rel="icon" href="data:,">
      <script type="module" src="/own.mjs"></script></head>
      <body><button id="before">Before</button><main></main><button id="after">After</button></body></html>`,
  },
  "/own.mjs": {
    type: "text/javascript",
    body: `import { createAuth } from "/pkg/dist/doorkey.mjs";
      import "/pkg/dist/doorkey.panel.mjs";
      const { pages, ...options } = await fetch("/own.json").then((answer) => answer.json());
      const auth = createAuth(options);
      const panel = Object.assign(document.createElement("doorkey-panel"), { auth, options });
      document.querySelector("main").append(panel);
      Object.assign(window, { auth, panel, within: (selector) => [...panel.shadowRoot.querySelectorAll(selector)] });`,
  },
};

/** @type {Awaited<ReturnType<typeof startEmbedded>>} */
let server;
/** @type {Awaited<ReturnType<typeof servePlayground>>} */
let site;

before(async () => {
  server = await startEmbedded({ accessTtl: 600, origins: "*" });
  await buildDocs();
  site = await servePlayground({ authUrl: server.url, pkgDir: unpackPackage(), user: server.user });
}, limit);

after(() => Promise.all([site?.close(), server?.stop()]));

for (const engine of ENGINES) {
  describe(engine.name, () => {
    /** @type {Awaited<ReturnType<typeof start>>} */
    let started;
    /** @type {Awaited<ReturnType<typeof startFront>>} */
    let front;
    /** @type {Visitor} */
    let visitor;

    before(async () => {
      [started, front] = await Promise.all([
        start(engine),
        startFront(site.url, { ...OWN, "/own.json": { type: "application/json", body: JSON.stringify(server.options()) } }),
      ]);
      await started.browser.manage().setTimeouts({ script: 30_000, pageLoad: 60_000 });
      visitor = new Visitor(started.browser, front.url);
    }, limit);

    after(() => Promise.all([started?.stop(), front?.stop()]));

    /** A test whose outcome stands in the table, and after which no page may have told an error. @param {string} name @param {() => Promise<void>} body */
    const check = (name, body) =>
      test(name, limit, async () => {
        table.add(name, engine.name, "FAILED");
        await body();
        assert.deepEqual(front.heard.splice(0), [], "errors of the pages");
        table.add(name, engine.name, "yes");
      });

    test("what goes wrong in a page is heard", limit, async () => {
      await visitor.open("/wrong.html", "document.querySelector('h1') !== null");
      const wanted = [/console: logged/, /unhandled: .*rejected/s, /uncaught: .*thrown/s, /policy: img-src/];
      const missing = () => wanted.filter((pattern) => !front.heard.some((told) => pattern.test(told)));
      await started.browser.wait(() => missing().length === 0, 30_000).catch(() => assert.deepEqual(missing(), [], front.heard.join("\n")));
      await started.browser.get("about:blank");
      front.heard.splice(0);
    });

    check("the panel shows a session, finds nothing to mend, and is worked by keyboard", async () => {
      await visitor.open("/own.html", "Boolean(window.auth)");
      await visitor.once("within('.empty').some(({ textContent }) => textContent.startsWith('No event yet.'))");
      const { browser } = started;
      await browser.executeAsyncScript(
        "const done = arguments[arguments.length - 1]; auth.signin(arguments[0]).then(() => done(), (error) => done(error.message))",
        server.user,
      );
      await visitor.once("within('[data-testid=session-state]')[0].textContent === 'Signed in'");
      await visitor.once("within('[data-type=signedIn]').length === 1 && within('.steps > li').length > 0");
      assert.match(await visitor.once("within('[data-testid=expires-in]')[0].textContent"), /^(10|9) min/);

      await browser.executeScript("document.getElementById('before').focus()");
      await visitor.act("Session");
      await visitor.once("!within('details')[0].open");
      await visitor.press(Key.ENTER);
      await visitor.once("within('details')[0].open");
      await visitor.press(Key.TAB);
      assert.equal(await visitor.focused(), "Diagnose", "the heading of the next part");
      await visitor.press(Key.TAB);
      await visitor.press(Key.ENTER);
      const said = await visitor.once(
        "(/^\\d+ to mend/.test(within('[role=status]')[0].textContent) && within('[role=status]')[0].textContent)",
      );
      const found = await visitor.once("within('.findings > li').map(({ dataset, innerText }) => [dataset.level, innerText])");
      assert.match(said, /^0 to mend, 0 to look at/, JSON.stringify(found.filter((/** @type {string[]} */ [level]) => level !== "good")));
      assert.ok(found.length > 6, String(found.length));

      await visitor.tabTo("store-key");
      await visitor.press("theme", Key.TAB, "dark", Key.ENTER);
      await visitor.once("auth.getValue('theme') === 'dark'");
      await visitor.once("within('[data-key=theme]').length === 1");
      await browser.executeScript("document.getElementById('before').focus()");
      await visitor.act("Remove theme");
      await visitor.once("within('[data-key=theme]').length === 0");
      await browser.executeScript("document.getElementById('before').focus()");
      await visitor.act(/^[\d:]+(http1|found)/);
      await visitor.once("within('.steps details[open] pre').length === 1");
      await visitor.tabTo("after");
    });

    check("the workbench imports a cURL call, runs what came of it and copies it, by keyboard", async () => {
      await visitor.open("/workbench/", "window.workbench?.isChecked()");
      await visitor.act("import");
      assert.equal(await visitor.focused(), "import-text", "one begins where one pastes");
      await visitor.paste(`${CURL}\n\n${JSON.stringify(TOKENS)}\n`);
      await visitor.says("import-status", /^1 request: the sign-in\..*masked\.$/);
      await visitor.says("import-outcomes", /it signs in, for 10 minutes/);
      assert.doesNotMatch(await visitor.valueOf("import-text"), new RegExp(`${PASSWORD}|tkn-|ref-`));
      await visitor.act("import-use");
      await visitor.once("!document.querySelector('[data-testid=import-dialog]').open && window.workbench.isChecked()");
      await visitor.says("problems", /No problem found/);
      assert.match(await visitor.once("window.workbench.editor.text()"), /"refresh_token": "\{\{ session.refreshToken \}\}"/);

      await visitor.act("demo-user");
      await visitor.tabTo("run", true);
      await visitor.press(Key.ENTER);
      await visitor.says("state", /It works: 1 step/);
      await visitor.act("copy");
      await visitor.once("/The code is copied/.test(document.getElementById('toasts').textContent)");
      await started.browser.executeScript("document.querySelector('[data-testid=import]').focus()");
      await visitor.press(Key.ENTER);
      await visitor.chord("v");
      await visitor.once("/Doorkey.configure/.test(document.querySelector('[data-testid=import-text]').value)");
      await visitor.press(Key.ESCAPE);
      await visitor.once("!document.querySelector('[data-testid=import-dialog]').open");
      assert.equal(await visitor.focused(), "import", "the focus is back where it was");
    });

    check("the importer reads a HAR, and takes the value that one says is the token", async () => {
      await visitor.open("/workbench/", "window.workbench?.isChecked()");
      await visitor.act("import");
      await visitor.paste(JSON.stringify(HAR));
      await visitor.says("import-status", /^1 request in a HAR: the sign-in\./);
      await visitor.press(Key.ESCAPE);
      await visitor.once("!document.querySelector('[data-testid=import-dialog]').open");
      await visitor.act("import");
      await visitor.paste(CURL);
      await visitor.press(Key.TAB);
      await visitor.paste(JSON.stringify(UNKNOWN));
      await visitor.says("import-misses", /Choose the one that is/);
      await visitor.act("value-payload.a1");
      await visitor.says("import-outcomes", /it signs in\./);
      await visitor.act("import-use");
      await visitor.once("!document.querySelector('[data-testid=import-dialog]').open && window.workbench.isChecked()");
      assert.equal(JSON.parse(await visitor.once("window.workbench.editor.text()")).tokens.accessToken, "payload.a1");
    });

    check("the documents are found by their search, by keyboard", async () => {
      await visitor.open(
        "/docs/",
        "document.querySelector('h1')?.textContent.includes('doorkey') && document.querySelector('#app')?.__vue_app__ !== undefined",
      );
      await visitor.chord("k");
      await visitor.once("document.activeElement?.id === 'localsearch-input'");
      await visitor.press("ERR_CALLBACK_MISMATCH");
      await visitor.once("document.querySelector('#localsearch-list a mark') !== null");
      await visitor.press(Key.ENTER);
      await visitor.once(
        "/\\.html/.test(location.pathname) && document.querySelector('main').textContent.includes('ERR_CALLBACK_MISMATCH')",
      );
    });
  });
}

test("docs/browsers.md says what was seen of our pages", () => {
  const browsers = ENGINES.map(({ name }) => name);
  const isTrue = isKept(table.text(browsers), "pages");
  assert.ok(isTrue, "its table in docs/browsers.md is out of date: run this again with DOORKEY_MATRIX=renew");
});
