// @ts-check
// Requests that go ahead: core has permitted them beforehand, and is told of those alone that get anything but a plain answer, or
// none in a while. It goes on with them as if it had sent them itself.

import { isDataField } from "../arguments.js";
import { holds } from "../known.js";
import { now } from "../module.js";
import { asRefusal } from "../refusal.js";
import { begun } from "./http.js";
import { made, readable, told } from "./request.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {{ origins: string[], headers: string[], signedInAt: number, receivedAt: number, aloneMs: number }} Given */
/** @typedef {Given & { since: number, until: number }} Permit what core permits; when that holds is said at the end of each turn */
/** @typedef {Partial<import("./request.js").Made> & { permit?: Permit }} Requested a URL alone, or the request that was made, and what lets it go ahead */

/** Takes a permit, or lets it be taken back. @param {Page} page @param {Partial<Given>} given */
export function permit(page, { origins, headers = [], signedInAt = 0, receivedAt = 0, aloneMs = 0 }) {
  page.permit = undefined;
  if (!origins) return;
  // As requests show them: one that is spelled in another way is left to core.
  const begins = origins.map((origin) => `${origin}/`).filter((begin) => new URL(begin).href === begin);
  page.permit = { origins: begins, headers, signedInAt, receivedAt, aloneMs, since: 0, until: 0 };
}

/**
 * What `fetch` was called with, and what lets it go ahead.
 * @param {any} input @param {any} init @param {Page} page @returns {Requested}
 */
export function requested(input, init, page) {
  // Of what nobody can change meanwhile a request is made when it is needed.
  if (typeof input === "string" && init === undefined) {
    const permit = permitFor(page, input);
    if (permit) return { url: input, permit };
  }
  // It may run what its maker has written: what holds is asked afterwards.
  const request = readable(() => made(input, init));
  const mayGo = request.isReplayable && !request.request.headers.has("authorization");
  return { ...request, permit: mayGo ? permitFor(page, request.url) : undefined };
}

/** What lets a request to a URL go ahead now, while no input waits that core has yet to hear of. @param {Page} page @param {string | undefined} url */
function permitFor({ session, permit }, url) {
  if (!holds(permit) || session.inputs.length || isDataField()) return;
  return permit.origins.some((begin) => url?.startsWith(begin)) ? permit : undefined;
}

/** Sends the request of a call ahead. @param {Page} page @param {number} id @param {Requested} asked */
export function goAhead(page, id, asked) {
  const { session } = page;
  const { headers, signedInAt, receivedAt, aloneMs } = /** @type {Permit} */ (asked.permit);
  const waiting = /** @type {import("../session.js").Waiting} */ (session.calls.get(id));
  const sentAt = now();
  const handOver = () => {
    if (!page.ahead.delete(id) || !session.calls.has(id)) return;
    try {
      const whole = asked.request ? asked : readable(() => made(asked.url, undefined));
      waiting.made = whole;
      page.tell({ ...readable(() => told(whole)), signedInAt, receivedAt, sentAt, op: "call", id, call: "fetch" }, true);
    } catch (thrown) {
      session.settle({ call: id, error: asRefusal(thrown) });
    }
  };
  waiting.begun = begun(asked, { headers });
  page.ahead.set(id, handOver);
  waiting.begun.sending.then((response) => {
    if (!isPlain(response)) handOver();
    else if (page.ahead.delete(id)) session.settle({ call: id, value: response });
  }, handOver);
  if (!page.sweep) {
    page.sweep = setTimeout(() => page.handAllOver(), aloneMs);
    page.stay();
  }
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
