// @ts-check
// Which of the requests signs in, which refreshes, which signs out, and which asks who one is.

import { addressOf, leaves } from "./exchange.js";
import { isPassword, isRefreshName, plain } from "./names.js";

/** @typedef {import("./exchange.js").Exchange} Exchange */
/** @typedef {{ signin?: Exchange, before?: Exchange, refresh?: Exchange, revoke?: Exchange, check?: Exchange, authorised: Exchange[] }} Roles */

const SIGN_IN =
  /(log|sign)-?_?in|\/auth(enticate|entication)?\b|\/tokens?\b|\/jwt\b|\/sessions?\b|auth-with-password|verifypassword|\/create\b/i;
const REFRESH = /refresh|renew|rotate/i;
const SIGN_OUT = /(log|sign)-?_?(out|off)\b|revoke|blacklist|invalidate/i;
const CHECK = /\/(me|whoami|user-?info|profile|account|user|session|current(-?user)?|verify)\/?$/i;
const CSRF = /csrf|xsrf/i;

/** The text of a GraphQL document, or nothing. @param {Exchange} exchange @returns {string} */
export const graphqlOf = ({ body }) => (body?.kind === "json" && typeof body.value?.query === "string" ? body.value.query : "");

/** Where a request goes, with what GraphQL or an RPC asks for there. @param {Exchange} exchange */
const aim = (exchange) => {
  const { path } = addressOf(exchange.url);
  const field = /\{\s*(?:\w+\s*:\s*)?(\w+)/.exec(graphqlOf(exchange))?.[1];
  return field ? `/${field.replace(/([a-z])([A-Z])/g, "$1-$2")}` : path;
};

/** What a request says: its body, its query, and its `-u`. @param {Exchange} exchange */
export const saidBy = (exchange) => [...leaves(exchange.body?.value ?? {}), ...leaves(addressOf(exchange.url).query)];

/** @param {Exchange[]} exchanges @returns {Roles} */
export function rolesOf(exchanges) {
  const best = (/** @type {(exchange: Exchange) => number} */ score, /** @type {(Exchange | undefined)[]} */ taken) => {
    const scored = exchanges.filter((each) => !taken.includes(each)).map((each) => ({ each, points: score(each) }));
    return scored.filter(({ points }) => points > 0).sort((a, b) => b.points - a.points)[0]?.each;
  };
  const refresh = best(refreshScore, []);
  const signin = best(signInScore, [refresh]);
  const revoke = best(signOutScore, [refresh, signin]);
  const taken = [refresh, signin, revoke];
  const check = best((each) => (each.method === "GET" && CHECK.test(aim(each)) && isAuthorised(each) ? 1 : 0), taken);
  const first = signin ? exchanges.indexOf(signin) : 0;
  const before = exchanges.slice(0, first).find((each) => each.method === "GET" && CSRF.test(aim(each)));
  const authorised = exchanges.filter((each) => each !== signin && each !== before && isAuthorised(each));
  return { signin, refresh, revoke, check, before, authorised };
}

/** @param {Exchange} exchange */
export const isAuthorised = (exchange) =>
  exchange.hasCookies === true || Object.keys(exchange.headers).some((name) => /^authorization$|token|session|x-auth/i.test(name));

/** @param {Exchange} exchange */
function refreshScore(exchange) {
  const said = saidBy(exchange);
  if (said.some(({ name }) => isPassword(name)) || SIGN_OUT.test(aim(exchange))) return 0;
  const isGrant = said.some(({ name, value }) => plain(name) === "granttype" && /refresh/.test(String(value)));
  const isNamed = REFRESH.test(aim(exchange));
  const carries = said.some(({ name }) => isRefreshName(name));
  return (
    (isGrant ? 4 : 0) +
    (isNamed && exchange.method !== "GET" ? 3 : 0) +
    (isNamed && exchange.method === "GET" ? 2 : 0) +
    (carries && (isNamed || isGrant) ? 1 : 0)
  );
}

/** @param {Exchange} exchange */
function signInScore(exchange) {
  const said = saidBy(exchange);
  const hasPassword = said.some(({ name }) => isPassword(name)) || /pass\w*\s*:/i.test(graphqlOf(exchange));
  const isNamed = SIGN_IN.test(aim(exchange)) && !SIGN_OUT.test(aim(exchange)) && !REFRESH.test(aim(exchange));
  const isOther = /sign-?_?up|register|reset|forgot|change|\/users\/?$|\/passwords?\/?$/i.test(aim(exchange));
  if (exchange.isGuess) return isNamed ? 3 : 1;
  if (!hasPassword && exchange.basic === undefined) return 0;
  const grants = said.some(({ name, value }) => plain(name) === "granttype" && value === "password");
  return (
    (hasPassword ? 4 : 1) +
    (isNamed ? 3 : 0) +
    (grants ? 2 : 0) +
    (exchange.answer && exchange.answer.status < 400 ? 1 : 0) -
    (isOther ? 5 : 0) -
    ((exchange.answer?.status ?? 200) >= 400 ? 2 : 0)
  );
}

/** @param {Exchange} exchange */
function signOutScore(exchange) {
  if (SIGN_OUT.test(aim(exchange))) return 2;
  return exchange.method === "DELETE" && /sessions?|tokens?|auth/i.test(aim(exchange)) ? 1 : 0;
}
