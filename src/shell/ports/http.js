// @ts-check
// Requests: those of flows, by the host if it has its own way, and the caller's own.

import { dataOf } from "../copy.js";
import { isFunction, member, object, read } from "../own.js";
import { Carried } from "../wire.js";
import { answer, answerOf, isResponse, LONGEST, numberOf } from "./answer.js";
import { drop, jsonOf, trailers } from "./body.js";
import { prove } from "./dpop.js";
import { flat, named, pairs } from "./headers.js";
import { called } from "./host.js";
import { isBodiless, isLedAway } from "./request.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {{ url: string, method: string, headers: string[], proof?: import("./dpop.js").Proof, body?: string, credentials: RequestCredentials, redirect: "follow" | "own" | "seen" }} Http */
/** @typedef {{ headers: string[], proof?: import("./dpop.js").Proof, refusesRedirect?: boolean, withCookies?: boolean, body?: string, url?: string }} Added what is put on a request */
/** @typedef {Added & { call: number, isAuthorised: boolean, look: boolean, fromHeader?: string, longest: number }} Send */

/** The answer to a request that can't be proved to be of its session. */
const KEY_LOST = { isKeyLost: true };

/** Sends a flow's request and reads the whole answer. @param {Page} page @param {Http & { id: number }} message */
export const http = (page, message) =>
  page.answerLater("http", message.id, async () => {
    const { id, headers, proof } = message;
    const abort = new AbortController();
    page.aborts.set(id, abort);
    try {
      if (proof && !(await prove(headers, proof))) return KEY_LOST;
      // A host can't be told to stop, but need not begin.
      if (abort.signal.aborted) throw abort.signal.reason;
      return await (isFunction(member(page.host, "http")) ? byHost(page.host, message) : byFetch(message, abort.signal));
    } finally {
      page.aborts.delete(id);
    }
  });

/** @param {any} host @param {Http} request */
async function byHost(host, { url, method, headers, body }) {
  const given = await called(host, "http", { url, method, headers: object(headers), body });
  if (isResponse(given)) return answerOf(given);
  const named = /** @type {string[]} */ ([]);
  const found = /** @type {Record<string, unknown>} */ (dataOf(member(given, "headers")) ?? {});
  for (const name of Object.keys(found)) named.push(name.toLowerCase(), /** @type {any} */ (found[name]));
  const answered = read(given, "body");
  const isTooLong = typeof answered === "string" && answered.length > LONGEST;
  return answer({ status: member(given, "status"), url }, named, isTooLong ? undefined : answered, isTooLong);
}

/** @param {Http} request @param {AbortSignal} signal */
async function byFetch({ url, method, headers, body, credentials, redirect }, signal) {
  if (isLedAway(url)) throw new Error("a <base> leads this request to another origin");
  const init = bare({
    method,
    headers: pairs(headers),
    body,
    credentials,
    mode: redirect === "own" ? "same-origin" : undefined,
    redirect: redirect === "seen" ? "manual" : "follow",
    cache: "no-store",
    referrerPolicy: "no-referrer",
    signal,
  });
  const response = await followed(url, init).catch(async (cause) => {
    // A page that is left ends its requests, and tells nobody: the next one would hold that against the server.
    await new Promise((resolve) => setTimeout(resolve));
    if (redirect !== "own") throw cause;
    throw new Error("the server can't be reached, or redirects this request to another origin", { cause });
  });
  if (!response) return { isRedirect: true };
  return answerOf(response);
}

/** So many redirects are followed, as by browsers. */
const MOST_REDIRECTS = 20;

/**
 * Follows the redirects that `init` leaves to us, within their origin; `undefined` where one leads elsewhere, or can't be seen.
 * @param {string} url @param {any} init @returns {Promise<Response | undefined>}
 */
async function followed(url, init) {
  for (let left = MOST_REDIRECTS; left >= 0; left--) {
    const response = await fetch(url, init);
    if (init.redirect !== "manual") return response;
    if (response.type === "opaqueredirect") return;
    const { status } = response;
    // Only Node and its like show where a redirect leads.
    const location = /^30[12378]$/.test(String(status)) && response.headers.get("location");
    if (!location) return left < MOST_REDIRECTS ? Object.defineProperty(response, "redirected", { value: true }) : response;
    drop(response);
    const next = new URL(location, url);
    if (next.origin !== new URL(url).origin) return;
    // As browsers do it: what the request was for is done, and the answer stands elsewhere.
    if (status < 307 && !/^(GET|HEAD)$/.test(init.method)) {
      const rest = init.headers.filter((/** @type {string[]} */ [name]) => !/^content-/i.test(name));
      Object.assign(init, { method: "GET", body: undefined, headers: rest });
    }
    url = next.href;
  }
}

/** Nobody waits for that answer any more. @param {Page} page @param {{ id: number }} message */
export function abort(page, { id }) {
  page.late.add(id);
  page.aborts.get(id)?.abort(new Error("the time limit has passed"));
}

/** A response as gloo-net reads it: its status, which has been looked at already. @param {number} status */
export const shown = (status) => ({ status });

/** Sends the caller's own request, with what is put on it; gives the response, and what core must see of it. @param {Page} page @param {Send & { id: number }} message */
export const send = (page, message) =>
  page.answerLater("send", message.id, async () => {
    const waiting = page.session.calls.get(message.call);
    if (!waiting) throw new Error("nobody waits for this any more");
    // Nobody gets the first answer once there is a second try, and a connection would wait for who reads it.
    drop(waiting.response);
    // One that has gone ahead is on its way.
    const { abort, sending } = waiting.begun ?? begun(waiting, message);
    waiting.begun = undefined;
    page.aborts.set(message.id, abort);
    const answered = await sending.finally(() => page.aborts.delete(message.id));
    if (answered === KEY_LOST) return KEY_LOST;
    const response = (waiting.response = /** @type {Response} */ (answered));
    return {
      given: new Carried("OTHER", response),
      status: numberOf(member(response, "status")),
      seen: await seen(response, message),
    };
  });

/**
 * Lets the caller's signal end a call, whatever it waits for and for whatever reason; true: it has ended already.
 * @param {import("../session.js").Session} session @param {number} call @param {AbortSignal} signal
 */
export function heedsAbort(session, call, signal) {
  const end = () =>
    session.settle({ call, error: { code: "ERR_CANCELLED", message: "the request was aborted", retryable: false, cause: signal.reason } });
  if (signal.aborted) end();
  else signal.addEventListener("abort", end);
  return signal.aborted;
}

/** Begins to send a caller's own request, or to a URL alone. @param {Partial<import("./request.js").Made>} what @param {Added} added */
export function begun({ request, url, signal, text }, added) {
  const abort = new AbortController();
  const sending = request ? sent({ request, signal, text }, abort, added) : sentTo(/** @type {string} */ (url), abort, added);
  // Node follows a signal for as long as somebody holds the request.
  if (request && signal) sending.then((response) => HELD?.set(member(response, "body") ?? response, request)).catch(() => {});
  return { abort, sending };
}

/** By the body of an answer, which may be read for long, the request whose signal ends it; not each builder lends a WeakMap. */
const HELD = typeof WeakMap === "function" ? new WeakMap() : undefined;

/** With the one header of a permit. @param {string} url @param {AbortController} abort @param {Added} added */
const sentTo = async (url, { signal }, { headers: [name, value] }) =>
  fetch(url, /** @type {RequestInit} */ ({ __proto__: null, headers: { [name]: value }, signal }));

/**
 * Whoever aborts it, its maker or the time limit, the connection is free again: a browser has six for a server.
 * @param {{ request: Request, signal?: any, text?: string }} what the signal is that of its maker, who may have given none
 * @param {AbortController} abort @param {Added} added
 */
async function sent({ request, signal, text }, abort, { headers, refusesRedirect, withCookies, body = text, url, proof }) {
  // What has no body, or one that we have, can be sent twice.
  const base = isBodiless(request) || body !== undefined ? request : request.clone();
  const follow = () => abort.abort(signal.reason);
  if (signal?.aborted) follow();
  else signal?.addEventListener("abort", follow);
  if (proof && !(await prove(headers, proof))) return KEY_LOST;
  // Whatever is put on a request takes these two from it.
  const { referrer, referrerPolicy } = base;
  const init = bare({ headers: new Headers(base.headers), signal: abort.signal, referrer, referrerPolicy });
  for (const [name, value] of pairs(headers)) init.headers.set(name, value);
  if (withCookies) init.credentials = "include";
  if (body !== undefined) init.body = body;
  if (refusesRedirect) init.redirect = "error";
  if (url === undefined) return fetch(base, init);
  // A request can't be made for another URL with the body of a first: in Chromium that would be a stream.
  const given = base === request ? undefined : await base.arrayBuffer();
  const { method, mode, credentials, cache, redirect, integrity, keepalive } = base;
  const same = { method, credentials, cache, redirect, integrity, keepalive };
  return fetch(url, bare({ ...same, mode: mode === "navigate" ? "cors" : mode, body: given?.byteLength ? given : undefined, ...init }));
}

/** What core must see of a response beside its status; a body that is no JSON is left to the caller alone. @param {Response} response @param {Send} message */
async function seen(response, { isAuthorised, look, fromHeader, longest, proof }) {
  if (!isAuthorised) return;
  try {
    const type = response.headers.get("content-type") ?? "";
    const isGrpc = type.startsWith("application/grpc-web");
    // All of them only for an expression that may ask for any.
    const headers = look
      ? flat(response.headers)
      : named(response.headers, ["grpc-status", fromHeader, ...(proof ? ["dpop-nonce", "www-authenticate", "date"] : [])]);
    if (isGrpc) headers.push(...(await trailers(response.clone(), longest)));
    const { status, url, redirected } = response;
    const told = { url: redirected ? url : undefined, headers: dataOf(object(headers)) };
    if (!look) return headers.length || redirected ? told : undefined;
    const body = !isGrpc && !STREAMS.test(type) ? await jsonOf(response.clone(), longest) : undefined;
    return { ...told, status, url, redirected, body: dataOf(body) };
  } catch {} // A response of a host's own making may lack anything, and the caller gets it all the same.
}

/** What may never end: server-sent events, JSON by lines or by sequences, and Connect's frames. */
const STREAMS = /event-stream|(nd|stream\W?|connect\+)json|json(l|-seq|lines|stream)/i;

/** Without what a page has put on all objects, which `fetch` would take for its own. @param {object} init @returns {any} */
const bare = (init) => Object.assign(Object.create(null), init);
