// @ts-check
// What the other requests of a session carry, and where they may go.

import { carriedTemplate, unexplained } from "./carried.js";
import { ACCESS, headerTemplate, isTokenHeader } from "./endpoint.js";
import { addressOf } from "./exchange.js";
import { isAppKey } from "./names.js";

/** @typedef {import("./exchange.js").Exchange} Exchange */

const BEARER = `Bearer ${ACCESS}`;
/** Headers against forged requests, with the cookie that each is a copy of. */
const FORGERY = /** @type {Record<string, string>} */ ({
  "x-xsrf-token": "XSRF-TOKEN",
  "x-csrftoken": "csrftoken",
  "x-csrf-token": "csrf_token",
});

/**
 * @param {any} options
 * @param {{ roles: import("./roles.js").Roles, values: { access?: any, refresh?: any }, carried: import("./carried.js").Carried[], token?: string, isCookie: boolean, known?: any }} of
 * @param {(path: string, text: string) => void} because @param {(text: string) => void} miss
 */
export function attachTo(options, { roles, values, carried, token, isCookie, known }, because, miss) {
  const { signin, refresh, revoke, before, authorised } = roles;
  const signHeaders = signin?.headers ?? {};
  const headers = /** @type {Record<string, string>} */ ({});
  const others = authorised.filter((each) => each !== refresh);
  for (const { headers: sent } of others) {
    for (const [name, value] of Object.entries(sent)) {
      const isStatic = signHeaders[name] === value;
      const own = isStatic ? undefined : headerTemplate(name, value, values);
      if (own?.includes(ACCESS) && !isCookie) headers[name] ??= own;
    }
  }
  // Where no other request was pasted, the names of the answer's headers are all that tells.
  if (carried.length > 0 && token && others.length === 0) headers[token] = ACCESS;
  const inTokens = Object.keys(headers);
  for (const each of carried) headers[each.header] ??= carriedTemplate(each);
  const keys = Object.entries(signHeaders).filter(([name, value]) => isAppKey(name) && !isTokenHeader(name) && !value.includes("{{"));
  const isUsual = Object.entries(headers).every(([name, value]) => /^authorization$/i.test(name) && value === BEARER);
  const attach = /** @type {any} */ ({});
  if (!isUsual || keys.length > 0)
    attach.headers = {
      ...(Object.keys(headers).length === 0 && !isCookie ? { Authorization: BEARER } : headers),
      ...Object.fromEntries(keys),
    };
  else if (known?.attach?.headers) attach.headers = known.attach.headers;
  if (!isUsual && inTokens.length > 0)
    because(
      "attach.headers",
      others.length > 0
        ? `The other requests carry the token in ${inTokens.join(", ")}.`
        : `The answer has the headers of devise_token_auth: each request carries the token in ${inTokens.join(", ")}.`,
    );
  else if (Object.keys(headers).length > 0)
    because("attach", "The other requests carry the token as Authorization: Bearer, which doorkey writes by itself.");
  if (carried.length > 0)
    because("attach.headers", `Beside the token they carry ${carried.map((each) => `${each.header} (${each.place})`).join(", ")}.`);
  const left = signin ? unexplained(carried, { signin, others, told: inTokens }) : [];
  if (left.length > 0)
    because(
      "attach.headers",
      `The other requests carry also ${left.join(", ")}, which no answer here has: write it there, if the server needs it.`,
    );
  if (keys.length > 0) because("attach.headers", `${keys.map(([name]) => name).join(", ")} tells the app, and every request needs it.`);
  forgery(attach, options, { signin, before }, because, miss);

  const [own, more] = originsOf(
    options.flows,
    others.filter((each) => each !== revoke),
  );
  if (more.length > 0) {
    attach.origins = [...own.filter((origin) => /^https?:/.test(origin)), ...more];
    because("attach.origins", `The token goes also to ${more.join(", ")}, another origin than the sign-in’s.`);
  }
  if (Object.keys(attach).length > 0) options.attach = attach;
}

/** The origins of the flows, and those that requests went to besides. @param {any} flows @param {Exchange[]} others */
function originsOf(flows, others) {
  const endpoints = Object.values(flows).flatMap((flow) => [flow].flat().map((step) => step.request ?? step));
  const own = new Set(endpoints.flatMap(({ url }) => (url ? [addressOf(url).origin] : [])));
  const more = new Set(others.map(({ url }) => addressOf(url).origin));
  return [[...own], [...more].filter((origin) => /^https?:\/\/[^/$<{]+$/.test(origin) && !own.has(origin))];
}

/** @param {any} attach @param {any} options @param {{ signin?: Exchange, before?: Exchange }} of @param {(path: string, text: string) => void} because @param {(text: string) => void} miss */
function forgery(attach, options, { signin, before }, because, miss) {
  const header =
    Object.keys(signin?.headers ?? {}).find((name) => /csrf|xsrf/i.test(name)) ??
    (before && !JSON.stringify(options.flows.signin).includes("{{ http1.body") ? "X-XSRF-TOKEN" : undefined);
  if (!header || JSON.stringify(options.flows.signin).includes("{{ http1.body")) return;
  const set = /([\w-]*(?:csrf|xsrf)[\w-]*)=/i.exec(before?.answer?.headers["set-cookie"] ?? "")?.[1];
  const cookie = set ?? FORGERY[header.toLowerCase()];
  if (!cookie) return miss(`The sign-in carries ${header}. Write the cookie that it is a copy of into attach.csrf.`);
  for (const step of [options.flows.signin].flat()) delete (step.request ?? step).headers?.[header];
  attach.csrf = { cookie, header };
  because("attach.csrf", `${header} is a copy of the cookie ${cookie}: it protects from forged requests.`);
}
