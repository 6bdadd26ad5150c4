// @ts-check
// Requests: those of flows, by the host if it has its own way, and the caller's own.

import { copy, dataOf, parsed, textOf } from "../copy.js";
import { isFunction, member, object, read } from "../own.js";
import { Carried, utf16 } from "../wire.js";
import { called } from "./host.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {[name: string, value: string][]} Pairs */
/** @typedef {{ url: string, method: string, headers: string[], body?: string, credentials: RequestCredentials, redirect: RequestRedirect, cookie?: string, header?: string, longest: number }} Http */
/** @typedef {{ call: number, headers: string[], cookie?: string, header?: string, refusesRedirect: boolean, look: boolean, longest: number, body?: string, url?: string }} Send */

/** Sends a flow's request and reads the whole answer. @param {Page} page @param {Http & { id: number }} message */
export const http = (page, message) =>
  page.answerLater("http", message.id, () => (isFunction(member(page.host, "http")) ? byHost(page.host, message) : byFetch(page, message)));

/** @param {any} host @param {Http} request */
async function byHost(host, { url, method, headers, body, longest, ...csrf }) {
  const given = await called(host, "http", { url, method, headers: object([...headers, ...proof(csrf)]), body });
  const named = /** @type {string[]} */ ([]);
  const found = /** @type {Record<string, unknown>} */ (dataOf(member(given, "headers")) ?? {});
  for (const name of Object.keys(found)) named.push(name.toLowerCase(), /** @type {any} */ (found[name]));
  return answer(member(given, "status"), named, read(given, "body"), longest);
}

/** @param {Page} page @param {Http & { id: number }} request */
async function byFetch(page, { id, url, method, headers, body, credentials, redirect, longest, ...csrf }) {
  const abort = new AbortController();
  page.aborts.set(id, abort);
  try {
    const init = bare({
      method,
      headers: pairs([...headers, ...proof(csrf)]),
      body,
      credentials,
      redirect,
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: abort.signal,
    });
    const response = await fetch(url, init);
    return answer(response.status, flat(response.headers), await response.text(), longest);
  } finally {
    page.aborts.delete(id);
  }
}

/** Nobody waits for that answer any more. @param {Page} page @param {{ id: number }} message */
export const abort = (page, { id }) => page.aborts.get(id)?.abort(new Error("the time limit has passed"));

/** What a response is to Rust. @param {unknown} status @param {unknown[]} headers names and values in turn @param {unknown} body @param {number} longest */
function answer(status, headers, body, longest) {
  const isTooLong = typeof body === "string" && body.length > longest;
  // What is too long is not even parsed.
  const value = isTooLong ? undefined : copy(typeof body === "string" ? parsed(body) : body, "body");
  return { status: numberOf(status), headers: copy(object(headers), "headers"), isTooLong, body: value };
}

/** A status as a number or as digits. @param {unknown} status */
const numberOf = (status) => (typeof status === "number" || (typeof status === "string" && status !== "") ? Number(status) : undefined);

/** A response as gloo-net reads it: its status, which has been looked at already. @param {number} status */
export const shown = (status) => ({ status });

/** Sends the caller's own request, with what is put on it; gives the response, and what core must see of it. @param {Page} page @param {Send & { id: number }} message */
export const send = (page, message) =>
  page.answerLater("send", message.id, async () => {
    const response = await sent(page, message);
    return {
      given: new Carried("OTHER", response),
      status: numberOf(member(response, "status")),
      seen: await seen(response, message),
    };
  });

/** @param {Page} page @param {Send} message */
async function sent(page, { call, headers, refusesRedirect, body, url, ...csrf }) {
  const waiting = page.session.calls.get(call);
  if (!waiting) throw new Error("nobody waits for this any more");
  const base = /** @type {Request} */ (waiting.request).clone();
  const init = bare({ headers: new Headers(base.headers) });
  for (const [name, value] of pairs([...headers, ...proof(csrf)])) init.headers.set(name, value);
  if (body !== undefined) init.body = body;
  if (refusesRedirect) init.redirect = "error";
  if (url === undefined) return fetch(base, init);
  // A request can't be made for another URL with the body of a first: in Chromium that would be a stream.
  const given = /^(GET|HEAD)$/.test(base.method) ? undefined : await base.arrayBuffer();
  const { method, mode, credentials, cache, redirect, referrerPolicy, integrity, keepalive, signal } = base;
  const same = { method, credentials, cache, redirect, referrerPolicy, integrity, keepalive, signal };
  return fetch(url, bare({ ...same, mode: mode === "navigate" ? "cors" : mode, body: given?.byteLength ? given : undefined, ...init }));
}

/** What core must see of a response beside its status; a body that is no JSON is left to the caller alone. @param {Response} response @param {Send} message */
async function seen(response, { look, longest }) {
  try {
    const type = response.headers.get("content-type") ?? "";
    const isGrpc = type.startsWith("application/grpc-web");
    if (!look && !isGrpc) return;
    const headers = [...flat(response.headers), ...(isGrpc ? await trailers(response.clone(), longest) : [])];
    // Others that end in `json` are streams, which may not end.
    const isJson = /^application\/((?!connect|stream)[\w.-]+\+)?json *(;|$)/.test(type);
    const body = isJson ? await jsonOf(response.clone(), longest) : undefined;
    return { status: response.status, headers: dataOf(object(headers)), body: dataOf(body) };
  } catch {} // A response of a host's own making may lack anything, and the caller gets it all the same.
}

/**
 * Reads until there are enough bytes, or more than anything that is looked at; what is left is not read then.
 * @param {ReadableStream<Uint8Array> | null} stream @param {number} longest @param {(bytes: Uint8Array) => boolean} isEnough
 */
async function bytesOf(stream, longest, isEnough) {
  const reader = stream?.getReader();
  let bytes = new Uint8Array(1024);
  let size = 0;
  while (reader && size <= longest && !isEnough(bytes.subarray(0, size))) {
    const { value, done } = await reader.read();
    if (done) break;
    if (size + value.length > bytes.length) {
      const more = new Uint8Array(2 * (size + value.length));
      more.set(bytes);
      bytes = more;
    }
    bytes.set(value, size);
    size += value.length;
  }
  reader?.cancel().catch(() => {});
  return bytes.subarray(0, size);
}

/** A body that is JSON, unless it is too long to be looked at. @param {Response} copy @param {number} longest */
async function jsonOf(copy, longest) {
  const bytes = await bytesOf(copy.body, longest, () => false);
  return bytes.length > longest ? undefined : parsed(utf16(bytes).replace(/^\ufeff/, ""));
}

/**
 * The trailers of a gRPC-web answer that begins with them, names and values in turn: it has no message, and so an error.
 * @param {Response} copy @param {number} longest
 */
async function trailers(copy, longest) {
  // A frame is a byte of flags, of which the highest says that these are trailers, and four of length.
  const needed = (/** @type {Uint8Array} */ bytes) => 5 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  const bytes = await bytesOf(copy.body, longest, (bytes) => bytes.length >= 5 && (!(bytes[0] & 128) || bytes.length >= needed(bytes)));
  if (!(bytes[0] & 128)) return [];
  const lines = utf16(bytes.subarray(5)).split("\r\n");
  return lines.map((line) => line.split(/: ?(.*)/s, 2)).flatMap(([name, value = ""]) => (name ? [name, value] : []));
}

/** The header that shows that the page may read a cookie, if there is one: its name and its value. @param {{ cookie?: string, header?: string }} csrf */
function proof({ cookie, header }) {
  const start = `${cookie}=`;
  const found = cookie && header && globalThis.document?.cookie?.split("; ").find((pair) => pair.startsWith(start));
  return found ? [/** @type {string} */ (header), found.slice(start.length)] : [];
}

/**
 * What `fetch` was called with: a request that is kept to be sent twice, and what core must know of it.
 * @param {any} input @param {any} init
 */
export function describe(input, init) {
  const request = new Request(input, init);
  const body = member(init, "body");
  const text = typeof body === "string" ? body : body instanceof URLSearchParams ? String(body) : undefined;
  return {
    request,
    url: textOf(request.url),
    method: textOf(request.method),
    headerNames: [...request.headers.keys()],
    contentType: request.headers.get("content-type") ?? undefined,
    // What is too long to be looked at is sent as it is.
    body: dataOf(text),
    isReplayable: !(typeof ReadableStream === "function" && body instanceof ReadableStream),
    redirectChosen: member(init, "redirect") !== undefined,
  };
}

/** Names and values in turn. @param {Headers} headers */
function flat(headers) {
  /** @type {string[]} */
  const list = [];
  headers.forEach((value, name) => list.push(name, value));
  return list;
}

/** @param {string[]} list names and values in turn */
function pairs(list) {
  /** @type {Pairs} */
  const found = [];
  for (let at = 0; at < list.length; at += 2) found.push([list[at], list[at + 1]]);
  return found;
}

/** Without what a page has put on all objects, which `fetch` would take for its own. @param {object} init @returns {any} */
const bare = (init) => Object.assign(Object.create(null), init);
