// @ts-check
// The document as code to paste, for an app builder or a page.

import { fieldsOf, optionsOf } from "./flow.js";

/**
 * @typedef {{ options: any, inputs: string, needs: { inputs: string[], forms: string[] } }} Given
 * @typedef {{ name: string, about: string, pages?: { home: string, login: string }, value: (name: string) => string, host?: string, write: (options: string, call: string) => string }} Target
 */

/** The function of a session as one call: what is between the parentheses of signin. */
const WIDGET = (/** @type {string} */ name) => `inp_${name}`;

/** @type {Record<string, Target>} */
export const TARGETS = {
  appsmith: {
    name: "Appsmith",
    about: "A JS object named Auth. Call {{Auth.signin()}} in a button's onClick, and run Auth.protect on load of each page that needs a session. Name the input widgets as here.",
    pages: { home: "Dashboard", login: "LoginPage" },
    value: (name) => `${WIDGET(name)}.text`,
    host: "Doorkey.hosts.appsmith()",
    write: (options, call) => `export default {
  setup: () => {
    Doorkey.configure(${indent(options, 4)});
  },
  signin: async () => {
    this.setup();
    return Doorkey.signin(${call}).catch((error) => showAlert(error.message, "error"));
  },
  protect: async () => {
    this.setup();
    return Doorkey.guard("protected");
  },
  logout: async () => {
    this.setup();
    return Doorkey.logout();
  },
}
`,
  },
  tooljet: {
    name: "ToolJet",
    about: "A Run JavaScript query. Add the library under JS libraries as Doorkey, and name the text inputs as here.",
    pages: { home: "home", login: "login" },
    value: (name) => `components.${WIDGET(name)}.value`,
    host: "Doorkey.hosts.tooljet({ actions, queries })",
    write: query,
  },
  retool: {
    name: "Retool",
    about: "A JavaScript query. Add the library under Libraries by its URL, and name the inputs as here.",
    value: (name) => `${WIDGET(name)}.value`,
    host: "Doorkey.hosts.retool({ localStorage, utils })",
    write: query,
  },
  lowcoder: {
    name: "Lowcoder",
    about: "A JavaScript query. Add the library under JavaScript libraries by its URL, and name the inputs as here.",
    value: (name) => `${WIDGET(name)}.value`,
    host: "Doorkey.hosts.lowcoder({ localStorage, utils })",
    write: query,
  },
  page: {
    name: "A page",
    about: "A module for a page of your own. The form's fields are named as the inputs are.",
    pages: { home: "/dashboard.html", login: "/login.html" },
    value: (name) => `form.elements[${JSON.stringify(name)}].value`,
    write: (options) => `import { createAuth } from "doorkey";

const form = document.querySelector("form");

export const auth = createAuth(${options});

form.onsubmit = (event) => auth.signin(event).catch((error) => alert(error.message));
`,
  },
};

/** @param {string} options @param {string} call */
function query(options, call) {
  return `const auth = Doorkey.createAuth(${options});

return auth.signin(${call});
`;
}

/** The code for a target. @param {any} document @param {string} target */
export function codeFor(document, target) {
  const { value, host, pages, write } = TARGETS[target];
  const { host: _, ...options } = optionsOf(document).options;
  const fields = fieldsOf(options.flows?.signin);
  const inputs = members(fields.filter(({ step }) => step === undefined), value);
  const asked = fields.filter(({ step }) => step !== undefined);
  // A form step asks by host.prompt: an app builder has widgets for it, which are answered here.
  const prompt = asked.length > 0 ? `prompt: () => (${members(asked, value)})` : "";
  const isPage = host === undefined;
  const hostCode = isPage ? prompt && `{ ${prompt} }` : prompt ? `{ ...${host}, ${prompt} }` : host;
  const literal = literalOf({ ...(pages && !options.pages ? { pages } : {}), ...options }, "");
  const lines = hostCode ? literal.replace("{", `{\n  host: ${hostCode},`).replace(/^(\{\n {2}host: .*,)\s*\}$/, "$1\n}") : literal;
  return write(lines.replace(/,\n\n/g, ",\n"), inputs === "{}" ? "" : inputs);
}

/** @param {{ name: string }[]} fields @param {(name: string) => string} value */
function members(fields, value) {
  if (fields.length === 0) return "{}";
  return `{ ${fields.map(({ name }) => `${keyOf(name)}: ${value(name.replace(/\W/g, "_"))}`).join(", ")} }`;
}

/** @param {string} key */
function keyOf(key) {
  return /^[A-Za-z_$][\w$]*$/.test(key) && key !== "__proto__" ? key : JSON.stringify(key);
}

/** A value as JavaScript: like JSON, with bare keys where they can be, and short objects on one line. @param {any} value @param {string} margin @returns {string} */
function literalOf(value, margin) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((item) => literalOf(item, `${margin}  `))
    : Object.entries(value).map(([key, member]) => `${keyOf(key)}: ${literalOf(member, `${margin}  `)}`);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  if (parts.length === 0) return open + close;
  const short = isList ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
  if (margin !== "" && short.length <= 90 && !short.includes("\n")) return short;
  return `${open}\n${parts.map((part) => `${margin}  ${part},`).join("\n")}\n${margin}${close}`;
}

/** @param {string} text @param {number} by */
function indent(text, by) {
  return text.replace(/\n/g, `\n${" ".repeat(by)}`);
}
