// @ts-check
// The document as code to paste, for an app builder or a page.

import { fieldsOf, leavesOf, optionsOf } from "./flow.js";

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {string} about
 * @property {{ home: string, login: string }} pages those of the example, where the document names none
 * @property {(name: string) => string} value what an input of that name holds
 * @property {(queries: string, leaves: boolean) => string} [host] `queries` is the member that lends the queries of the flows by name;
 *   `leaves`: the sign-in is at another server
 * @property {boolean} [fillsIn] whether the builder fills in braces in code too
 * @property {(options: string, call: string, asks: boolean, leaves: boolean) => string} write `call` is what signin is called with;
 *   `asks`: a form does
 */

/** @type {Record<string, Target>} */
export const TARGETS = {
  appsmith: {
    name: "Appsmith",
    about:
      "A JS object named Auth. Call {{Auth.signin()}} in a button's onClick, and run Auth.protect on load of each page that needs a session, and Auth.arrive on load of the login page: objects belong to pages, so copy it to each. Name the input widgets as here. Requests leave from the browser: the server lets your Appsmith's origin in (CORS). For queries that carry the token add expose: { accessToken: \"accesstoken\" }, and to each query the header Authorization, Bearer {{appsmith.store.accesstoken}}.",
    pages: { home: "Dashboard", login: "LoginPage" },
    value: (name) => `inp_${name}.text`,
    host: () => "Doorkey.hosts.appsmith()",
    write: (options, call) => `export default {
  setup: () => {
    Doorkey.configure(${indent(options, 4)});
  },
  signin: async () => {
    this.setup();
    // A refusal is shown by showAlert already.
    return Doorkey.signin(${call}).catch(({ code }) => ({ ok: false, code }));
  },
  protect: async () => {
    this.setup();
    return Doorkey.guard("protected");
  },
  arrive: async () => {
    this.setup();
    return Doorkey.guard("login");
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
    pages: { home: "dashboard", login: "loginpage" },
    value: (name) => `components.${name}.value`,
    host: () => "Doorkey.hosts.tooljet({ actions, queries })",
    fillsIn: true,
    write: (options, call, _asks, leaves) => query(options, call, leaves),
  },
  retool: {
    name: "Retool",
    about: "A JavaScript query. Add the library under Libraries by its URL, and name the inputs as here.",
    pages: { home: "Dashboard", login: "LoginPage" },
    value: (name) => `${name}.value`,
    host: (queries, leaves) => `Doorkey.hosts.retool({ localStorage, utils${leaves ? ", url" : ""}${queries} })`,
    fillsIn: true,
    write: (options, call, _asks, leaves) => query(options, call, leaves),
  },
  lowcoder: {
    name: "Lowcoder",
    about:
      "A JavaScript query. Its requests go out by the queries doorkey_http and doorkey_answer, which the package describes in templates/lowcoder. Name the inputs as here.",
    pages: { home: "Dashboard", login: "LoginPage" },
    value: (name) => `${name}.value`,
    host: (queries) => `Doorkey.hosts.lowcoder({ localStorage, utils, message, http: doorkey_http, answer: doorkey_answer${queries} })`,
    fillsIn: true,
    write: (options, call, _asks, leaves) => query(options, call, leaves),
  },
  page: {
    name: "A page",
    about:
      "A module for a page of your own. Where the flow has a form step, or leaves for another server, a button of the page begins it; else the fields of the page's form are named as the inputs are.",
    pages: { home: "/dashboard.html", login: "/login.html" },
    value: (name) => name,
    write: (options, _call, asks, leaves) => `import { createAuth } from "doorkey";
${asks ? 'import "doorkey/ui"; // the form that asks\n' : ""}
export const auth = createAuth(${options});

${leaves ? "// Goes on where the page comes back from the other server.\nauth.signinCallback().catch((error) => alert(error.message));\n" : ""}${asks || leaves ? 'document.querySelector("button").onclick = () => auth.signin()' : 'document.querySelector("form").onsubmit = (event) => auth.signin(event)'}.catch((error) => alert(error.message));
`,
  },
};

/** The adapter shows a refusal by itself: to show it here would show it twice. @param {string} options @param {string} call @param {boolean} leaves */
function query(options, call, leaves) {
  return `const auth = Doorkey.createAuth(${options});

// A refusal is shown already, in the words of the server.
return auth.signin(${call}).catch(({ code }) => ({ ok: false, code }));
${leaves ? RETURNS : ""}`;
}

const RETURNS = `
// The user comes back to this page from the other server: a second query, run on page load, begins with the same lines and ends with
// return auth.guard("login");
`;

/** The code for a target. @param {any} document @param {string} target */
export function codeFor(document, target) {
  const { value, host, pages, fillsIn, write } = TARGETS[target];
  const { host: _, ...given } = optionsOf(document).options;
  const options = given.pages ? given : { pages, ...given };
  const fields = fieldsOf(options.flows?.signin);
  const inputs = members(
    fields.filter(({ step }) => step === undefined),
    value,
  );
  const asked = fields.filter(({ step }) => step !== undefined);
  // A form step asks by the host's prompt: an app builder has widgets for it, whose values are given here.
  const leaves = leavesOf(document).length > 0;
  const lent = host?.(queriesOf(options.flows), leaves);
  const hostCode = lent && asked.length > 0 ? `{ ...${lent}, prompt: () => (${members(asked, value)}) }` : lent;
  const literal = literalOf(options, "");
  const whole = hostCode ? literal.replace("{", `{\n  host: ${hostCode},`) : literal;
  // \x7b is a brace, too, in a text; but no builder takes it for the begin of a binding.
  const code = write(whole, inputs === "{}" ? "" : inputs, asked.length > 0, leaves);
  return fillsIn ? code.replaceAll("{{", "\\x7b{") : code;
}

/** The queries that the flows name, as they are lent to a host. @param {Record<string, any>} [flows] */
function queriesOf(flows = {}) {
  const steps = Object.values(flows).flat();
  const names = [...new Set(steps.map((step) => step?.query).filter((name) => typeof name === "string" && keyOf(name) === name))];
  return names.length > 0 ? `, queries: { ${names.join(", ")} }` : "";
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
