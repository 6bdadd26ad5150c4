// @ts-check
/** The workbench in a tab, as a person uses it. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { servePlayground } from "../../../www/serve.mjs";
import { startEmbedded } from "../../servers/lib.mjs";
import { axe } from "./axe.mjs";
import { launchBrowser, noBrowser } from "./browser.mjs";
import { unpackPackage } from "./package.mjs";

export const PHONE = { width: 360, height: 740 };
export const WIDE = { width: 1440, height: 900 };
/** The embedded server, as the workbench names it. */
export const SERVER = "https://auth.example.com";

/**
 * The workbench on the package from the tarball, beside the embedded server, and scenarios that have a browser context each.
 * @param {{ start?: typeof startEmbedded }} [options] start: starts another server
 */
export function benchSuite({ start = startEmbedded } = {}) {
  /** @type {{ server: Awaited<ReturnType<typeof start>>, site: Awaited<ReturnType<typeof servePlayground>>, packageDir: string }} */
  const world = /** @type {any} */ ({});
  /** @type {import("playwright-core").Browser | undefined} */
  let browser;

  before(async () => {
    if (noBrowser) return;
    world.packageDir = unpackPackage();
    world.server = await start({ accessTtl: 60, refreshTtl: 3600, origins: "*" });
    const { server, packageDir } = world;
    world.site = await servePlayground({ port: 0, authUrl: server.url, pkgDir: packageDir, user: server.user });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await world.site?.close();
    await world.server?.stop();
  });

  /**
   * @param {string} name
   * @param {(bench: Bench) => Promise<void>} body
   * @param {object} [contextOptions] of the browser's context
   */
  function scenario(name, body, contextOptions = {}) {
    test(name, { skip: noBrowser ?? false, timeout: 120_000 }, async () => {
      await world.server.reset();
      const permissions = ["clipboard-read", "clipboard-write"];
      const context = await /** @type {import("playwright-core").Browser} */ (browser).newContext({
        viewport: WIDE,
        permissions,
        ...contextOptions,
      });
      const bench = new Bench(await context.newPage(), world.site.url);
      try {
        await body(bench);
        assert.deepEqual(bench.problems, [], "errors in the page");
      } finally {
        await context.close();
      }
    });
  }

  return { scenario, world };
}

export class Bench {
  /** Console errors and uncaught ones, but for the browser's own lines about answers that are no 2xx. @type {string[]} */
  problems = [];

  /** @param {import("playwright-core").Page} page @param {string} url of the site */
  constructor(page, url) {
    this.page = page;
    this.url = url;
    page.on("pageerror", (error) => this.problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) this.problems.push(message.text());
    });
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
