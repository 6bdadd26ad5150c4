// @ts-check
/** The files of the site: all pages are there, no link leads nowhere, and each flow opens in the workbench. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { before, test } from "node:test";

import { SITE } from "../../www/docs/build.mjs";
import { withLinks } from "../../www/docs/flows.mjs";
import { asPage, readPages, root } from "../../www/docs/pages.mjs";
import { readProviders } from "../../www/providers.mjs";
import { fromHash } from "../../www/workbench/link.js";
import { unpackPackage } from "../e2e/lib/package.mjs";
import { importPackage } from "../servers/package.mjs";
import { built, pagesOf } from "./lib.mjs";

const BASE = "/docs/";

/** @type {Map<string, string>} */
const pages = new Map();
before(async () => {
  await built();
  for (const path of await pagesOf()) pages.set(path, await readFile(join(SITE, path), "utf8"));
});

/** What a page leads to, as it stands there. @param {string} html */
const addresses = (html) =>
  [...html.matchAll(/<(?:a|img|link|script)\b[^>]*?\b(?:href|src)="([^"]*)"/g)].map(([, link]) => link.replaceAll("&amp;", "&"));
const idsOf = (/** @type {string} */ html) => new Set([...html.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id));

test("each document is a page, and each page is in a sidebar", async () => {
  const documents = [...(await readPages()).values()].map((page) => page.replace(/\.md$/, ".html"));
  assert.deepEqual(
    documents.filter((page) => !pages.has(page)),
    [],
  );
  const [main, server, host] = ["index.html", "providers/oidc.html", "templates/appsmith.html"].map((page) =>
    addresses(pages.get(page) ?? ""),
  );
  const sidebar = [...main, ...server, ...host];
  for (const page of documents) assert.ok(sidebar.includes(BASE + page.replace(/(^|\/)index\.html$/, "$1")), page);
  assert.ok(pages.has("reference/interfaces/Auth.html") && pages.has("reference/interfaces/Options.html"));
});

test("no link of any page leads nowhere, and no part of a page that is linked is missing", () => {
  const dead = [];
  let checked = 0;
  for (const [path, html] of pages) {
    for (const link of addresses(html)) {
      if (/^(https?:|data:|mailto:)/.test(link)) continue;
      const [address, part] = link.split("#");
      const file = address.startsWith("/") ? posix.relative(BASE, address) : posix.normalize(posix.join(posix.dirname(path), address));
      if (file.startsWith("../workbench")) continue; // pages.test: opened below, and in the browser
      const target = address === "" ? path : address.endsWith("/") || file === "." || file === "" ? posix.join(file, "index.html") : file;
      checked += 1;
      if (!existsSync(join(SITE, target))) dead.push(`${path}: ${link}`);
      else if (part && pages.has(target) && !idsOf(pages.get(target) ?? "").has(decodeURIComponent(part)))
        dead.push(`${path}: ${link}: no such part`);
    }
  }
  assert.deepEqual(dead, []);
  assert.ok(checked > 3000, String(checked));
});

test("a link to a document that is no page is its words, and braces in prose are no expression", async () => {
  const all = new Map([["docs/a.md", "a.md"]]);
  assert.equal(
    asPage("docs/a.md", "[a.md](a.md), [that](a.md#b)", all, new Map([["docs/a.md", "A page"]])),
    "[A page](./a.md), [that](./a.md#b)",
  );
  // Of what is nowhere tests/package/docs.test.mjs tells.
  assert.equal(asPage("docs/a.md", "[b](../ARCHITECTURE.md) `[c](d.md)` {{ e }}", all), "b `[c](d.md)` &#123;&#123; e }}");
});

test("each page that holds a flow has a link that opens it, and the package takes what is in it", async () => {
  const { doorkey } = await importPackage();
  let opened = 0;
  for (const [path, html] of pages) {
    for (const link of addresses(html).filter((link) => link.includes("#flow="))) {
      assert.equal(posix.join(BASE, posix.dirname(path), link.split("#")[0]), "/workbench/", path);
      const flow = await fromHash(link.slice(link.indexOf("#")));
      const options = Array.isArray(flow) || "url" in flow ? { flows: { signin: flow } } : flow;
      try {
        doorkey.createAuth({ ...options, name: `link-${opened++}`, storage: "memory" }).dispose();
      } catch (error) {
        assert.fail(`${path}: ${/** @type {any} */ (error).path}: ${/** @type {Error} */ (error).message}: ${JSON.stringify(flow)}`);
      }
    }
  }
  const holding = [...pages.keys()].filter((path) => pages.get(path)?.includes("#flow="));
  for (const page of [
    "flows",
    "redirect",
    "retool",
    "start/page",
    "start/builder",
    "recipes/cookies",
    "recipes/remember-me",
    "providers/keycloak",
  ]) {
    assert.ok(holding.includes(`${page}.html`), page);
  }
  assert.ok(opened > 50, String(opened));
});

test("each server of the workbench's list has its page", async () => {
  const presets = await readProviders(unpackPackage(), join(root, "docs"));
  assert.ok(presets.length > 20, String(presets.length));
  for (const { name, page } of presets) assert.match(pages.get(posix.relative(BASE, page)) ?? "", new RegExp(`\\b${name}\\b`), page);
});

test("a link holds no secret, and a function makes none", async () => {
  const block = (/** @type {string} */ code) => `\`\`\`js\n${code}\n\`\`\``;
  const link = await withLinks(block('createAuth({ flows: { signin: { url: "/x", json: { api_key: "canary" } } } })'), "/w/");
  const flow = await fromHash(/#flow=[\w-]+/.exec(link)?.[0] ?? "");
  assert.equal(flow.flows.signin.json.api_key, "");
  assert.ok(!(await withLinks(block("createAuth({ flows: { signin: () => 1 } })"), "/w/")).includes("#flow="));
});
