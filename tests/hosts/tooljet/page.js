// ToolJet's viewer, as far as a library can feel it: libraries, preloaded JavaScript, RunJS, actions, queries. Runs in the page.

import { outcome, Platform, parsed } from "../lib/platform.js";

const AsyncFunction = (async () => {}).constructor;
const clone = (value) =>
  typeof value === "object" && value !== null && typeof value !== "function"
    ? Array.isArray(value)
      ? value.map(clone)
      : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, clone(each)]))
    : value;

/** What a library's text exports: what a definition gave, `module.exports` made anew, or names added to `exports`. */
export function executeUmd(source) {
  const module = { exports: {} };
  const { exports } = module;
  let defined = null;
  const define = (...args) => {
    const factory = args.find((each) => typeof each === "function");
    if (factory) defined = factory();
    else if (typeof args.at(-1) !== "string") defined = args.at(-1);
  };
  define.amd = true;
  new Function("module", "exports", "define", "self", `"use strict";\n${source}`)(module, exports, define, {});
  if (defined !== null && defined !== undefined) return defined;
  if (module.exports !== exports) return module.exports;
  return Object.keys(exports).length ? exports : null;
}

/** Reads that know only what is there: anything else throws. */
function proxied(target, path) {
  return new Proxy(target, {
    get(object, key) {
      const full = `${path}.${String(key)}`;
      if (!(key in object)) throw new Error(`ReferenceError: ${full} is not defined`);
      const value = object[key];
      return typeof value === "object" && value !== null ? proxied(value, full) : value;
    },
  });
}

const failed = ["failed", "Bad Request", "Not Found", "Unprocessable Entity"];

class ToolJet extends Platform {
  variables = {};
  results = {};
  library = {};
  preloaded = {};
  /** A tab of the editor previews queries; there they reject. */
  preview = false;

  pathOf = (page) => `/applications/app1/${page.toLowerCase()}`;

  async boot(config) {
    this.config = config;
    const loaded = await Promise.allSettled(
      config.libraries.map(async ({ name, url }) => [name, executeUmd(await (await fetch(url)).text())]),
    );
    loaded.forEach(({ status, value, reason }, at) => {
      const { name } = config.libraries[at];
      if (status === "rejected") {
        console.error(reason);
        this.toast("error", `Failed to load JS library "${name}"`);
      } else if (value[1] !== null) this.library[name] = value[1];
    });
    try {
      const given = { moment: {}, _: {}, axios: {}, ...this.library };
      this.preloaded = (await new AsyncFunction(...Object.keys(given), config.preload ?? "")(...Object.values(given))) ?? {};
    } catch (error) {
      this.toast("error", `Preloaded JavaScript failed: ${error.message}`);
    }
    await this.show(this.addressed());
  }

  /** {{ }} of queries, events and the values of actions. */
  evaluate = (expression, parameters = {}) => {
    const scope = { ...this.scope(), parameters };
    try {
      return new Function(...Object.keys(scope), `return (${expression})`)(...Object.values(scope));
    } catch {
      return undefined;
    }
  };
  resolve = (value) => (typeof value === "string" && value.includes("{{") ? this.fill(value, this.evaluate) : value);

  scope() {
    const components = Object.fromEntries(Object.entries(this.inputs).map(([name, value]) => [name, { value }]));
    const page = { handle: this.current?.toLowerCase(), name: this.current, variables: {} };
    return {
      components,
      globals: { urlparams: {}, theme: { name: "light" } },
      page,
      variables: clone(this.variables),
      constants: {},
      ...this.library,
      ...this.preloaded,
    };
  }

  actions = (mine) => {
    // Every action goes through one asynchronous function.
    const act = async (carryOut) => carryOut();
    return {
      runQuery: (name, parameters) => {
        const query = this.config.queries[name] ?? this.config.scripts[name];
        if (!query || name === mine) return void this.toast("error", query ? "Cannot run query from itself" : "Query not found");
        const declared = this.config.queries[name]?.parameters ?? [];
        const passed = Object.fromEntries(declared.map((key) => [key, this.resolve(parameters?.[key])]));
        return act(() => (this.preview ? this.previewed(name, passed) : this.runQuery(name, passed)));
      },
      setVariable: (key = "", value = "") =>
        key ? act(() => (this.steps.push(`store ${key}`), void (this.variables[this.resolve(key)] = this.resolve(value)))) : undefined,
      getVariable: (key = "") => (key ? act(() => clone(this.variables[this.resolve(key)])) : undefined),
      unSetVariable: (key = "") => (key ? act(() => void delete this.variables[this.resolve(key)]) : undefined),
      setLocalStorage: (key = "", value = "") => act(() => localStorage.setItem(this.resolve(key), this.resolve(value))),
      showAlert: (kind, message) => act(() => this.toast(kind, this.resolve(message))),
      switchPage: (handle, queryParams = []) => {
        const page = Object.keys(this.config.pages).find((each) => each.toLowerCase() === handle?.toLowerCase());
        // A handle that nobody has is passed over in silence.
        if (!page || this.preview) return Promise.resolve();
        const query = new URLSearchParams(queryParams.map((pair) => pair.map(this.resolve))).toString();
        return act(() => this.go(page, query && `?${query}`));
      },
      goToApp: (slug, queryParams = []) => act(() => this.steps.push(`app ${slug} ${new URLSearchParams(queryParams)}`)),
      logout: () => act(() => this.steps.push("ToolJet's own sign-out")),
    };
  };

  /** The answer of ToolJet's server. */
  async executed(name, parameters) {
    const answer = await this.send(name, this.config.queries[name], (expression) => this.evaluate(expression, parameters));
    if (answer.unreachable) return { status: "failed", message: "Query could not be completed", description: answer.unreachable, data: {} };
    const { status, headers, text } = answer;
    if (status >= 200 && status < 300) return { status: "ok", data: parsed(text) };
    const responseObject = { statusCode: status, responseBody: text };
    return {
      status: "failed",
      message: "Query could not be completed",
      description: `Response code ${status} (${headers.reason ?? "refused"})`,
      data: { requestObject: {}, responseObject, responseHeaders: headers },
    };
  }

  async runQuery(name, parameters) {
    if (this.config.scripts[name]) return this.runJs(name, this.config.scripts[name]);
    const answer = await (this.answers?.[name]?.() ?? this.executed(name, parameters));
    // It never rejects: what failed is resolved as it came.
    if (answer.catches) return { status: "failed", message: answer.catches };
    this.results[name] = { data: answer.data, rawData: answer.data, isLoading: false };
    return failed.includes(answer.status) ? answer : { status: "ok", data: answer.data };
  }

  async previewed(name, parameters) {
    const answer = await this.executed(name, parameters);
    if (answer.description && !answer.data.responseObject) throw { error: answer.description, data: {} };
    return { status: answer.status, data: answer.data };
  }

  /** A RunJS query: ToolJet turns what it throws into a result too. */
  async runJs(name, code, raw = false) {
    const { components, globals, page, variables, constants } = this.scope();
    const actions = this.actions(name);
    const run = (each) => (params) => actions.runQuery(each, typeof params === "object" && params !== null ? params : {});
    const names = [...Object.keys(this.config.queries), ...Object.keys(this.config.scripts)];
    const queries = Object.fromEntries(
      names.map((each) => [
        each,
        {
          ...clone(this.results[each]),
          run: run(each),
          getData: () => clone(this.results[each]?.data),
          getRawData: () => clone(this.results[each]?.rawData),
        },
      ]),
    );
    const scope = {
      moment: {},
      _: {},
      components: proxied(components, "components"),
      queries: proxied(queries, "queries"),
      globals: proxied(globals, "globals"),
      page: proxied(page, "page"),
      axios: {},
      variables: proxied(variables, "variables"),
      actions,
      constants: proxied(constants, "constants"),
      ...this.library,
      ...this.preloaded,
    };
    const started = new AsyncFunction(...Object.keys(scope), code)(...Object.values(scope));
    if (raw) return started;
    return started.then(
      (data) => ({ status: "ok", data }),
      (error) => (
        console.log("JS execution failed: ", error), { status: "failed", data: { message: error.message, description: error.message } }
      ),
    );
  }

  run(name) {
    return this.runJs(name, this.config.scripts[name]);
  }

  /** A query's data, or its failure. */
  async tryRun(name) {
    const { status, data } = await this.run(name);
    return status === "ok" ? { result: data ?? null } : { error: { name: "RunJS", message: data.message } };
  }

  tryScript(code) {
    return outcome(this.runJs("", code, true));
  }

  /** A key that the builder's own script keeps. */
  foreign(key, value) {
    this.variables[key] = value;
    localStorage.setItem(key, value);
  }
}

window.platform = new ToolJet();
window.platform.executeUmd = executeUmd;
