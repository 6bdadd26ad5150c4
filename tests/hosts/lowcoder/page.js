// Lowcoder's app view, as far as a library can feel it: libraries, preload script, queries, the store. Runs in the page.

import { outcome, Platform, parsed } from "../lib/platform.js";
import { clear, evaluate } from "./sandbox.js";

const STORE = "lowcoder_app_local_storage";
const LIMIT = 1024 * 1024;
const names = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  422: "UNPROCESSABLE_ENTITY",
  429: "TOO_MANY_REQUESTS",
  500: "INTERNAL_SERVER_ERROR",
  502: "BAD_GATEWAY",
  503: "SERVICE_UNAVAILABLE",
};

class Lowcoder extends Platform {
  values = {};
  results = {};
  /** What each library set, first name first. */
  exposed = {};

  pathOf = (page) => `/apps/${page}`;

  async boot(config) {
    this.config = config;
    this.values = parsed(localStorage.getItem(STORE) ?? "{}");
    await (this.loading = this.load());
    await this.show(this.addressed());
  }

  /** The libraries, and the preload script, which waits for none of them. */
  async load() {
    clear();
    const { libraries, preload, inHost } = this.config;
    const loading = libraries.map(async (url) => {
      const onSet = (name) => (this.exposed[url] ??= []).push(name);
      evaluate(await (await fetch(url)).text(), {}, {}, { scope: "function", unlimited: inHost, onSet });
    });
    if (preload && inHost) document.head.append(Object.assign(document.createElement("script"), { textContent: preload }));
    else if (preload) evaluate(preload, {}, {});
    await Promise.allSettled(loading).then((all) => all.forEach(({ reason }) => reason && console.warn(reason)));
  }

  /** Another app is another preload, in the same document. */
  go(page, search) {
    history.pushState(null, "", this.pathOf(page) + search);
    this.steps.push(`page ${page}`);
    setTimeout(() => (this.loading = this.load()).then(() => this.show(page)));
  }

  /** What code sees: each component as it is now; it does not change while the code runs. */
  context() {
    const components = Object.fromEntries(Object.entries(this.inputs).map(([name, value]) => [name, { value }]));
    const queries = Object.fromEntries(
      this.names().map((name) => [name, { data: undefined, code: "", message: "", success: false, extra: {}, ...this.results[name] }]),
    );
    return {
      ...components,
      ...queries,
      localStorage: { values: this.values },
      utils: {},
      message: {},
      currentUser: { id: "u" },
      url: { href: location.href },
    };
  }
  names = () => [...Object.keys(this.config.queries), ...Object.keys(this.config.scripts)];

  methods() {
    const queries = Object.fromEntries(this.names().map((name) => [name, { run: (args) => this.execute(name, args) }]));
    const show = (kind) => (text) => this.toast(kind, text);
    return {
      ...queries,
      message: { info: show("info"), success: show("success"), warning: show("warning"), error: show("error"), loading: show("loading") },
      localStorage: { setItem: this.setItem, removeItem: this.removeItem, clear: () => this.keep(undefined) },
      utils: {
        openUrl: (url, options) => this.openUrl(url, (options?.newTab ?? true) ? "_blank" : "_self"),
        openApp: (id, { newTab = true, queryParams = {} } = {}) => this.openApp(id, newTab, new URLSearchParams(queryParams).toString()),
      },
    };
  }

  openUrl(url, where) {
    if (typeof url !== "string" || !url) return;
    this.steps.push(`open ${url} ${where}`);
    if (/^https?:/.test(url)) window.open(url, where);
  }

  openApp(id, newTab, query) {
    if (!id) return;
    if (newTab) this.steps.push(`open ${id} _blank`);
    else if (this.config.pages[id]) this.go(id, query && `?${query}`);
    else this.steps.push(`page ${id}`);
  }

  keep(text) {
    if (text === undefined) localStorage.removeItem(STORE);
    else localStorage.setItem(STORE, text);
    setTimeout(() => (this.values = parsed(text ?? "{}")));
  }

  setItem = (key, value) => {
    if (typeof key !== "string" || !key) return;
    const text = localStorage.getItem(STORE) ?? "{}";
    if (text.length > LIMIT) return; // and nobody is told
    this.steps.push(`store ${key}`);
    try {
      this.keep(JSON.stringify({ ...parsed(text), [key]: value }));
    } catch {
      this.keep("{}"); // what all apps had
    }
  };

  removeItem = (key) => {
    const { [key]: removed, ...rest } = parsed(localStorage.getItem(STORE) ?? "{}");
    this.keep(JSON.stringify(rest));
  };

  expression = (code, args) => {
    try {
      return evaluate(`return (${code}\n);`, { ...this.context(), ...args });
    } catch {
      return "";
    }
  };

  /** A query's `run`: resolves its data, rejects `{ message }`. */
  async execute(name, args = {}) {
    const result = this.config.scripts[name] ? await this.runJs(this.config.scripts[name], args) : await this.runRest(name, args);
    this.results[name] = result;
    if (result.success) return result.data;
    throw { message: result.message ?? "" };
  }

  async runRest(name, args) {
    for (const value of Object.values(args)) Object.hasOwn(value, "value"); // as Lowcoder does: null and undefined throw
    const answer = await this.send(name, this.config.queries[name], (code) => this.expression(code, args));
    if (answer.unreachable)
      return {
        success: false,
        code: "REST_API_EXECUTION_ERROR",
        data: {},
        message: "Connection prematurely closed BEFORE response",
        extra: {},
      };
    const { status, headers, text } = answer;
    const success = status >= 200 && status < 300;
    return { success, code: success ? "OK" : `HTTP${names[status]}`, data: parsed(text), message: undefined, extra: { headers } };
  }

  async runJs(code, args) {
    try {
      return { success: true, code: "OK", data: await this.code(code, args) };
    } catch (error) {
      return { success: false, code: "ERROR", data: "", message: error.message || "" };
    }
  }

  /** A JS query is no async function; what does not begin with return becomes a function of its own. */
  code(code, args) {
    const body = code.startsWith("return") ? `${code}\n` : `return function () { 'use strict'; ${code}\n}()`;
    return evaluate(body, { ...this.context(), ...args }, this.methods(), { scope: "function", unlimited: this.config.inHost });
  }

  run(name) {
    return this.execute(name);
  }

  tryRun(name) {
    return outcome(this.execute(name));
  }

  async tryScript(code) {
    await this.loading;
    return outcome((async () => this.code(`return (async () => { ${this.config.setup}; ${code} })()`, {}))());
  }

  /** What a library sets, as the list of libraries shows it. */
  exposedBy(text) {
    const names = [];
    evaluate(text, {}, {}, { scope: "function", onSet: (name) => names.push(name) });
    return [...new Set(names)];
  }

  foreign(key, value) {
    this.setItem(key, value);
  }
}

window.platform = new Lowcoder();
