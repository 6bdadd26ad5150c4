// @ts-check
// A request of somebody as one of doorkey's: what a person types and what the session has stands in it as a template.

import { addressOf, expression, leaves } from "./exchange.js";
import { isMail, isOneTime, isPassword, isRefreshName, isServerSecret, plain, userRank } from "./names.js";
import { graphqlOf, saidBy } from "./roles.js";

/** @typedef {import("./exchange.js").Exchange} Exchange */
/** @typedef {(name: string, value: any) => string | undefined} Template the template for a field, or nothing */
/** @typedef {{ url: string, method?: string, headers?: Record<string, string>, query?: any, json?: any, form?: any, body?: string, credentials?: "include", attach?: boolean, ok?: string, message?: string }} Endpoint */

export const ACCESS = "{{ session.accessToken }}";
export const REFRESH = "{{ session.refreshToken }}";
export const PASSWORD = "{{ inputs.password }}";

/** @param {Exchange} exchange @param {Template} template @param {Template} [forHeader] by the name of a header @returns {Endpoint} */
export function endpointOf(exchange, template, forHeader = () => undefined) {
  const { origin, path, query } = addressOf(exchange.url);
  const { body, method } = exchange;
  const headers = Object.entries(exchange.headers).flatMap(([name, value]) => {
    const own = forHeader(name, value) ?? value;
    return own === "" ? [] : [[name, own]];
  });
  const asked = filled(query, template);
  const isAsked = JSON.stringify(asked) !== JSON.stringify(query);
  return {
    url: isAsked ? origin + path : exchange.url.replace(/#.*/, ""),
    ...(method !== (body ? "POST" : "GET") && { method }),
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
    ...(isAsked && { query: asked }),
    ...(body && {
      [body.kind === "text" ? "body" : body.kind]: graphqlOf(exchange)
        ? { ...filled(body.value, template), query: inDocument(graphqlOf(exchange), template) }
        : filled(body.value, template),
    }),
    ...(exchange.hasCookies && { credentials: /** @type {const} */ ("include") }),
  };
}

/** @param {any} value @param {Template} template */
function filled(value, template) {
  if (Object(value) !== value) return value;
  const copy = structuredClone(value);
  for (const { path, name, value: old } of leaves(value)) {
    const own = template(name, old);
    const last = path.at(-1);
    if (own !== undefined && last !== undefined) path.slice(0, -1).reduce((at, key) => at[key], copy)[last] = own;
  }
  return copy;
}

/** The arguments that a GraphQL document has as texts: there they need quotes. @param {string} document @param {Template} template */
const inDocument = (document, template) =>
  document.replace(/(\w+)(\s*:\s*)"((?:[^"\\]|\\.)*)"/g, (whole, name, colon, value) => {
    const own = template(name, value)?.replace(/^\{\{ | \}\}$/g, "");
    return own === undefined ? whole : `${name}${colon}{{ json(${own}) }}`;
  });

/** What a person types at a sign-in. @param {Exchange} exchange @returns {{ template: Template, user?: string, password?: string }} */
export function typedIn(exchange) {
  const inline = [...graphqlOf(exchange).matchAll(/(\w+)\s*:\s*"((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => ({
    path: [name],
    name,
    value,
  }));
  const said = [...saidBy(exchange), ...inline].filter(({ value }) => typeof value === "string" || typeof value === "number");
  const password = said.find(({ name }) => isPassword(name));
  // Of two that might be it, the one that is filled in.
  const rank = (/** @type {{ name: string, value: any }} */ { name, value }) => userRank(name) + (value === "" ? 0 : 100);
  const [user] = said.filter(({ name }) => userRank(name) > 0).sort((a, b) => rank(b) - rank(a));
  const template = (/** @type {string} */ name, /** @type {any} */ value) => {
    if (name === password?.name) return PASSWORD;
    if (name === user?.name && value === user.value) return userTemplate(name, value);
    if (isOneTime(name)) return '{{ inputs.code ?? "" }}';
    return undefined;
  };
  return { template, user: user && expression(user.path), password: password && expression(password.path) };
}

/** @param {string} name @param {any} [value] */
const userTemplate = (name, value) =>
  isMail(name) || /@/.test(String(value)) ? "{{ inputs.email }}" : "{{ inputs.username ?? inputs.email }}";

/**
 * The tokens in a request of a session.
 * @param {Exchange} exchange
 * @param {{ access?: any, refresh?: any, isRefresh: boolean, hasRefresh: boolean }} known the values that the answer had
 * @returns {Template}
 */
export function tokensIn(exchange, { access, refresh, isRefresh, hasRefresh }) {
  const isNamed =
    saidBy(exchange).some(({ name, value }) => isRefreshName(name) || (refresh !== undefined && value === refresh)) ||
    [...graphqlOf(exchange).matchAll(/(\w+)\s*:\s*"/g)].some(([, name]) => isRefreshName(name));
  return (name, value) => {
    if (plain(name) === "granttype" || typeof value !== "string") return undefined;
    if (value !== "" && value === access) return ACCESS;
    if (value !== "" && value === refresh) return REFRESH;
    if (isRefreshName(name)) return hasRefresh ? REFRESH : ACCESS;
    if (/^(token|jwt|sessiontoken|accesstoken|authtoken|access)$/.test(plain(name)))
      return isRefresh && hasRefresh && !isNamed && !/^access/.test(plain(name)) ? REFRESH : ACCESS;
    return undefined;
  };
}

/** A header that holds a token, with the token as a template. @param {string} name @param {string} value @param {{ access?: any, refresh?: any }} known @param {string} [other] the template for a token that nobody knows */
export function headerTemplate(name, value, { access, refresh }, other = ACCESS) {
  const bare = (/** @type {any} */ token) => (typeof token === "string" && token !== "" ? token.replace(/^Bearer /, "") : undefined);
  for (const [token, template] of [
    [bare(access), ACCESS],
    [bare(refresh), REFRESH],
  ])
    if (token && value.includes(token)) return value.replace(token, /** @type {string} */ (template));
  if (/^authorization$/i.test(name)) {
    const [, scheme, rest] = /^(?:([A-Za-z]+)\s+)?(.*)$/.exec(value) ?? [];
    if (/^basic$/i.test(scheme ?? "")) return undefined;
    const own = /refresh/i.test(rest ?? "") ? REFRESH : other;
    return scheme ? `${scheme} ${own}` : own;
  }
  return isTokenHeader(name) ? (isRefreshName(name) ? REFRESH : other) : undefined;
}

/** @param {string} name */
export const isTokenHeader = (name) => /token|session|x-auth/i.test(name) && !/csrf|xsrf|type$/i.test(name) && !isServerSecret(name);

/** Where a person has to put something of their own, as documents write it. @param {string} text */
export const placeholders = (text) =>
  [...text.matchAll(/\$\{?[A-Za-z_]\w*\}?|<[A-Za-z][\w -]*>|(?<!\{)\{[A-Za-z_][\w-]*\}(?!\})|\bYOUR[_-][\w-]+/gi)].map(([found]) => found);
