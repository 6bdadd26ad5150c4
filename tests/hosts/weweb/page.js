// WeWeb's exported runtime, as far as a library can feel it: the npm plugin, variables, pages, workflows, Custom JavaScript.

import { AsyncFunction, InPage, loadScript } from "../lib/in-page.js";

/** What a variable of each type takes, and what it makes of it; of other types, such as query, anything. What throws is left out. */
const taken = {
  string(value) {
    refuse(value !== null && typeof value === "object", "a string, a number or a boolean");
    return value === null ? null : String(value);
  },
  number(value) {
    const number = typeof value === "string" ? Number.parseFloat(value) : value;
    if (Number.isNaN(number)) return null;
    refuse(number !== null && typeof number !== "number", "a number");
    return number;
  },
  boolean(value) {
    const truth = { true: true, false: false }[value] ?? value;
    refuse(typeof truth !== "boolean", "a boolean");
    return truth;
  },
  array(value) {
    refuse(value !== null && !Array.isArray(value), "an array");
    return value;
  },
  object(value) {
    refuse(value !== null && typeof value !== "object", "an object");
    return value;
  },
};

/** What a variable holds before it is set. */
const empty = { string: "", number: 0, boolean: false, array: [], object: null };

function refuse(isWrong, what) {
  if (isWrong) throw new Error(`value must be ${what}`);
}

/** What a workflow is given is evaluated like its own definition: an object of that kind is code. */
function formulas(value) {
  if (value?.__wwtype) return new Function(value.__wwtype === "f" ? `return ${value.code}` : value.code)();
  if (typeof value === "object" && value !== null) Object.values(value).forEach(formulas);
  return value;
}

class WeWeb extends InPage {
  variables = {};
  settings = {};

  async load({ variables, library: { package: name, instanceName, url } }) {
    this.settings = variables;
    for (const [id, { isLocalStorage, type }] of Object.entries(variables)) {
      const text = isLocalStorage ? localStorage.getItem(`variable-${id}`) : null;
      this.variables[id] = text === null ? empty[type] : JSON.parse(text);
    }
    await loadScript(url);
    this.settings[`npm-${name}`] = { type: "any" };
    this.wwLib.wwVariable.updateValue(`npm-${name}`, window[instanceName]);
  }

  wwLib = {
    wwVariable: {
      getValue: (id) => this.variables[id],
      updateValue: (id, given) => {
        const setting = this.settings[id];
        if (!setting) return void console.log(`Variable ${id} not found`);
        if (given === undefined) return undefined;
        let value = given;
        try {
          value = taken[setting.type]?.(given) ?? given;
        } catch (error) {
          return void console.log(`Unable to update variable ${id}: ${error.message}`);
        }
        this.variables[id] = value;
        if (setting.isLocalStorage) localStorage.setItem(`variable-${id}`, JSON.stringify(value));
        if (setting.shown) this.toast("error", value);
        this.steps.push(`store ${id}`);
        return value;
      },
    },
    wwApp: {
      goTo: (path, query = {}, { openInNewTab, hash } = {}) => {
        const search = new URLSearchParams(query).toString();
        const href = `/${path}/`.replace(/\/+/g, "/") + (search && `?${search}`) + (hash ? `#${hash}` : "");
        if (href === location.pathname + location.search + location.hash) return undefined;
        if (openInNewTab) return void window.open(href, "_blank");
        const page = Object.keys(this.config.pages).find((each) => `${this.pathOf(each)}/` === href.split(/[?#]/)[0]);
        history.pushState(null, "", href);
        this.steps.push(`page ${page ?? href}`);
        if (page) setTimeout(() => this.show(page));
        return undefined;
      },
    },
  };

  /** A global workflow of one request. What it throws has lost its stack, as all errors of actions. */
  executeGlobalFunction = Object.fromEntries(
    ["id-of-orders"].map((id) => [
      id,
      async (parameters) => {
        formulas(parameters);
        try {
          return await this.request({
            url: this.config.workflows[id].url,
            headers: { Authorization: `Bearer ${this.variables["id-of-accesstoken"]}` },
          });
        } catch (error) {
          delete error.stack;
          throw error;
        }
      },
    ]),
  );

  evaluate(code) {
    const variables = { ...this.variables, "email-value": this.inputs.email, "password-value": this.inputs.password };
    const names = [
      "plugins",
      "collections",
      "formulas",
      "pluginFormulas",
      "wwFormulas",
      "variables",
      "pluginVariables",
      "globalContext",
      "utilsFunctions",
      "context",
      "event",
      "wwUtils",
    ];
    const given = { variables, utilsFunctions: { executeGlobalFunction: this.executeGlobalFunction } };
    return new AsyncFunction(...names, code)(...names.map((name) => given[name] ?? {}));
  }
}

window.platform = new WeWeb();
window.wwLib = window.platform.wwLib;
