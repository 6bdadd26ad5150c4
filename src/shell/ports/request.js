// @ts-check
// Requests before they are sent: the caller's own, as it was given, and where the address of a flow's leads.

import { dataOf, textOf } from "../copy.js";
import { probe } from "../module.js";
import { isFunction, member, ownOrigin, read } from "../own.js";
import { Refusal } from "../refusal.js";

/** @typedef {ReturnType<typeof made>} Made a request as it was given */

/** What all know of the second argument of `fetch`. */
const MEMBERS =
  "method headers body mode credentials cache redirect referrer referrerPolicy integrity keepalive signal window duplex".split(" ");

/**
 * The second argument of `fetch`, each member read once: those that all know, and those of one browser or runtime (`priority`,
 * `proxy`, `dispatcher`), most of which a Request does not carry.
 * @param {any} init
 */
function taken(init) {
  const known = Object.create(null);
  const more = Object.create(null);
  for (const name of MEMBERS) {
    const value = read(init, name);
    if (value !== undefined) known[name] = value;
  }
  for (const name of Object.keys(init ?? {})) {
    const value = MEMBERS.includes(name) ? undefined : member(init, name);
    if (value !== undefined) more[name] = value;
  }
  return { known, more };
}

/**
 * What `fetch` was called with: a request that is kept to be sent twice, and what only the words of its maker show.
 * @param {any} input @param {any} init
 */
export function made(input, init) {
  const { known, more } = taken(init);
  const { body, redirect, credentials, signal = member(input, "signal"), keepalive = member(input, "keepalive") } = known;
  const request = new Request(input, typeof init === "object" && init ? { __proto__: null, ...known, ...more } : init);
  const text = typeof body === "string" ? body : body instanceof URLSearchParams ? String(body) : undefined;
  return {
    request,
    // Its own follows this one in Node for as long as somebody holds the request, which may be shorter than the answer takes.
    signal,
    url: textOf(request.url),
    text,
    // What is too long to be looked at is sent as it is.
    body: dataOf(text),
    form: typeof FormData === "function" && body instanceof FormData && isFunction(member(body, "forEach")) ? copied(body) : undefined,
    more: init ? more : undefined,
    keepsAlive: !!keepalive,
    isReplayable: !isFunction(member(body, "getReader")),
    redirectChosen: redirect !== undefined,
    credentialsChosen: credentials !== undefined,
  };
}

/** @param {FormData} form */
function copied(form) {
  const copy = new FormData();
  form.forEach((value, name) => copy.append(name, value));
  return copy;
}

/**
 * What is read of a caller's request, or why it is none.
 * @template T @param {() => T} read
 */
export function readable(read) {
  try {
    return read();
  } catch (cause) {
    // It may be for want of stack.
    probe();
    throw new Refusal("ERR_INVALID_OPTION", "the browser can't make a request of this", { path: "input", cause });
  }
}

/** What core must know of it. @param {Partial<Made>} made */
export function told({ request, text, redirectChosen, credentialsChosen, url, body, isReplayable }) {
  const { method, headers } = /** @type {Request} */ (request);
  const credentials = member(request, "credentials");
  return {
    url,
    method: textOf(method),
    headerNames: [...headers.keys()],
    contentType: headers.get("content-type") ?? undefined,
    body,
    isUnread: text === undefined && !isBodiless({ method }),
    isReplayable,
    // A request that was made before shows only what is not the default.
    redirectChosen: redirectChosen || (member(request, "redirect") ?? "follow") !== "follow",
    credentials,
    credentialsChosen: credentialsChosen || (credentials ?? "same-origin") !== "same-origin",
  };
}

/** Whether there is nothing in it that only one request can take. @param {{ method: string }} request */
export const isBodiless = ({ method }) => /^(GET|HEAD)$/.test(method);

/** Whether a base element takes what is relative, and so the page's own, to another origin. @param {string} url */
export function isLedAway(url) {
  const own = ownOrigin() ?? "null";
  return own !== "null" && isFunction(globalThis.Request) && new URL(new Request(url).url).origin !== new URL(url, own).origin;
}
