// @ts-check
// Requests: those of flows, by the host if it has its own way, and the caller's own.

import { dataOf } from "../copy.js";
import { now } from "../module.js";
import { isFirefox, isFunction, member, object, read } from "../own.js";
import { Carried } from "../wire.js";
import { answer, answerOf, isResponse, LONGEST, numberOf } from "./answer.js";
import { drop, jsonOf, trailers } from "./body.js";
import { prove } from "./dpop.js";
import { flat, named, pairs } from "./headers.js";
import { called } from "./host.js";
import { isBodiless, isLedAway } from "./request.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {import("./request.js").Made} Made */
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
      if (proof && !(await prove(page.session.keys, headers, proof))) return KEY_LOST;
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
  const size = 3 * (body?.length ?? 0);
  // Firefox shows no such request to a service worker, which may be what answers here.
  const isAlone = !member(member(globalThis.navigator, "serviceWorker"), "controller");
  const outlives = isFirefox() && isAlone && method !== "GET" && outliving + size <= MOST_OUTLIVING;
  const init = bare({
    method,
    headers: pairs(headers),
    body,
    credentials,
    mode: redirect === "own" ? "same-origin" : undefined,
    redirect: redirect === "seen" ? "manual" : "follow",
    cache: "no-store",
    referrerPolicy: "no-referrer",
    // Firefox ends all others as soon as a link is clicked, be it a download: the token that this spends would be the last one.
    keepalive: outlives ? true : undefined,
    signal,
  });
  let leftAt = Number.NEGATIVE_INFINITY;
  const leave = () => void (leftAt = now());
  const page = isFunction(member(globalThis, "addEventListener")) ? globalThis : undefined;
  page?.addEventListener("beforeunload", leave);
  if (outlives) outliving += size;
  try {
    return await answered(url, init, redirect).catch(async (cause) => {
      // A page that is left ends its requests, and tells nobody: the next one would hold that against the server.
      await new Promise((resolve) => setTimeout(resolve, now() - leftAt < LEAVING_MS ? GONE_MS : 0));
      throw cause;
    });
  } finally {
    if (outlives) outliving -= size;
    page?.removeEventListener("beforeunload", leave);
  }
}

/** Firefox and WebKit end the requests of a page that is about to be left within a tenth of that, long before it has gone. */
const LEAVING_MS = 250;
/** Who is still there by then has stayed. */
const GONE_MS = 5000;

/** Browsers allow 64 kB of bodies at once in requests that outlive their page; the app has some, too. */
const MOST_OUTLIVING = 30_000;
/** So many bytes of ours are under way so, at most. */
let outliving = 0;

/** @param {string} url @param {any} init @param {Http["redirect"]} redirect */
async function answered(url, init, redirect) {
  const response = await followed(url, init).catch((cause) => {
    if (redirect !== "own") throw cause;
    throw new Error("the server can't be reached, or redirects this request to another origin", { cause });
  });
  return response ? answerOf(response) : { isRedirect: true };
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
    const { abort, sending } = waiting.begun ?? begun(/** @type {Made} */ (waiting.made), message, !!waiting.response, page.session.keys);
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
  const waiting = session.calls.get(call);
  if (signal.aborted) end();
  else signal.addEventListener("abort", end);
  // One that lives on would keep what it has to end.
  if (waiting) waiting.deaf = () => signal.removeEventListener("abort", end);
  return signal.aborted;
}

/**
 * Begins to send a caller's own request, or to a URL alone.
 * @param {Partial<Made>} made @param {Added} added @param {boolean} [isSecond] whether the first answer was a refusal
 * @param {import("./dpop.js").Keys} [keys] where a proof is added
 */
export function begun(made, added, isSecond, keys) {
  const abort = new AbortController();
  const sending = made.request
    ? sent(/** @type {Made} */ (made), abort, added, isSecond, keys)
    : sentTo(/** @type {string} */ (made.url), abort, added);
  return { abort, sending };
}

/** With the one header of a permit. @param {string} url @param {AbortController} abort @param {Added} added */
const sentTo = async (url, { signal }, { headers: [name, value] }) =>
  fetch(url, /** @type {RequestInit} */ ({ __proto__: null, headers: { [name]: value }, signal }));

/**
 * Sends a copy, to which the headers are added: where they are given beside a request, it loses what makes it one of the page's
 * own tags, and the letters of its names.
 * @param {Made} made @param {AbortController} abort @param {Added} added @param {boolean} [isSecond] @param {import("./dpop.js").Keys} [keys]
 */
async function sent(made, abort, { headers, refusesRedirect, withCookies, body: changed, url, proof }, isSecond, keys) {
  const { request, signal, text, more, keepsAlive } = made;
  const body = changed ?? text;
  if (proof && !(await prove(/** @type {import("./dpop.js").Keys} */ (keys), headers, proof))) return KEY_LOST;
  // Whatever is said beside a request takes these two from it.
  const { referrer, referrerPolicy } = request;
  const init = bare({ ...more, referrer, referrerPolicy, signal: signal ? either(made, abort) : abort.signal });
  // Firefox forgets it; and what the first request has of the 64 kB that a page may leave behind may not be free yet.
  if (keepsAlive) init.keepalive = !isSecond;
  if (withCookies) init.credentials = "include";
  if (refusesRedirect) init.redirect = "error";
  if (url !== undefined) return sentElsewhere(url, made, headers, body, init);
  // What has no body can be sent twice, and so can a text.
  const isSame = body === undefined && isBodiless(request) && !headers.length;
  const copy = isSame ? request : body === undefined ? request.clone() : new Request(request, bare({ body, referrer, referrerPolicy }));
  put(headers, copy);
  // Nothing that need not be is said beside one that a tag or a navigation has made, as a service worker sees it: it would be one no more.
  const isWhole = !more && !withCookies && !refusesRedirect && changed === undefined && /^(navigate|no-cors)$/.test(request.mode);
  return isWhole ? fetch(copy) : fetch(copy, init);
}

/**
 * A request can't be made for another URL with the body of a first: in Chromium that would be a stream. WebKit can't read a form
 * with a file out of one.
 * @param {string} url @param {Made} made @param {string[]} headers @param {string | undefined} body @param {any} init
 */
async function sentElsewhere(url, { request, form }, headers, body, init) {
  const { method, mode, credentials, cache, redirect, integrity, keepalive } = request;
  const whole = bare({ method, credentials, cache, redirect, integrity, keepalive, headers: new Headers(request.headers), ...init });
  whole.mode = mode === "navigate" ? "cors" : mode;
  whole.body = body ?? form;
  if (whole.body === undefined && !isBodiless(request)) {
    const bytes = await request.clone().arrayBuffer();
    if (bytes.byteLength) whole.body = bytes;
  }
  // That names where its parts end.
  if (whole.body && whole.body === form) whole.headers.delete("content-type");
  put(headers, whole);
  return fetch(url, whole);
}

/** @param {string[]} list @param {{ headers: Headers }} on */
function put(list, { headers }) {
  for (const [name, value] of pairs(list)) headers.set(name, value);
}

/**
 * What ends with either: whoever aborts it, its maker or the time limit, the connection is free again: a browser has six for a server.
 * @param {Made} made @param {AbortController} abort
 */
function either({ signal, request }, abort) {
  const any = member(globalThis.AbortSignal, "any");
  if (isFunction(any)) return any.call(AbortSignal, [signal, abort.signal]);
  // That of the request goes with it.
  const own = request.signal;
  const follow = () => abort.abort(own.reason);
  if (own.aborted) follow();
  else own.addEventListener("abort", follow);
  return abort.signal;
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
