// @ts-check
// A person who has a keyboard and no mouse, in whichever browser: what the tests of our pages are written in.

import assert from "node:assert/strict";

import { By, Key } from "selenium-webdriver";

const WAIT_MS = 60_000;
const LOOK_MS = 30;
/** Nothing on a page of ours is further away, in presses of a key. */
const FAR = 80;

/** What has the focus, shadow roots looked into: by its test's name, its label or its text. */
const FOCUSED = `
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.dataset?.testid ?? at?.getAttribute("aria-label") ?? (at?.id || at?.textContent.trim().replace(/\\s+/g, " ").slice(0, 60)) ?? "";`;

export class Visitor {
  /** @param {import("selenium-webdriver").WebDriver} browser @param {string} url of the site */
  constructor(browser, url) {
    this.browser = browser;
    this.url = url;
  }

  /** @param {string} path @param {string} ready an expression */
  async open(path, ready) {
    await this.browser.get(this.url + path);
    await this.once(ready);
  }

  /** Presses keys one after the other. @param {...string} keys */
  async press(...keys) {
    await this.browser
      .actions()
      .sendKeys(...keys)
      .perform();
  }

  /** Presses a key while Control is down. @param {string} key */
  async chord(key) {
    await this.browser.actions().keyDown(Key.CONTROL).sendKeys(key).keyUp(Key.CONTROL).perform();
  }

  /** @returns {Promise<string>} */
  focused = () => this.browser.executeScript(FOCUSED);

  /** Goes on with Tab until something has the focus; what can't be reached so fails. @param {string | RegExp} wanted @param {boolean} [back] */
  async tabTo(wanted, back = false) {
    const passed = [];
    const is = (/** @type {string} */ name) => (typeof wanted === "string" ? name === wanted : wanted.test(name));
    for (let at = await this.focused(); !is(at); at = await this.focused()) {
      passed.push(at);
      assert.ok(passed.length < FAR, `the keyboard does not reach ${wanted}, but: ${passed.join(" | ")}`);
      await (back ? this.browser.actions().keyDown(Key.SHIFT).sendKeys(Key.TAB).keyUp(Key.SHIFT).perform() : this.press(Key.TAB));
    }
  }

  /** Goes to a control, and presses it. @param {string | RegExp} wanted @param {string} [key] */
  async act(wanted, key = Key.ENTER) {
    await this.tabTo(wanted);
    await this.press(key);
  }

  /** Copies a text in a field of its own, as from another program, and pastes it where the focus was. @param {string} text */
  async paste(text) {
    await this.browser.executeScript(
      `const held = document.activeElement;
       const field = Object.assign(document.createElement("textarea"), { value: arguments[0], id: "elsewhere", autocomplete: "off" });
       (document.querySelector("dialog[open]") ?? document.body).append(field);
       field.select();
       field.focus();
       window.giveBack = () => { field.remove(); held.focus(); };`,
      text,
    );
    await this.chord("c");
    await this.browser.executeScript("window.giveBack()");
    await this.chord("v");
  }

  /** Waits until an expression of the page holds. @param {string} expression @returns {Promise<any>} */
  async once(expression) {
    let seen;
    await this.browser.wait(
      async () => Boolean((seen = await this.browser.executeScript(`return ${expression}`).catch(() => undefined))),
      WAIT_MS,
      `the page never has: ${expression}`,
      LOOK_MS,
    );
    return seen;
  }

  /** Waits until a part of the page says something. @param {string} id its test's name @param {RegExp} said */
  async says(id, said) {
    let text = "";
    const script = "return document.querySelector(arguments[0])?.textContent ?? ''";
    const look = async () => said.test((text = await this.browser.executeScript(script, `[data-testid=${id}]`)));
    await this.browser.wait(look, WAIT_MS, undefined, LOOK_MS).catch(() => assert.match(text, said, id));
    return text;
  }

  /** @param {string} id @returns {Promise<string>} */
  valueOf = (id) => this.browser.findElement(By.css(`[data-testid=${id}]`)).getAttribute("value");
}
