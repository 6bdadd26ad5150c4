// Appsmith without Appsmith: apps made of pages, queries and JS objects, opened in tabs of a real Chromium.
// The worker, the page and the queries are in worker*.js, page.mjs and queries.mjs.

import { launch } from "../../package/browser.mjs";
import { unpackPackage } from "../lib/package.mjs";
import { serveCdn } from "../lib/servers.mjs";
import { parseJsObject } from "./js-object.mjs";
import { execute, queryEntity, told } from "./queries.mjs";
import { serveApp } from "./servers.mjs";

/** @param {{ fixtures?: Record<string, any>, withPackage?: boolean }} [options] */
export async function startAppsmith({ fixtures, withPackage = true } = {}) {
  const files = withPackage ? unpackPackage() : undefined;
  const origin = await serveApp();
  const strict = []; // the origins of apps whose operator set a policy of its own
  const cdn = { cors: await serveCdn({ files, fixtures, cors: true }), plain: await serveCdn({ files, fixtures, cors: false }) };
  const browser = await launch();
  const url = files && cdn.plain.url + files.cdnPath("dist/doorkey.umd.min.js");
  return {
    files,
    cdn: { cors: cdn.cors.url, plain: cdn.plain.url },
    /** The address that a builder types, on the CDN without CORS. */
    doorkeyUrl: url,
    /** @param {AppDefinition} definition with doorkey installed, unless it names its libraries */
    newApp: async ({ contentSecurityPolicy, ...definition }) => {
      const libraries = url ? [{ url, accessor: ["Doorkey"] }] : [];
      const at = contentSecurityPolicy ? await serveApp(contentSecurityPolicy) : origin;
      if (at !== origin) strict.push(at);
      return new App(at.url, await browser.newContext(), { libraries, ...definition });
    },
    stop: async () => {
      await browser.close();
      await Promise.all([origin, cdn.cors, cdn.plain, ...strict].map((each) => each.close()));
      files?.remove();
    },
  };
}

/**
 * Every page has all queries, objects and widgets, unless it lists its own. The policy is Appsmith's, unless its operator has another.
 * @typedef {{ contentSecurityPolicy?: string, id?: string, branch?: string, mode?: "VIEW" | "EDIT", variant?: "A" | "B" | "C", storeLagMs?: number, home?: string,
 *   libraries?: { url: string, accessor: string[] }[], queries?: Record<string, import("./queries.mjs").Query>,
 *   objects?: Record<string, string>, widgets?: Record<string, string>,
 *   pages?: Record<string, { queries?: string[], objects?: string[], widgets?: string[], onLoad?: string[][] }> }} AppDefinition
 */
class App {
  /** What the queries sent, in order: { name, texts, params, status }. */
  runs = [];
  #answers = new Map();
  #definition;

  constructor(origin, context, definition) {
    this.origin = origin;
    this.context = context;
    this.#definition = {
      id: "app1",
      mode: "VIEW",
      variant: "B",
      home: "LoginPage",
      queries: {},
      objects: {},
      widgets: {},
      pages: { LoginPage: {}, Dashboard: {}, Orders: {} },
      ...definition,
    };
    this.ready = context.exposeFunction("executeQuery", (run) => this.#execute(run));
  }

  get libraries() {
    return this.#definition.libraries;
  }

  /** A further tab, with its own page and worker, on the given page of the app or on its home page. */
  async open(page = "") {
    await this.ready;
    const tab = new Tab(this, await this.context.newPage());
    await tab.visit(page);
    return tab;
  }

  /**
   * Answers a query in place of its server, until `answers(name)` gives it back.
   * @param {(run: { texts, params, next: () => Promise<any> }) => any} [script] resolves { status, body }, { thrown: text }, or what `next` resolved
   */
  answers(name, script) {
    if (script) this.#answers.set(name, script);
    else this.#answers.delete(name);
  }

  async #execute({ name, texts, params }) {
    const run = { name, texts, params, status: undefined };
    this.runs.push(run);
    const next = () => execute(this.#definition.queries[name], texts);
    const given = await (this.#answers.get(name)?.({ texts, params, next }) ?? next());
    const answer = "status" in given ? told(given.status, JSON.stringify(given.body) ?? "") : given;
    run.status = answer.statusCode ?? answer.thrown;
    return answer;
  }

  /** The app as its pages get it. */
  config() {
    const { queries, objects, widgets, pages, ...rest } = this.#definition;
    const kinds = [
      ["queries", queries, queryEntity],
      ["objects", objects, parseJsObject],
      ["widgets", widgets, (_, text) => ({ type: "WIDGET", text })],
    ];
    const entities = (page) =>
      Object.fromEntries(
        kinds.flatMap(([kind, all, make]) => (page[kind] ?? Object.keys(all)).map((name) => [name, make(name, all[name])])),
      );
    const withEntities = Object.entries(pages).map(([name, page]) => [
      name,
      {
        onLoad: page.onLoad,
        widgets: Object.fromEntries((page.widgets ?? Object.keys(widgets)).map((each) => [each, true])),
        entities: entities(page),
      },
    ]);
    return { ...rest, pages: Object.fromEntries(withEntities) };
  }

  close() {
    return this.context.close();
  }
}

/** One tab: its calls are what a person at the editor or the app can do. */
class Tab {
  #past = [];

  constructor(app, page) {
    this.app = app;
    this.page = page;
    /** What reached the browser's console. */
    this.console = [];
    page.on("console", (message) => this.console.push(message.text()));
  }

  #call(name, ...args) {
    return this.page.evaluate(([name, args]) => window.appsmithPage[name](...args), [name, args]);
  }

  send(method, data) {
    return this.page.evaluate(([method, data]) => window.appsmithPage.send(method, data), [method, data]);
  }

  /** Loads the app at a page's own address, as a link, a bookmark or a reload does. `booted` tells how the start went. */
  async visit(page) {
    if (this.page.url() !== "about:blank") this.#past = await this.log();
    const config = this.app.config();
    await this.page.goto(`${this.app.origin}/app/${config.id}/${page}`);
    return this.arrive();
  }

  /** The app comes up at the address at which the browser has arrived, in a new page with a new worker. */
  async arrive() {
    this.booted = await this.#call("boot", this.app.config());
    return this.booted;
  }

  async reload() {
    return this.visit(new URL(this.page.url()).pathname.split("/")[3]);
  }

  /** Runs an event's script; errors are toasted as Appsmith does, and told here. */
  trigger(script) {
    return this.#call("trigger", script);
  }

  /** The result of an event's script that must not fail. */
  async run(script) {
    const { result, errors } = await this.trigger(script);
    if (errors.length) throw new Error(`${script}: ${errors[0].name}: ${errors[0].message}`);
    return result;
  }

  /** Evaluates a data field: { result } or { error }. */
  field(expression) {
    return this.send("EVAL_DATA_FIELD", expression);
  }

  /** Installs a library in the editor; the app remembers it for every later start. */
  async install(url) {
    const taken = this.app.libraries.flatMap(({ accessor }) => accessor);
    const outcome = await this.send("INSTALL_LIBRARY", { url, takenAccessors: taken });
    if (outcome.success) this.app.libraries.push({ url, accessor: outcome.accessor });
    return outcome;
  }

  /** Every message of the worker and what the page showed, across reloads. */
  async log() {
    return [...this.#past, ...(await this.#call("log"))];
  }

  async toasts() {
    return (await this.log()).filter(({ method }) => method === "TOAST");
  }

  /** The order of store changes, page changes and alerts, as words. */
  async steps() {
    const names = ({ method, type, payload }) =>
      method === "PROCESS_STORE_UPDATES" ? payload.map((each) => each.type) : [type].filter(Boolean);
    return (await this.log()).flatMap(names);
  }

  /** The last value of each bound property. */
  async bound() {
    return (await this.log()).filter(({ method }) => method === "BINDINGS").at(-1)?.payload ?? {};
  }

  /** Waits until a bound property shows a value. */
  async boundTo(name, value, timeoutMs = 3000) {
    const shows = ([name, wanted]) =>
      JSON.stringify(window.appsmithPage.log().findLast(({ method }) => method === "BINDINGS")?.payload[name].value) === wanted;
    await this.page.waitForFunction(shows, [name, JSON.stringify(value)], { timeout: timeoutMs });
  }

  /** Waits until a JS object's function has returned, so many times, as one that runs on page load does. */
  async returned(path, times = 1) {
    const has = ([path, times]) => window.appsmithPage.log().filter(({ payload }) => payload?.path === path).length >= times;
    await this.page.waitForFunction(has, [path, times], { timeout: 10_000 });
  }

  bind(name, expression) {
    return this.send("BIND", { name, expression });
  }

  type(widget, text) {
    return this.#call("type", widget, text);
  }

  /** Moves the clock that scripts of this tab see; a reload puts it back. */
  shiftTime(ms) {
    return this.send(
      "INSPECT",
      `(() => {
      const Before = Date;
      self.Date = class Date extends Before {
        constructor(...args) { super(...(args.length ? args : [Date.now()])); }
        static now() { return Before.now() + ${ms}; }
      };
    })()`,
    );
  }

  switchEnvironment() {
    return this.#call("switchEnvironment");
  }

  /** What survives a reload. */
  persisted() {
    const { id, branch } = this.app.config();
    const key = `APPSMITH_LOCAL_STORE-${id}${branch ? `-${branch}` : ""}`;
    return this.page.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? "{}"), key);
  }

  current() {
    return this.#call("page");
  }

  /** Waits until a page of the app is shown. */
  async shows(page) {
    await this.page.waitForFunction((page) => window.appsmithPage.page() === page, page);
  }
}
