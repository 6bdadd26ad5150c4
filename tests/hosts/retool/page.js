// Retool's page around the frame: the store, pages, notifications, queries by Retool's server.

import { Platform, parsed } from "../lib/platform.js";

const STORE = "retool-local-storage-app1";

class Retool extends Platform {
  values = {};
  results = {};
  waiting = new Map();
  last = 0;

  pathOf = (page) => `/apps/app1/${page}`;

  async boot(config) {
    this.config = config;
    this.values = parsed(localStorage.getItem(STORE) ?? "{}");
    const ready = new Promise((done) => (this.ready = done));
    addEventListener("message", ({ source, data }) => source === this.frame.contentWindow && this.hear(data));
    // As Retool does by default: no allow-same-origin, no popups.
    this.frame = Object.assign(document.createElement("iframe"), { src: config.sandbox });
    this.frame.sandbox = "allow-scripts";
    document.body.append(this.frame);
    await ready;
    await this.task("load", { libraries: config.libraries, preload: config.preload });
    await this.show(this.addressed());
  }

  hear(data) {
    if (data.ready) this.ready();
    else if (data.done) {
      this.waiting.get(data.done)(data);
      this.waiting.delete(data.done);
    } else this.answer(data);
  }

  task(kind, given) {
    return new Promise((resolve) => {
      this.waiting.set((this.last += 1), resolve);
      this.frame.contentWindow.postMessage({ task: this.last, kind, ...given }, "*");
    });
  }

  async answer({ ask, method, args }) {
    const reply = (told) => this.frame.contentWindow.postMessage({ answer: ask, ...told }, "*");
    try {
      reply({ result: await this.methods[method](...args) });
    } catch (thrown) {
      reply(thrown instanceof Error ? { thrown: thrown.message, isError: true } : { thrown });
    }
  }

  keep(values) {
    localStorage.setItem(STORE, JSON.stringify(values));
    this.values = values;
  }

  methods = {
    setValue: async (key, value) => {
      this.steps.push(`store ${key}`);
      this.keep({ ...parsed(localStorage.getItem(STORE) ?? "{}"), [key]: value });
    },
    clear: async () => this.keep({}),
    openPage: async (page, { queryParams } = {}) => {
      if (this.config.pages[page]) this.go(page, queryParams ? `?${new URLSearchParams(queryParams)}` : "");
    },
    openApp: async (uuid, options) => void this.steps.push(`app ${uuid} ${JSON.stringify(options)}`),
    openUrl: async (url, options) => {
      this.steps.push(`open ${url} ${JSON.stringify(options)}`);
      if (/^https?:/.test(url) && options?.newTab === false) location.assign(url);
    },
    setUrlParameters: async () => {},
    showNotification: async ({ title, notificationType }) => this.toast(notificationType, title),
    trigger: (name, scope) => this.trigger(name, scope),
  };

  evaluate = (expression, scope = {}) => {
    const given = {
      localStorage: { values: this.values },
      ...Object.fromEntries(Object.entries(this.inputs).map(([name, value]) => [name, { value }])),
      ...scope,
    };
    try {
      return new Function(...Object.keys(given), `return (${expression})`)(...Object.values(given));
    } catch {
      return undefined;
    }
  };

  async trigger(name, scope) {
    if (this.config.scripts[name]) return this.run(name);
    const answer = await this.send(name, this.config.queries[name], (expression) => this.evaluate(expression, scope));
    const { status, text } = answer;
    if (status >= 200 && status < 300) {
      this.results[name] = { data: parsed(text), error: null };
      return this.results[name].data;
    }
    const message = answer.unreachable ?? text;
    this.results[name] = { data: null, error: message };
    // What trigger() rejects with is not documented: these are the shapes that could be.
    if (this.config.rejects === "text") throw answer.unreachable ?? `Request failed with status code ${status}`;
    if (this.config.rejects === "nothing") throw new Error(`${name} failed`);
    throw { message, ...(status && { statusCode: status, data: parsed(text) }) };
  }

  /** {{ }} in a query's code is filled before the code runs. */
  code(text) {
    return text.replace(/\{\{(.*?)\}\}/gs, (_, expression) => JSON.stringify(this.evaluate(expression)) ?? "undefined");
  }

  tryCode(code) {
    const names = [...Object.keys(this.config.queries), ...Object.keys(this.config.scripts)];
    const queries = Object.fromEntries(names.map((name) => [name, { data: null, error: null, ...this.results[name] }]));
    return this.task("run", {
      code: this.code(code),
      scope: { values: structuredClone(this.values), url: { href: location.href }, inputs: this.inputs, queries },
    });
  }

  async run(name) {
    const { result, error } = await this.tryRun(name);
    if (error) throw new Error(error.message);
    return result;
  }

  async tryRun(name) {
    const { result, error } = await this.tryCode(this.config.scripts[name]);
    return error ? { error } : { result: result ?? null };
  }

  async tryScript(code) {
    const { result, error } = await this.tryCode(`${this.config.setup}\n${code}`);
    return error ? { error } : { result: result ?? null };
  }

  foreign(key, value) {
    return this.methods.setValue(key, value);
  }
}

window.platform = new Retool();
