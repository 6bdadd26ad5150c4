// @ts-check
// The steps of a run as they may be shown. What is secret, doorkey says: what it masks in its trace is masked here in the requests too.

import { answersOf, leavesOf, optionsOf, stepsOf, within } from "./flow.js";
import { collect, collectAnswered, collectNamed, collectPassing, hider, shownRequest } from "./masks.js";

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
 * @param {Set<string>} typed what is secret of what was typed
 */
export function shownTest(result, trace, sent, given, typed) {
  const masked = trace.filter(({ kind }) => kind !== "note").slice(-result.steps.length);
  const secrets = new Set(typed);
  result.steps.forEach((/** @type {any} */ raw, /** @type {number} */ at) => collect(raw.scope, masked[at]?.scope, secrets));
  collectNamed(sent, secrets);
  const steps = result.steps.map((/** @type {any} */ raw, /** @type {number} */ at) => ({
    ...raw,
    scope: masked[at]?.scope,
    error: masked[at]?.error,
  }));
  return { steps: shownSteps(shared(steps, [...sent], given), hider(secrets), given) };
}

/**
 * Those of a sign-in that has left and come back.
 * @param {Given & { trace: any[], sent: Sent[], error?: any }} given
 * @param {{ secrets: Set<string>, leaving?: string, before?: import("./away.js").Away, address?: string }} about
 *   secrets: what was typed; leaving, before: where it went, and what was kept of that; address: what the page came back to
 */
export function shownSignin({ trace, sent, error, ...given }, { secrets, leaving, before, address }) {
  const raw = trace.filter(({ kind }) => kind !== "note");
  const [leave] = leavesOf(given.document);
  // What went wrong at no step is wrong with what the last one gave; where none has anything to show, with the way there.
  if (error && !raw.some((step) => step.error)) {
    const { code = "error", message } = error;
    if (raw.length > 0) raw.push({ ...raw.pop(), error: { code, message } });
    else raw.push({ id: leave?.id ?? "authorize1", kind: "authorize", at: Date.now(), ms: 0, scope: {}, error: { code, message } });
  }
  const shares = shared(raw, [...sent], given);
  const hide = hiderOf(sent, shares, [leaving, address], secrets, given);
  const steps = [...(before?.steps ?? []), ...shownSteps(shares, hide, given)];
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
  const left = [...sent];
  const [leave] = leavesOf(given.document);
  const done = trace.filter(({ kind, id }) => kind !== "note" && id !== leave?.id);
  const shares = shared(done, left, given);
  const hide = hiderOf(sent, shares, [leaving], secrets, given);
  return {
    steps: shownSteps(shares, hide, given),
    sent: left.map((one) => exchange(one, hide, given)),
    leaving: given.server.shown(hide(leaving)),
  };
}

/**
 * What masks all that is secret: what was typed, what doorkey masks, what has the name of a secret, and what passes in addresses.
 * @param {Sent[]} sent @param {Share[]} shares @param {(string | undefined)[]} addresses @param {Set<string>} typed @param {Given} given
 */
function hiderOf(sent, shares, addresses, typed, given) {
  const secrets = new Set(typed);
  for (const { step, mine } of shares) collectAnswered(mine.at(-1), step.scope?.[step.id]?.body, secrets);
  collectNamed(sent, secrets);
  for (const address of addresses) if (address) collectPassing(address, secrets, answersOf(given.document));
  return hider(secrets);
}

/**
 * The steps of a trace, each with the requests that it has made.
 * @typedef {{ step: any, mine: Sent[] }} Share
 * @param {any[]} trace @param {Sent[]} left the requests that are nobody's yet; those of these steps are taken out
 * @param {Given} given @returns {Share[]}
 */
function shared(trace, left, given) {
  // What the server says of itself is asked before the first step, for the one that leaves.
  const leaves = knownOf(given).some(({ kind }) => kind === "authorize");
  const metadata = left.filter(isMetadata);
  left.splice(0, left.length, ...left.filter((one) => !isMetadata(one)));
  const shares = trace.map((step) => {
    const { kind, at, ms, error } = step;
    // One that began in the moment in which this step ended is the next one's.
    const until = left.filter((one) => one.at < at + ms).length;
    const count = kind === "request" ? Math.max(1, until) : kind === "authorize" ? (error ? left.length : until) : 0;
    const mine = left.splice(0, count);
    if (leaves ? kind === "authorize" : kind === "request") mine.unshift(...metadata.splice(0));
    return { step, mine };
  });
  left.unshift(...metadata);
  return shares;
}

/** @param {Share[]} shares of steps that are masked @param {(text: string) => string} hide @param {Given} given @returns {Step[]} */
function shownSteps(shares, hide, given) {
  const known = knownOf(given);
  const seen = (/** @type {string} */ _, /** @type {unknown} */ value) =>
    typeof value === "string" ? given.server.shown(hide(value)) : value;
  return shares.map(({ step: { id, kind, ms, status, scope = {}, error }, mine }) => ({
    id,
    kind,
    ms,
    status,
    scope: JSON.parse(JSON.stringify(scope, seen)),
    error: error && hint({ ...error, message: given.server.shown(hide(error.message)) }, mine),
    path: within(given.document, placeIn(known.find((step) => step.id === id)?.path ?? "", kind)),
    sent: mine.map((one) => exchange(one, hide, given)),
  }));
}

/** The steps of the flow that is run. @param {Given} given */
function knownOf({ document, flow }) {
  const { options, path } = optionsOf(document);
  return stepsOf(options.flows[flow], path === "" ? `flows.${flow}` : path);
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
