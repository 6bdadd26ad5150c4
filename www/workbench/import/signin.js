// @ts-check
// The request that signs in as a flow: what a person types, what a page can't keep, and what stands before it.

import { endpointOf, PASSWORD, typedIn } from "./endpoint.js";
import { expression, leaves, titleOf } from "./exchange.js";
import { isServerSecret } from "./names.js";
import { graphqlOf } from "./roles.js";

/** @typedef {import("./exchange.js").Exchange} Exchange */
/** @typedef {import("./options.js").Because} Because @typedef {import("./options.js").MissIt} MissIt */

/** @param {Exchange} exchange @param {Because} because @param {MissIt} miss */
export function signInOf(exchange, because, miss) {
  if (exchange.isGuess) {
    because(
      "flows.signin",
      "Nobody has written what this address takes: JSON with email and password is the most usual. Is it something else, change it.",
    );
    return {
      url: exchange.url.replace(/#.*/, ""),
      json: { email: "{{ inputs.email }}", password: PASSWORD },
      ...(exchange.hasCookies && { credentials: "include" }),
    };
  }
  const { template, user, password } = typedIn(exchange);
  const given = Object.entries(exchange.headers).find(([name]) => /^authorization$/i.test(name))?.[1];
  const basic = exchange.basic ?? decoded(given);
  const own = endpointOf(exchange, template, (name, value) =>
    /^authorization$/i.test(name) && /^(basic|bearer \$)/i.test(value) ? "" : undefined,
  );
  if (basic !== undefined && password === undefined) {
    own.headers = {
      ...own.headers,
      Authorization: '{{ concat("Basic ", base64(concat(inputs.username ?? inputs.email, ":", inputs.password))) }}',
    };
    because("flows.signin", `${titleOf(exchange)} signs in: the name and the password are its -u, the header Authorization.`);
  } else {
    because(
      "flows.signin",
      `${titleOf(exchange)} signs in: ${password ?? "a field of it"} is the password${user ? `, ${user} who it is` : ""}.`,
    );
    if (basic !== undefined && /:$/.test(basic)) own.headers = { ...own.headers, Authorization: `Basic ${btoa(basic)}` };
    else if (basic !== undefined)
      miss(
        "The request has a client secret in its -u. A page can't keep one, so it is left out: make a public client at the server, or let a query of the builder's server send this request.",
      );
  }
  for (const place of ["form", "json", "headers"]) {
    const held = /** @type {any} */ (own)[place];
    for (const name of Object.keys(Object(held))) {
      if (!isServerSecret(name)) continue;
      delete held[name];
      miss(
        `The request has ${name}. A page can't keep it, so it is left out: make a public client at the server, or let a query of the builder's server send this request.`,
      );
    }
  }
  if (exchange.body?.isMultipart)
    because(
      "flows.signin.form",
      "It was a multipart form: doorkey sends the same fields as a form that is URL-encoded, which nearly every server takes.",
    );
  return { ...own, ...judged(exchange) };
}

/** @param {string | undefined} header */
function decoded(header) {
  const text = /^Basic\s+([\w+/=-]+)$/i.exec(header ?? "")?.[1];
  try {
    return text && atob(text);
  } catch {
    return undefined;
  }
}

/** Where a server says no with a status of 200. @param {Exchange} exchange */
export function judged(exchange) {
  if (graphqlOf(exchange))
    return { ok: "{{ !(response.body.errors ?? false) }}", message: '{{ response.body.errors[0].message ?? "The server refused." }}' };
  if (exchange.body?.kind === "json" && exchange.body.value?.jsonrpc)
    return {
      ok: "{{ !(response.body.error ?? false) }}",
      message: '{{ response.body.error.data.message ?? response.body.error.message ?? "The server refused." }}',
    };
  return {};
}

/** A sign-in that another request stands before. @param {Exchange} before @param {Exchange} signin @param {any} endpoint @param {Because} because */
export function afterToken(before, signin, endpoint, because) {
  const held = leaves(before.answer?.body).find(({ name, path }) => path.length > 0 && /csrf|xsrf/i.test(name));
  const first = endpointOf({ ...before, hasCookies: true }, () => undefined);
  because("flows.signin", `${titleOf(before)} stands before ${titleOf(signin)}: it gives what protects from forged requests.`);
  const text = held ? `{{ http1.body.${expression(held.path)} }}` : undefined;
  for (const place of ["json", "form", "headers"])
    for (const name of Object.keys(Object(endpoint[place]))) if (text && /csrf|xsrf/i.test(name)) endpoint[place][name] = text;
  return [{ request: first }, { request: { ...endpoint, credentials: "include" } }];
}
