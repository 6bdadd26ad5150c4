// @ts-check
// <doorkey-panel> with sessions of the real auth server, several tabs, and servers that say too little.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { suite } from "../e2e/lib/suite.mjs";
import { codeBlocks } from "../package/markdown.mjs";
import { root } from "../package/project.mjs";

const scenario = suite({ accessTtl: 600 });

/** Adds the panel of a tab's session. @param {import("../e2e/lib/tab.mjs").Tab} tab @param {object} [options] what it is told of the session */
async function addPanel(tab, options = tab.start.options) {
  await tab.evaluate(async (/** @type {object} */ given) => {
    await import(/** @type {any} */ ("/pkg/dist/doorkey.panel.mjs"));
    const panel = Object.assign(document.createElement("doorkey-panel"), { auth: globalThis.auth, options: given });
    document.body.append(panel);
  }, options);
}

/** What Diagnose finds beside what is good. @param {import("../e2e/lib/tab.mjs").Tab} tab @returns {Promise<{ about: string, level: string, text: string, write?: string }[]>} */
const findings = (tab) =>
  tab.evaluate(async () => {
    const all = await /** @type {any} */ (document.querySelector("doorkey-panel")).diagnose();
    return all.filter((/** @type {any} */ { level }) => level !== "good");
  });

scenario("with a server that does all that is asked there is nothing to mend", async (world) => {
  const tab = await world.openTab();
  await addPanel(tab);
  await tab.ok("signin", world.user);
  await tab.event("signedIn");
  await tab.until(() => document.querySelector("doorkey-panel")?.shadowRoot?.querySelector("[data-type=signedIn]"));
  assert.deepEqual(await findings(tab), []);
  const heads = (await world.requests("/token")).filter(({ method }) => method === "HEAD");
  assert.ok(heads.length > 0, "it has asked the server");
});

scenario("before a sign-in it says that a token must be seen first", async (world) => {
  const tab = await world.openTab();
  await addPanel(tab);
  assert.deepEqual(
    (await findings(tab)).map(({ about, level }) => `${about} ${level}`),
    ["lifetime unknown"],
  );
});

scenario("a clock that is wrong, a request that went out bare, an address where nobody is", async (world) => {
  const tab = await world.openTab();
  await addPanel(tab);
  await tab.ok("signin", world.user);
  await tab.fetch(`${world.site.other}/echo`);
  await tab.evaluate(() => /** @type {any} */ (globalThis).testClock.set(90_000));
  const found = await findings(tab);
  const of = (/** @type {string} */ about) => found.find((finding) => finding.about === about);
  assert.match(of("clock")?.text ?? "", /clock is (89|90|91|92) s ahead of/);
  assert.equal(of("origins")?.write, `attach: { origins: ["${world.site.other}"] }`);
  await addOptions(tab, { flows: { signin: { url: "http://127.0.0.1:9/token" } } });
  assert.match(
    (await findings(tab)).find(({ about }) => about === "cors")?.text ?? "",
    /signin: http:\/\/127\.0\.0\.1:9\/token can't be reached/,
  );
});

/** @param {import("../e2e/lib/tab.mjs").Tab} tab @param {object} options */
const addOptions = (tab, options) =>
  tab.evaluate(
    (/** @type {object} */ given) => Object.assign(/** @type {any} */ (document.querySelector("doorkey-panel")), { options: given }),
    options,
  );

scenario("tabs are counted, and one that uses the name for another server is found", async (world) => {
  const [tab, other] = [await world.openTab(), await world.openTab()];
  await addPanel(tab);
  await addPanel(other);
  const tabs = () => document.querySelector("doorkey-panel")?.shadowRoot?.querySelector("[data-testid=tabs]")?.textContent === "2";
  await tab.until(tabs);
  assert.equal(
    (await findings(tab)).some(({ about }) => about === "names"),
    false,
  );
  await addOptions(other, { flows: { signin: { url: `${world.site.other}/echo` } } });
  const named = await tab.until(async () => {
    const all = await /** @type {any} */ (document.querySelector("doorkey-panel")).diagnose();
    return all.find((/** @type {any} */ { about, level }) => about === "names" && level === "fault");
  });
  assert.ok(named.text.includes(world.site.other), named.text);
  await other.page.close();
  world.tabs.splice(world.tabs.indexOf(other), 1);
});

scenario("CORS: no origin, no header, no cookies: each is told apart, with what to write", async (world) => {
  const tab = await world.openTab();
  const page = world.site.origin;
  /** A server as it should not be: what it lets other origins do. @type {Record<string, Record<string, string>>} */
  const allows = {
    "/none": {},
    "/simple": { "access-control-allow-origin": "*" },
    "/all": { "access-control-allow-origin": "*", "access-control-allow-headers": "content-type" },
  };
  const server = createServer((request, response) => response.writeHead(200, allows[request.url ?? ""] ?? {}).end()).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  try {
    const url = `http://127.0.0.1:${port}`;
    await addPanel(tab, {
      flows: {
        signin: { url: `${url}/none`, json: {} },
        refresh: { url: `${url}/simple`, json: {} },
        revoke: { url: `${url}/all`, credentials: "include", attach: false },
        check: { url: `${url}/all`, credentials: "include", attach: false },
      },
    });
    const found = await findings(tab);
    const cors = found.filter(({ about }) => about === "cors").map(({ level, text, write }) => [`${level} ${text.split(" ")[0]}`, write]);
    assert.deepEqual(cors, [
      ["fault signin:", `Access-Control-Allow-Origin: ${page}`],
      ["fault refresh:", "Access-Control-Allow-Headers: content-type"],
      ["fault check:", `Access-Control-Allow-Origin: ${page}\nAccess-Control-Allow-Credentials: true`],
      ["unknown revoke:", `Access-Control-Allow-Origin: ${page}\nAccess-Control-Allow-Credentials: true`],
    ]);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

scenario("of another origin, the check alone is asked with the session's cookie", async (world) => {
  const tab = await world.openTab();
  const { hostname, origin } = new URL(world.site.origin);
  /** @type {string[]} */
  const asked = [];
  const server = createServer(({ method, url, headers }, response) => {
    asked.push(`${method} ${url}${headers.cookie?.includes("sid=1") ? " with the cookie" : ""}`);
    response.writeHead(200, { "access-control-allow-origin": origin, "access-control-allow-credentials": "true" }).end();
  }).listen(0);
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  try {
    await tab.evaluate(() => (document.cookie = "sid=1"));
    const flow = (/** @type {string} */ path) => ({ url: `http://${hostname}:${port}${path}`, credentials: "include", attach: false });
    const flows = { signin: flow("/login"), refresh: flow("/renew"), revoke: flow("/logout"), check: flow("/me") };
    await addPanel(tab, { tokens: false, flows });
    const found = await findings(tab);
    assert.deepEqual(
      found.filter(({ about }) => about === "cors").map(({ level, text }) => `${level} ${text.split(":")[0]}`),
      ["unknown signin", "unknown refresh", "unknown revoke"],
    );
    assert.deepEqual([...new Set(asked)].sort(), ["HEAD /login", "HEAD /logout", "HEAD /me with the cookie", "HEAD /renew"]);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

scenario("the example of docs/panel.md runs", async (world) => {
  const [{ code }] = (await codeBlocks("docs/panel.md")).filter(({ role }) => role === "module");
  const local = code
    .replaceAll("https://api.example.com", world.server.url)
    .replaceAll(/"(doorkey(?:\/panel)?)"/g, (_, name) => `"/pkg/dist/${name.replace("/", ".")}.mjs"`);
  const tab = await world.openTab({ start: false });
  await tab.page.addScriptTag({ type: "module", content: local });
  await tab.page.getByText("Signed out", { exact: true }).waitFor();
  const found = await findings(tab);
  assert.equal(
    found.some(({ about, level }) => about === "session" || level === "fault"),
    false,
    JSON.stringify(found),
  );
});

test("the tables of docs/panel.md name what there is: what is looked at, parts, variables", async () => {
  const [text, css, elements, findingsText] = await Promise.all(
    [
      "docs/panel.md",
      "pkg-template/package/panel/panel.css",
      "pkg-template/package/panel/element.mjs",
      "pkg-template/package/panel/diagnose/findings.mjs",
    ].map((path) => readFile(join(root, path), "utf8")),
  );
  const named = (/** @type {string} */ from, /** @type {RegExp} */ pattern) =>
    [...new Set([...from.matchAll(pattern)].map(([, name]) => name))].sort();
  const checks = named(findingsText.slice(findingsText.indexOf('@typedef {"session')).split("} About")[0], /"(\w+)"/g);
  assert.deepEqual(named(text, /^\| `(\w+)` \| /gm), checks);
  const [, variables] = /^\| Variables \| (.*) \|$/m.exec(text) ?? [];
  assert.deepEqual(named(variables ?? "", /`(--doorkey-[\w-]+)`/g), ["--doorkey-good", "--doorkey-sunken", "--doorkey-warn"]);
  for (const name of named(variables ?? "", /`(--doorkey-[\w-]+)`/g)) assert.ok(css.includes(`var(${name},`), name);
  assert.match(elements, /part: "box"/);
});
