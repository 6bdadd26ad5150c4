// @ts-check
// What the other requests of a session carry beside its token: values that the sign-in has answered, such as who the client is.

import { isTokenHeader } from "./endpoint.js";
import { expression, leaves } from "./exchange.js";

/** @typedef {import("./exchange.js").Exchange} Exchange */
/**
 * @typedef {object} Carried
 * @property {string} header as the requests have it
 * @property {string} value what it was in what was pasted
 * @property {string} [from] the expression of the answer, behind the step's name; without it the value is the same for everybody
 * @property {string} place where the answer has it, as a person reads it
 */

/** Of devise_token_auth: each answer has them, and each request must. */
const DEVISE = ["client", "uid"];
/** Words that an expression or a session has already. */
const TAKEN = ["inputs", "store", "session", "metadata", "accessToken", "refreshToken", "expiresIn", "expiresAt", "idToken", "tokenType"];

/**
 * @param {{ signin: Exchange, authorised: Exchange[], token?: string }} of token: the header of the answer that the token came in
 * @returns {Carried[]}
 */
export function carriedBy({ signin, authorised, token }) {
  const { answer } = signin;
  if (!answer || signin.isSample) return [];
  const inBody = leaves(answer.body).filter(({ path }) => path.length > 0);
  const carried = /** @type {Map<string, Carried>} */ (new Map());
  const add = (/** @type {string} */ header, /** @type {string} */ value) => {
    const name = header.toLowerCase();
    const leaf = inBody.find((each) => String(each.value) === value);
    if (name === token || carried.has(name) || value === "" || signin.headers[header] === value) return;
    if (/type$/.test(name)) {
      if (token) carried.set(name, { header, value, place: "a word that is the same for everybody" });
    } else if (isTokenHeader(header) || /^(authorization|accept|content-)/.test(name)) return;
    else if (answer.headers[name] === value) carried.set(name, { header, value, from: `headers["${name}"]`, place: `the header ${name}` });
    else if (leaf) carried.set(name, { header, value, from: `body.${expression(leaf.path)}`, place: expression(leaf.path) });
  };
  for (const { headers } of authorised) for (const [header, value] of Object.entries(headers)) add(header, value);
  if (token && DEVISE.every((name) => answer.headers[name])) for (const name of DEVISE) add(name, answer.headers[name]);
  return [...carried.values()];
}

/** The variable that holds it, by its header's name. @param {Carried} carried */
function variableOf({ header }) {
  const own = header
    .replace(/^x-/i, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+([a-z0-9])/g, (_, letter) => letter.toUpperCase())
    .replace(/[^A-Za-z0-9]/g, "");
  return TAKEN.includes(own) || !/^[a-z]/.test(own) ? `${own}Header` : own;
}

/** What stands in the header of a request. @param {Carried} carried */
export const carriedTemplate = (carried) => (carried.from === undefined ? carried.value : `{{ ${variableOf(carried)} }}`);

/** What every other request carries, and nothing here tells where it comes from. @param {Carried[]} carried @param {{ signin: Exchange, others: Exchange[], told: string[] }} of told: headers that are spoken of */
export function unexplained(carried, { signin, others, told }) {
  const [first, ...more] = others;
  return Object.keys(first?.headers ?? {}).filter(
    (header) =>
      more.every(({ headers }) => header in headers) &&
      !(header in signin.headers) &&
      !carriedIn(carried, header) &&
      !told.includes(header) &&
      !/^(authorization|accept|content-)|csrf|xsrf/i.test(header),
  );
}

/**
 * Writes into the options what is carried: the sign-in defines it, and each request has it.
 * @param {any} options @param {Carried[]} carried @param {{ header?: string, authorised: Exchange[] }} of @param {(path: string, text: string) => void} because
 */
export function carry(options, carried, { header, authorised }, because) {
  const given = carried.filter(({ from }) => from !== undefined);
  if (given.length > 0) {
    const steps = [options.flows.signin].flat().map((step) => (step.request || step.define ? step : { request: step }));
    const id = `http${steps.filter(({ request }) => request).length}`;
    const values = Object.fromEntries(given.map((each) => [variableOf(each), `{{ ${id}.${each.from} }}`]));
    const last = steps.at(-1);
    if (last?.define) Object.assign(last.define, values);
    else steps.push({ define: values, secret: true });
    options.flows.signin = steps;
    const isOne = given.length === 1;
    const isExposed = given.some(({ from }) => from?.startsWith("headers"));
    because(
      "flows.signin",
      `The session keeps ${given.map(({ place }) => place).join(" and ")} of the answer, since every other request carries ${isOne ? "it" : "them"}.${isExposed ? " From another origin, the server has to name what is a header in Access-Control-Expose-Headers." : ""}`,
    );
  }
  const renews = header && authorised.some(({ answer }) => answer?.headers[header]);
  if (renews) {
    options.refresh = { ...options.refresh, fromHeader: header };
    because("refresh.fromHeader", `An answer has a new token in its header ${header}: doorkey takes it from there.`);
  }
}

/** The one of a header, if it is carried. @param {Carried[]} carried @param {string} name */
export const carriedIn = (carried, name) => carried.find(({ header }) => header.toLowerCase() === name.toLowerCase());
