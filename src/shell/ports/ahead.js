// @ts-check
// Requests that go ahead: core has permitted them beforehand, and is told of those alone that get anything but a plain answer, or
// none in a while. It goes on with them as if it had sent them itself.

import { isDataField } from "../arguments.js";
import { holds } from "../known.js";
import { now, probe } from "../module.js";
import { Refusal } from "../refusal.js";
import { begun } from "./http.js";
import { made, told } from "./request.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {{ origins: string[], headers: string[], signedInAt: number, receivedAt: number, aloneMs: number }} Given */
/** @typedef {Given & { since: number, until: number }} Permit what core permits; when that holds is said at the end of each turn */
/** @typedef {Partial<import("./request.js").Made> & { goesAhead: boolean }} Requested a URL alone, or the request that was made */

/** Takes a permit, or lets it be taken back. @param {Page} page @param {Partial<Given>} given */
export function permit(page, { origins, headers = [], signedInAt = 0, receivedAt = 0, aloneMs = 0 }) {
  page.permit = origins && { origins, headers, signedInAt, receivedAt, aloneMs, since: 0, until: 0 };
}

/**
 * What `fetch` was called with, and whether it may go ahead.
 * @param {any} input @param {any} init @param {Page} [page] without one nothing may @returns {Requested}
 */
export function requested(input, init, page) {
  const mayGo = page && holds(page.permit) && !page.session.inputs.length && !isDataField();
  const origins = mayGo ? page.permit?.origins : undefined;
  /** @param {string | undefined} url */
  const goesThere = (url) => !!origins?.some((origin) => url?.startsWith(`${origin}/`));
  // Of what nobody can change meanwhile a request is made when it is needed.
  if (typeof input === "string" && init === undefined && goesThere(input)) return { url: input, goesAhead: true };
  try {
    const request = made(input, init);
    const goesAhead = goesThere(request.url) && request.isReplayable && !request.request.headers.has("authorization");
    return { ...request, goesAhead };
  } catch (cause) {
    // It may be for want of stack.
    probe();
    throw new Refusal("ERR_INVALID_OPTION", "the browser can't make a request of this", { path: "input", cause });
  }
}

/** Sends the request of a call ahead. @param {Page} page @param {number} id @param {Requested} asked */
export function goAhead(page, id, asked) {
  const { session } = page;
  const { headers, signedInAt, receivedAt, aloneMs } = /** @type {Permit} */ (page.permit);
  const waiting = /** @type {import("../session.js").Waiting} */ (session.calls.get(id));
  const sentAt = now();
  waiting.begun = begun(asked, { headers });
  const { abort, sending } = waiting.begun;
  const handOver = () => {
    if (!page.ahead.delete(id) || !session.calls.has(id)) return;
    try {
      const whole = /** @type {import("./request.js").Made} */ (asked.request ? asked : requested(asked.url, undefined));
      waiting.request = whole.request;
      page.tell({ ...told(whole), signedInAt, receivedAt, sentAt, op: "call", id, call: "fetch" }, true);
    } catch (thrown) {
      session.calls.delete(id);
      waiting.reject(thrown);
    }
  };
  page.ahead.set(id, { abort, handOver });
  if (!page.sweep) {
    page.sweep = setTimeout(() => page.handAllOver(), aloneMs);
    page.sweep.unref?.();
  }
  sending.then((response) => {
    if (!isPlain(response)) handOver();
    else if (page.ahead.delete(id)) session.settle({ call: id, value: response });
  }, handOver);
}

/** Whether an answer tells core nothing. One of somebody's own making may lack anything. @param {any} response */
function isPlain(response) {
  try {
    const { ok, headers } = response;
    return ok && !headers.has("grpc-status") && !headers.get("content-type")?.startsWith("application/grpc-web");
  } catch {
    return false;
  }
}
