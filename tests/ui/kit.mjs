// @ts-check
// The elements of the packed tarball on a page of their own, in Chromium: one browser for a file, a fresh context for each test.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launchBrowser, noBrowser } from "../e2e/lib/browser.mjs";
import { unpackPackage } from "../e2e/lib/package.mjs";
import { serve } from "../package/browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What runs in the page: asks are numbered, so that a test can wait for the answer of one. */
const SCRIPT = `
  import * as ui from "/pkg/doorkey.ui.mjs";
  const answers = [];
  Object.assign(globalThis, {
    ui,
    ask(form, owner) {
      const entry = { settled: false };
      entry.promise = ui.DoorkeyForm.ask(form, owner).then((value) => Object.assign(entry, { settled: true, value }));
      return answers.push(entry) - 1;
    },
    answerOf: (at) => answers[at].promise.then(({ value }) => value),
    isSettled: (at) => answers[at].settled,
  });`;

/**
 * What a test works with.
 * @typedef {import("playwright-core").Page} Page
 * @typedef {{ page: Page, ask(form: object, owner?: string): Promise<number>, answer(at?: number): Promise<any>, isSettled(at?: number): Promise<boolean>,
 *   done(owner?: string): Promise<void>, dialog: import("playwright-core").Locator, focused(): Promise<string>, assertAccessible(what?: string): Promise<void>, url: string }} Kit
 */

/**
 * Starts what the tests of a file share.
 * @param {Record<string, string>} [files] more files of the site, by path
 */
export function suite(files = {}) {
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {Awaited<ReturnType<typeof serve>>} */
  let site;
  before(async () => {
    if (noBrowser) return;
    const dist = join(unpackPackage(), "dist");
    const dists = ["doorkey.mjs", "doorkey.panel.mjs", "doorkey.ui.mjs", "doorkey.umd.min.js"].map((name) => [
      `/pkg/${name}`,
      readFileSync(join(dist, name)),
    ]);
    site = await serve({ "/kit.mjs": SCRIPT, "/blank.html": document("", ""), ...Object.fromEntries(dists), ...files });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  /**
   * Defines a test. After its body no page may have seen an uncaught error.
   * @param {string} name
   * @param {(kit: Kit) => Promise<void>} body
   * @param {{ body?: string, head?: string, path?: string, context?: import("playwright-core").BrowserContextOptions }} [how]
   */
  return (name, body, { body: html = "", head = "", path, context: options = {} } = {}) => {
    test(name, { skip: noBrowser ?? false, timeout: 60_000 }, async () => {
      const context = await browser.newContext({ viewport: { width: 900, height: 700 }, reducedMotion: "reduce", ...options });
      try {
        const page = await context.newPage();
        /** @type {string[]} */
        const errors = [];
        page.on("pageerror", (error) => errors.push(String(error)));
        if (!path) await page.route("**/page.html", (route) => route.fulfill({ contentType: "text/html", body: document(head, html) }));
        await page.goto(site.url + (path ?? "/page.html"));
        await page.waitForFunction("globalThis.ui || globalThis.noUi");
        await body(kitOf(page, site.url));
        assert.deepEqual(errors, []);
      } finally {
        await context.close();
      }
    });
  };
}

/** @param {string} head @param {string} body */
const document = (
  head,
  body,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
  <title>fixture</title>${head}<link rel="icon" href="data:,"><script type="module" src="/kit.mjs"></script></head>
  <body><main><h1>A page</h1><button id="opener">Open</button>${body}</main></body></html>`;

/** @param {Page} page @param {string} url @returns {Kit} */
function kitOf(page, url) {
  const run = (/** @type {string} */ name, /** @type {unknown[]} */ ...args) =>
    page.evaluate(
      ([member, given]) => /** @type {any} */ (globalThis)[/** @type {string} */ (member)](.../** @type {any[]} */ (given)),
      [name, args],
    );
  return {
    page,
    url,
    dialog: page.locator("dialog:not([data-under])"),
    ask: (form, owner) => run("ask", form, owner ?? undefined),
    answer: (at = 0) => run("answerOf", at),
    isSettled: (at = 0) => run("isSettled", at),
    done: (owner) => page.evaluate((whose) => /** @type {any} */ (globalThis).ui.DoorkeyForm.done(whose ?? undefined), owner),
    /** The name or id or tag of what has the focus, shadow roots looked into. */
    focused: () =>
      page.evaluate(() => {
        let element = globalThis.document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element?.getAttribute("name") ?? (element?.id || element?.textContent?.trim() || element?.localName) ?? "";
      }),
    async assertAccessible(what = "the page") {
      if (!(await page.evaluate("Boolean(globalThis.axe)"))) await page.evaluate(AXE);
      const { violations, passes } = await page.evaluate(() =>
        /** @type {any} */ (globalThis).axe.run(document, { resultTypes: ["violations"] }),
      );
      assert.ok(passes.length > 5, "axe has looked at nothing");
      const found = violations.map(
        (/** @type {any} */ { id, nodes }) =>
          `${id}: ${nodes.map((/** @type {any} */ node) => `${node.html} ${node.failureSummary}`).join("; ")}`,
      );
      assert.deepEqual(found, [], `axe on ${what}`);
    },
  };
}
