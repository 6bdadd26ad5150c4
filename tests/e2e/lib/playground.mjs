// @ts-check
/** The playground in a real browser, with its auth server. */

import { hearProblems, servedSuite } from "./served.mjs";

/** @typedef {import("./served.mjs").Server} Server */

/** Starts what a file's tests share; gives what defines a test. @param {{ start?: (options?: any) => Promise<Server> }} [options] start: starts another server */
export const playgroundSuite = ({ start } = {}) =>
  servedSuite({ start, visit: async (context, { server, site }) => new App(context, server, site.url) }).scenario;

/** The playground in one browser context. */
export class App {
  /** What went wrong in its pages. @type {string[]} */
  problems = [];

  /** @param {import("playwright-core").BrowserContext} context @param {Server} server @param {string} url */
  constructor(context, server, url) {
    this.context = context;
    this.server = server;
    this.url = url;
  }

  /** @param {string} [path] */
  async open(path = "/") {
    const page = await this.context.newPage();
    hearProblems(page, this);
    await page.goto(this.url + path);
    return page;
  }

  /** Opens the login page and signs in, as a person would. */
  async signIn(path = "/") {
    const page = await this.open(path);
    await page.getByTestId("email").fill(this.server.user.email);
    await page.getByTestId("password").fill(this.server.user.password);
    await page.getByTestId("signin").click();
    await page.getByTestId("dashboard").waitFor();
    return page;
  }
}
