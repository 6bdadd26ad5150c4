// @ts-check
/** The workbench in a tab, as a person uses it. */

import { axe } from "./axe.mjs";

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
