// @ts-check
// Requests before they are sent: the caller's own, as it was given, and where the address of a flow's leads.

import { dataOf, textOf } from "../copy.js";
import { isFunction, member } from "../own.js";

/**
 * What `fetch` was called with: a request that is kept to be sent twice, and what core must know of it.
 * @param {any} input @param {any} init
 */
export function describe(input, init) {
  const request = new Request(input, init);
  // A request has a signal of its own, which only those of its maker can abort.
  const signal = member(init, "signal") || member(input, "signal") ? request.signal : undefined;
  const body = member(init, "body");
  const text = typeof body === "string" ? body : body instanceof URLSearchParams ? String(body) : undefined;
  return {
    request,
    signal,
    url: textOf(request.url),
    method: textOf(request.method),
    headerNames: [...request.headers.keys()],
    contentType: request.headers.get("content-type") ?? undefined,
    // What is too long to be looked at is sent as it is.
    body: dataOf(text),
    isUnread: text === undefined && !isBodiless(request),
    isReplayable: !(typeof ReadableStream === "function" && body instanceof ReadableStream),
    // A request that was made before shows only what is not the default.
    redirectChosen: member(init, "redirect") !== undefined || (member(request, "redirect") ?? "follow") !== "follow",
    credentials: member(request, "credentials"),
    credentialsChosen: member(init, "credentials") !== undefined || (member(request, "credentials") ?? "same-origin") !== "same-origin",
  };
}

/** Whether there is nothing in it that only one request can take. @param {Request} request */
export const isBodiless = ({ method }) => /^(GET|HEAD)$/.test(method);

/** Whether a base element takes what is relative, and so the page's own, to another origin. @param {string} url */
export function isLedAway(url) {
  const own = globalThis.location?.origin ?? "null";
  return own !== "null" && isFunction(globalThis.Request) && new URL(new Request(url).url).origin !== new URL(url, own).origin;
}
