// NocoBase's client, as far as RunJS can feel it: a compartment, the request client, the router. Runs in the page.

import "ses";

import { outcome, Platform, parsed } from "../lib/platform.js";

const LIMIT_MS = 5000;
const lifted = [
  "fetch",
  "localStorage",
  "sessionStorage",
  "XMLHttpRequest",
  "WebSocket",
  "Worker",
  "indexedDB",
  "URL",
  "Blob",
  "location",
  "Intl",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
];
const bound = (name) => (typeof window[name] === "function" && !window[name].prototype ? window[name].bind(window) : window[name]);

/** What the request client rejects with: axios tells the answer in `response`. */
function axiosError(message, response) {
  return Object.assign(new Error(message), {
    name: "AxiosError",
    isAxiosError: true,
    code: response ? "ERR_BAD_REQUEST" : "ERR_NETWORK",
    response,
    status: response?.status,
  });
}

class NocoBase extends Platform {
  pathOf = (page) => `/admin/${page}`;
  /** Loads go one after the other, and hide AMD meanwhile. */
  loading = Promise.resolve();

  async boot(config) {
    this.config = config;
    await this.show(this.addressed());
  }

  ctx() {
    const showing = (kind) => (text) => this.toast(kind, text);
    return {
      request: (options) => this.request(options),
      router: this.config.noRouter ? null : { navigate: async (to, { replace } = {}) => this.navigate(to, replace) },
      message: { info: showing("info"), success: showing("success"), warning: showing("warning"), error: showing("error") },
      importAsync: (url) => (this.loading = this.loading.catch(() => {}).then(() => this.importModule(url))),
      requireAsync: (url) => this.requireScript(url),
      getVar: async () => undefined,
      token: "nocobase-token",
      role: "member",
      form: { values: this.inputs },
    };
  }

  /** The native import; a module with a default export alone is that. */
  async importModule(url) {
    const { define } = window;
    window.define = undefined;
    try {
      const module = await import(/^https?:/.test(url) ? url : `https://esm.sh/${url}`);
      const names = Object.keys(module);
      return names.length === 1 && names[0] === "default" ? module.default : module;
    } finally {
      window.define = define;
    }
  }

  /** An AMD loader: what the script defines, or undefined when it only sets a global. */
  async requireScript(url) {
    let defined;
    window.define = Object.assign((...args) => (defined = args.at(-1)), { amd: {} });
    await new Promise((onload, onerror) =>
      document.head.append(Object.assign(document.createElement("script"), { src: url, onload, onerror })),
    );
    delete window.define;
    return typeof defined === "function" ? defined() : defined;
  }

  async request({ url, method = "get", params, data, headers = {}, skipNotify, skipAuth }) {
    const target = new URL(url, `${location.origin}/api/`);
    for (const [key, value] of Object.entries(params ?? {})) target.searchParams.append(key, value);
    // Its own token goes to its own origin alone.
    const own = target.origin === location.origin ? { authorization: "Bearer nocobase-token", "x-role": "member" } : {};
    const body = data === undefined ? undefined : JSON.stringify(data);
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(target, { method: method.toUpperCase(), body, headers: { ...own, ...type, ...headers } }).catch(
      () => undefined,
    );
    const fail = (error) => {
      if (!skipNotify) this.toast("error", error.message);
      throw error;
    };
    if (!response) return fail(axiosError("Network Error"));
    const answer = { status: response.status, headers: Object.fromEntries(response.headers), data: parsed(await response.text()) };
    if (response.ok) return answer;
    if (answer.status === 401 && !skipAuth) this.steps.push("NocoBase's own sign-in");
    return fail(axiosError(`Request failed with status code ${answer.status}`, answer));
  }

  navigate(to) {
    const path = to.split("?")[0];
    const page = Object.keys(this.config.pages).find((each) => this.pathOf(each) === path);
    if (page) return this.go(page, to.slice(path.length));
    this.steps.push(`page ${to}`);
  }

  /** RunJS: an async function in a compartment, raced against five seconds. */
  async evaluate(code) {
    const globals = {
      console,
      window,
      document,
      navigator,
      ctx: this.ctx(),
      ...Object.fromEntries(lifted.map((name) => [name, bound(name)])),
    };
    const task = new Compartment(globals).evaluate(`(async () => { try { ${code}\n; } catch (error) { throw error; } })()`);
    const limit = new Promise((_, reject) => setTimeout(reject, LIMIT_MS, new Error("Execution timed out")));
    return Promise.race([task, limit]);
  }

  run(name) {
    return this.evaluate(this.config.scripts[name]);
  }

  tryRun(name) {
    return outcome(this.run(name));
  }

  tryScript(code) {
    return outcome(this.evaluate(`${this.config.setup}\n${code}`));
  }

  foreign(key, value) {
    localStorage.setItem(key, value);
  }
}

// No store of its own to watch: what is written to the browser's.
const write = Storage.prototype.setItem;
window.platform = new NocoBase();
Storage.prototype.setItem = function (key, value) {
  window.platform.steps.push(`store ${key}`);
  write.call(this, key, value);
};
