// What builders have in common whose scripts run in the page itself: no worker, no sandbox, a store that is theirs or the browser's.

import { outcome, Platform } from "./platform.js";

export const AsyncFunction = /** @type {new (...args: string[]) => (...args: unknown[]) => Promise<any>} */ ((async () => {}).constructor);

/** A library as a `<script>` in the head. @param {string} src */
export function loadScript(src) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { type: "text/javascript", src });
    script.onload = resolve;
    script.onerror = () => reject(new Error(`Failed to load ${src}`));
    document.head.append(script);
  });
}

/**
 * What a builder gives: its libraries, and what a script of the app gives.
 * @typedef {{ load(config: any): Promise<unknown>, evaluate(script: string, name: string): Promise<any> }} Builder
 */

export class InPage extends Platform {
  pathOf = (/** @type {string} */ page) => `/${page.toLowerCase()}`;

  /** @this {InPage & Builder} @param {any} config */
  async boot(config) {
    this.config = config;
    await this.load(config).catch((/** @type {Error} */ error) => this.toast("error", error.message));
    if (config.scripts.setup) await this.run("setup").catch((/** @type {Error} */ error) => this.toast("error", error.message));
    await this.show(this.addressed());
  }

  addressed() {
    const word = location.pathname.split("/").filter(Boolean).at(-1);
    return Object.keys(this.config.pages).find((page) => this.pathOf(page) === `/${word}`) ?? this.config.home;
  }

  /** @this {InPage & Builder} @param {string} name @returns {Promise<any>} */
  run(name) {
    return this.evaluate(this.config.scripts[name], name);
  }

  /** @this {InPage & Builder} @param {string} name */
  tryRun(name) {
    return outcome(this.run(name));
  }

  /** @this {InPage & Builder} @param {string} code */
  tryScript(code) {
    return outcome(this.evaluate(code, ""));
  }

  /** A key that the builder's own script keeps. @param {string} key @param {string} value */
  foreign(key, value) {
    localStorage.setItem(key, value);
  }

  /**
   * A request of the page itself, as axios sends it: an answer that is no success is thrown with it.
   * @param {{ method?: string, url: string, headers?: Record<string, string>, data?: unknown }} request
   */
  async request({ method = "GET", url, headers, data }) {
    const response = await fetch(url, { method, headers, body: data ? JSON.stringify(data) : undefined }).catch(() => {
      throw Object.assign(new Error("Network Error"), { code: "ERR_NETWORK", request: {} });
    });
    const text = await response.text();
    const answer = { status: response.status, data: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text };
    if (!response.ok)
      throw Object.assign(new Error(`Request failed with status code ${response.status}`), { code: "ERR_BAD_REQUEST", response: answer });
    return answer.data;
  }
}
