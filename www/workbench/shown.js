// @ts-check
// The steps of a run as they may be shown. What is secret, doorkey says: what it masks in its trace is masked here in the requests too.

import { leavesOf, optionsOf, stepsOf, within } from "./flow.js";
import { collect, collectNamed, collectPassing, hider, shownRequest } from "./masks.js";

/**
 * @typedef {import("./requests.js").Sent} Sent
 * @typedef {import("./run.js").Given} Given
 * @typedef {{ titles?: [string, string], request: string, answer?: string }} Exchange
 * @typedef {{ id: string, kind: string, ms: number, status?: number, scope: Record<string, any>, error?: { code: string, message: string },
 *   path: string, sent: Exchange[] }} Step
 */

/**
 * Those of a flow that was tested.
 * @param {any} result with its secrets @param {any[]} trace the same, masked @param {Sent[]} sent @param {Given} given
 */
export function shownTest(result, trace, sent, given) {
  const masked = trace.filter(({ kind }) => kind !== "note").slice(-result.steps.length);
  const secrets = new Set(/** @type {string[]} */ ([]));
  result.steps.forEach((/** @type {any} */ raw, /** @type {number} */ at) => collect(raw.scope, masked[at]?.scope, secrets));
  collectNamed(sent, secrets);
  const steps = result.steps.map((/** @type {any} */ raw, /** @type {number} */ at) => ({
    ...raw,
    scope: masked[at]?.scope,
    error: masked[at]?.error,
  }));
  return { steps: stepsIn(steps, [...sent], hider(secrets), given) };
}

/**
 * Those of a sign-in that has left and come back.
 * @param {Given & { trace: any[], sent: Sent[], error?: any }} given
 * @param {{ secrets: Set<string>, leaving?: string, before?: import("./away.js").Away, address?: string }} about
 *   secrets: what was typed; leaving, before: where it went, and what was kept of that; address: what the page came back to
 */
export function shownSignin({ trace, sent, error, ...given }, { secrets, leaving, before, address }) {
  const hide = hiderOf(sent, [leaving, address], secrets);
  const raw = trace.filter(({ kind }) => kind !== "note");
  const [leave] = leavesOf(given.document);
  // What went wrong at no step is wrong with what the last one gave; where none has anything to show, with the way there.
  if (error && !raw.some((step) => step.error)) {
    const { code = "error", message } = error;
    if (raw.length > 0) raw.push({ ...raw.pop(), error: { code, message } });
    else raw.push({ id: leave?.id ?? "authorize1", kind: "authorize", at: Date.now(), ms: 0, scope: {}, error: { code, message } });
  }
  const steps = [...(before?.steps ?? []), ...stepsIn(raw, [...sent], hide, given)];
  const step = steps.find(({ id }) => id === leave?.id);
  const went = before?.leaving ?? (leaving && given.server.shown(hide(leaving)));
  if (step && went) {
    const back = step.scope[step.id]?.url ?? (address && given.server.shown(hide(address)));
    const isBefore = (/** @type {Exchange} */ { request }) => /^GET \S*\/\.well-known\//.test(request);
    const asked = [...(before?.sent ?? []), ...step.sent.filter(isBefore)];
    const away = { titles: /** @type {[string, string]} */ (["Leaves for", "Comes back to"]), request: went, answer: back };
    step.sent = [...asked, away, ...step.sent.filter((/** @type {Exchange} */ one) => !isBefore(one))];
    if (step.error) step.error = { ...step.error, message: advice(step.error) };
  }
  return { steps };
}

/**
 * What is kept of a run that leaves.
 * @param {Given & { trace: any[], sent: Sent[], leaving: string, secrets: Set<string> }} given
 */
export function departed({ trace, sent, leaving, secrets, ...given }) {
  const hide = hiderOf(sent, [leaving], secrets);
  const left = [...sent];
  const [leave] = leavesOf(given.document);
  const done = trace.filter(({ kind, id }) => kind !== "note" && id !== leave?.id);
  const steps = stepsIn(done, left, hide, given);
  return { steps, sent: left.map((one) => exchange(one, hide, given)), leaving: given.server.shown(hide(leaving)) };
}

/** @param {Sent[]} sent @param {(string | undefined)[]} addresses @param {Set<string>} typed */
function hiderOf(sent, addresses, typed) {
  const secrets = new Set(typed);
  collectNamed(sent, secrets);
  for (const address of addresses) if (address) collectPassing(address, secrets);
  return hider(secrets);
}

/**
 * @param {any[]} raw masked @param {Sent[]} left the requests that are nobody's yet; those of these steps are taken out
 * @param {(text: string) => string} hide @param {Given} given @returns {Step[]}
 */
function stepsIn(raw, left, hide, given) {
  const { options, path } = optionsOf(given.document);
  const known = stepsOf(options.flows[given.flow], path === "" ? `flows.${given.flow}` : path);
  // What the server says of itself is asked before the first step, for the one that leaves.
  const leaves = known.some(({ kind }) => kind === "authorize");
  const metadata = left.filter(isMetadata);
  left.splice(0, left.length, ...left.filter((one) => !isMetadata(one)));
  const steps = raw.map(({ id, kind, ms, status, at, scope = {}, error }) => {
    // One that began in the moment in which this step ended is the next one's.
    const until = left.filter((one) => one.at < at + ms).length;
    const count = kind === "request" ? Math.max(1, until) : kind === "authorize" ? (error ? left.length : until) : 0;
    const mine = left.splice(0, count);
    if (leaves ? kind === "authorize" : kind === "request") mine.unshift(...metadata.splice(0));
    const place = known.find((step) => step.id === id)?.path ?? "";
    return {
      id,
      kind,
      ms,
      status,
      scope: JSON.parse(given.server.shown(JSON.stringify(scope))),
      error: error && hint({ ...error, message: given.server.shown(error.message) }, mine),
      path: within(given.document, placeIn(place, kind)),
      sent: mine.map((one) => exchange(one, hide, given)),
    };
  });
  left.unshift(...metadata);
  return steps;
}

/** @param {{ url: string }} sent */
const isMetadata = ({ url }) => url.includes("/.well-known/");

/** What a step that failed is marked at: the URL of a request. @param {string} path of the step @param {string} kind */
function placeIn(path, kind) {
  const isStep = /\]$/.test(path);
  const member = kind === "request" ? (isStep ? "request.url" : "url") : kind === "authorize" ? "authorize" : "";
  return [path, member].filter(Boolean).join(".");
}

/** @param {Sent} sent @param {(text: string) => string} hide @param {Given} given @returns {Exchange} */
function exchange(sent, hide, { server }) {
  const { request, answer } = shownRequest(sent, hide);
  return { request: server.shown(request), answer: answer && server.shown(answer) };
}

/** @param {{ code: string, message: string }} error @param {Sent[]} sent */
function hint(error, sent) {
  const failed = sent.at(-1)?.failed;
  return failed && error.code === "ERR_UNREACHABLE" ? { ...error, message: `${error.message}. ${failed}` } : error;
}

/** What to do where a sign-in elsewhere has come to nothing. @param {{ code: string, message: string }} error */
function advice({ code, message }) {
  if (code !== "ERR_CANCELLED" || !/the (window|page) was/.test(message)) return message;
  const address = location.origin + location.pathname;
  return `${message}. Did the server show an error? Then compare clientId, and register ${address} there as a redirect address. Else run it again.`;
}
