// @ts-check
/** The workbench in a tab, as a person uses it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { serve } from "../../package/browser.mjs";
import { axe } from "./axe.mjs";
import { hearProblems, servedSuite } from "./served.mjs";

/** The embedded server, as the workbench names it. */
export const SERVER = "https://auth.example.com";

/**
 * The workbench on the package from the tarball, beside the embedded server, and scenarios that have a browser context each.
 * @param {{ start?: (options?: any) => Promise<import("./served.mjs").Server> }} [options] start: starts another server
 */
export const benchSuite = ({ start } = {}) =>
  servedSuite({
    start,
    visit: async (context, { site }) => new Bench(await context.newPage(), site.url),
    options: { permissions: ["clipboard-read", "clipboard-write"] },
  });

/**
 * A page that runs the code which was copied for one, and leads to a page that says In.
 * @param {import("./served.mjs").World} world @param {string} code @param {string} body of the page
 */
export const serveCopied = ({ server, packageDir }, code, body) =>
  serve({
    "/login.html": `<!doctype html><title>x</title>${body}
      <script type="importmap">{ "imports": { "doorkey": "/doorkey.mjs" } }</script><script type="module" src="/copied.mjs"></script>`,
    "/doorkey.mjs": readFileSync(join(packageDir, "dist/doorkey.mjs")),
    "/copied.mjs": code.replaceAll(SERVER, server.url),
    "/dashboard.html": "<!doctype html><title>x</title><h1>In</h1>",
  });

/** Opens that page, and waits until the code has given its form or button something to do. @param {import("playwright-core").Page} page @param {string} url */
export async function openCopied(page, url) {
  await page.goto(`${url}/login.html`);
  await page.waitForFunction(() => document.querySelector("form")?.onsubmit ?? document.querySelector("button")?.onclick);
}

export class Bench {
  /** What went wrong in the page. @type {string[]} */
  problems = [];

  /** @param {import("playwright-core").Page} page @param {string} url of the site */
  constructor(page, url) {
    this.page = page;
    this.url = url;
    hearProblems(page, this);
  }

  async open(hash = "") {
    await this.page.goto(`${this.url}/workbench/${hash}`);
    await this.ready();
  }

  /** Waits until the text that stands there was checked. */
  ready() {
    return this.page.waitForFunction(() => window.workbench?.isChecked());
  }

  /** @param {string} id */
  get(id) {
    return this.page.getByTestId(id);
  }

  /** Puts a text into the editor as a person pastes it, and waits for what is said of it. @param {unknown} document @param {RegExp} said */
  async write(document, said) {
    await this.get("editor").focus();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.evaluate(
      (text) => navigator.clipboard.writeText(text),
      typeof document === "string" ? document : JSON.stringify(document, null, 2),
    );
    await this.page.keyboard.press("ControlOrMeta+v");
    await this.ready();
    await this.get("problems").filter({ hasText: said }).waitFor();
  }

  /** Chooses an example by its name. @param {string} name */
  async example(name) {
    await this.get("example").selectOption({ label: name });
    await this.ready();
    await this.get("problems").filter({ hasText: "No problem found." }).waitFor();
  }

  /** Runs what stands there, and waits for the end. @param {RegExp} said */
  async run(said) {
    await this.get("run").click();
    await this.get("state").filter({ hasText: said }).waitFor();
  }

  /** A step of the last run, opened. @param {string} id */
  async step(id) {
    const step = this.get("steps").locator(`> li[data-id="${id}"]`);
    await step.locator("> details").evaluate((/** @type {HTMLDetailsElement} */ details) => (details.open = true));
    return step;
  }

  /** What axe finds on the page as it is now. */
  axe() {
    return axe(this.page);
  }
}
