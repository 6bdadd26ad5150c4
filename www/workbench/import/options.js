// @ts-check
// The options of doorkey for what was read, with the reason for each, and what is left for a person to do.

import { attachTo } from "./attached.js";
import { carriedBy, carriedIn, carriedTemplate, carry } from "./carried.js";
import { ACCESS, endpointOf, headerTemplate, placeholders, REFRESH, tokensIn } from "./endpoint.js";
import { exchangeOf, leaves, titleOf } from "./exchange.js";
import { knownServer } from "./known.js";
import { plain } from "./names.js";
import { nameTokens } from "./naming.js";
import { rolesOf, saidBy } from "./roles.js";
import { afterToken, judged, signInOf } from "./signin.js";
import { tokensOf } from "./tokens.js";

/** @typedef {import("./exchange.js").Exchange} Exchange */
/** @typedef {import("./tokens.js").Picks & { cookie?: boolean }} Picks */
/** @typedef {{ path: string, text: string }} Reason */
/** What is left to do; where a value has to be chosen, `chooses` is the answer to choose it in. @typedef {{ text: string, chooses?: any }} Miss */
/** @typedef {{ options: any, reasons: Reason[], misses: Miss[], roles: import("./roles.js").Roles, answer?: any, known?: string, secrets?: string[] }} Suggestion */

const EXAMPLE = "https://auth.example.com/login";

/** @param {import("./read.js").Reading} reading @param {{ picks?: Picks, providers?: Record<string, (options: any) => any> }} [more] @returns {Suggestion} */
export function suggest({ exchanges, answers }, { picks = {}, providers = {} } = {}) {
  const reasons = /** @type {Reason[]} */ ([]);
  const misses = /** @type {Miss[]} */ ([]);
  const because = (/** @type {string} */ path, /** @type {string} */ text) => reasons.push({ path, text });
  const miss = (/** @type {string} */ text, /** @type {any} */ chooses = undefined) =>
    misses.push({ text, ...(chooses !== undefined && { chooses }) });
  const all = [...exchanges];
  if (all.length === 0) {
    miss(`There is no request here: write its address in the place of ${EXAMPLE}.`);
    all.push({ ...exchangeOf({ method: "POST", url: EXAMPLE, answer: answers[0] }), isGuess: true });
  }
  const roles = rolesOf(all);
  const { signin, refresh } = roles;
  if (!signin) {
    miss("No request here signs in: none has a password. Paste the one that is sent when a person signs in.");
    return { options: undefined, reasons, misses, roles };
  }
  const found = tokensOf(signin.answer, signin.isSample === true, picks);
  const known = knownServer(signin, providers);
  const isCookie =
    picks.cookie === true ||
    (!found.accessToken && !found.header && (known?.options.tokens === false || (signin.hasCookies === true && !picks.accessToken)));
  const hasRefresh = found.refreshToken !== undefined || (!signin.answer && refresh !== undefined);
  const values = valuesOf(signin, found);
  const carried = carriedBy({ signin, authorised: roles.authorised, token: found.header });
  const options = /** @type {any} */ ({ flows: flowsOf(roles, signin, { values, carried, hasRefresh, isCookie }, because, miss) });
  if (isCookie) {
    options.tokens = false;
    because("tokens", `The answer has no token${signin.hasCookies ? ", and the server sets a cookie" : ""}: that cookie is the session.`);
  } else nameTokens(options, found, signin, refresh, because);
  complete(options, { signin, found, known, hasRefresh, isCookie }, because, miss);
  if (!isCookie && refresh && isInCookie(refresh, options.flows.refresh)) {
    options.restore = true;
    because("restore", "The refresh token is a cookie that no script reads: a page that opens asks once whether it is there.");
  }
  carry(options, carried, { header: found.header, authorised: roles.authorised }, because);
  attachTo(options, { roles, values, carried, token: found.header, isCookie, known: known?.options }, because, miss);

  if (!signin.answer && !isCookie)
    miss(
      "There is no answer of the sign-in here. doorkey knows the usual names of tokens; paste the answer below the request, and it is looked at.",
    );
  else if (found.unclear && !isCookie) miss("No value of this answer is surely the token. Choose the one that is.", signin.answer?.body);
  for (const each of placeholdersIn(options)) miss(`Write your own value in the place of ${each}.`);
  const secrets = [...Object.values(values), ...carried.map(({ value }) => value)].filter((value) => typeof value === "string");
  return { options, reasons, misses, roles, answer: signin.answer?.body, known: known?.name, secrets };
}

/** The tokens as they stand in the answer; what is made up is the same for both, and tells nothing. @param {Exchange} signin @param {import("./tokens.js").Tokens} found @returns {Session["values"]} */
function valuesOf(signin, found) {
  if (signin.isSample) return {};
  return {
    access: found.accessToken?.value ?? (found.header && signin.answer?.headers[found.header]),
    refresh: found.refreshToken?.value,
  };
}

/** @param {import("./roles.js").Roles} roles @param {Exchange} signin @param {Session} session @param {Because} because @param {MissIt} miss */
function flowsOf({ refresh, revoke, check, before }, signin, session, because, miss) {
  const own = { ...signInOf(signin, because, miss), ...(session.isCookie && { credentials: "include" }) };
  const flows = /** @type {Record<string, any>} */ ({ signin: before ? afterToken(before, signin, own, because) : own });
  if (refresh) flows.refresh = refreshOf(refresh, session, because);
  if (revoke) flows.revoke = authorisedOf(revoke, session);
  if (revoke) because("flows.revoke", `${titleOf(revoke)} signs out.`);
  if (check) flows.check = authorisedOf(check, session);
  if (check) because("flows.check", `${titleOf(check)} tells who is signed in.`);
  return flows;
}

/** Whether a cookie is all that a refresh is sent with. @param {Exchange} refresh @param {any} flow */
const isInCookie = (refresh, flow) =>
  refresh.hasCookies === true && !refresh.answer?.headers["set-cookie"] && !JSON.stringify(flow).includes("session.");

/** @param {any} options */
const placeholdersIn = (options) =>
  new Set(leaves(options).flatMap(({ value }) => (isDocument(value) ? [] : placeholders(String(value).replace(/\{\{.*?\}\}/g, "")))));

/** What is known of the session when its other requests are written. @typedef {{ values: { access?: any, refresh?: any }, carried: import("./carried.js").Carried[], hasRefresh: boolean, isCookie: boolean }} Session */

/** @param {Exchange} exchange @param {Session} session @param {Because} because */
function refreshOf(exchange, { values, carried, hasRefresh, isCookie }, because) {
  const template = tokensIn(exchange, { ...values, isRefresh: true, hasRefresh });
  const isSaid = exchange.hasCookies || saidBy(exchange).some(({ name, value }) => template(name, value) === REFRESH);
  const forHeader = (/** @type {string} */ name, /** @type {string} */ value) => {
    const own = carriedIn(carried, name);
    return own ? carriedTemplate(own) : headerTemplate(name, value, values, hasRefresh && !isSaid ? REFRESH : ACCESS);
  };
  const flow = { ...endpointOf(exchange, template, forHeader), ...judged(exchange), ...(isCookie && { credentials: "include" }) };
  const text = JSON.stringify(flow);
  const how = text.includes(REFRESH)
    ? "the refresh token stands in it"
    : text.includes(ACCESS)
      ? "it is sent with the access token"
      : "its cookie tells who it is";
  because("flows.refresh", `${titleOf(exchange)} renews the tokens: ${how}.`);
  return flow;
}

/** A request that doorkey authorises: what it carries for that is left to `attach`. @param {Exchange} exchange @param {Session} session */
function authorisedOf(exchange, { values, carried, hasRefresh, isCookie }) {
  const forHeader = (/** @type {string} */ name, /** @type {string} */ value) => {
    if (carriedIn(carried, name)) return "";
    const made = headerTemplate(name, value, values);
    return made?.includes(ACCESS) ? "" : made;
  };
  const flow = endpointOf(exchange, tokensIn(exchange, { ...values, isRefresh: false, hasRefresh }), forHeader);
  const hasOwn = Object.keys(flow.headers ?? {}).some((name) => /^authorization$/i.test(name));
  return { ...flow, ...(hasOwn && { attach: false }), ...(isCookie && { credentials: "include" }) };
}

/** GraphQL has variables and braces of its own. @param {any} value */
const isDocument = (value) => /^\s*(query|mutation|\{)/.test(String(value));

/** @typedef {(path: string, text: string) => void} Because @typedef {(text: string) => void} MissIt */

/** What was not pasted, as the standard or a preset has it. @param {any} options @param {{ signin: Exchange, found: import("./tokens.js").Tokens, known?: import("./known.js").Known, hasRefresh: boolean, isCookie: boolean }} of @param {Because} because @param {MissIt} miss */
function complete(options, { signin, found, known, hasRefresh, isCookie }, because, miss) {
  const { flows } = options;
  for (const name of ["refresh", "revoke", "check"]) {
    const own = known?.options.flows[name];
    if (flows[name] || !own || (name === "refresh" && JSON.stringify(own).includes("session.refreshToken") && !found.refreshToken))
      continue;
    flows[name] = own;
    because(`flows.${name}`, `It was not pasted: it stands as doorkey’s preset ${known?.name} has it.`);
  }
  if (known && !options.refresh && known.options.refresh) options.refresh = known.options.refresh;
  const said = saidBy(signin);
  const isGrant = said.some(({ name, value }) => plain(name) === "granttype" && value === "password");
  if (!flows.refresh && isGrant && signin.body?.kind === "form" && (hasRefresh || !signin.answer)) {
    const client = said.filter(({ name }) => /^(clientid|audience)$/.test(plain(name)));
    const own = Array.isArray(flows.signin) ? flows.signin.find((/** @type {any} */ step) => step.request?.form).request : flows.signin;
    flows.refresh = {
      url: own.url,
      ...(own.headers && { headers: own.headers }),
      form: { grant_type: "refresh_token", refresh_token: REFRESH, ...Object.fromEntries(client.map(({ name, value }) => [name, value])) },
    };
    because("flows.refresh", "It was not pasted: at a token endpoint, RFC 6749 section 6 says what it is.");
  }
  if (!flows.refresh && hasRefresh)
    miss(
      "The answer has a refresh token, and no request here uses it: paste that one, too. Without it, people sign in again when the token has ended.",
    );
  else if (!flows.refresh && !isCookie && signin.answer && found.accessToken)
    because("flows.refresh", "The answer has no refresh token: when the token has ended, people sign in again.");
}
