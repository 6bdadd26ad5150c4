// @ts-check
// One run of a flow: real requests, nothing stored, and nothing secret in what is given back. Where the flow leaves for another server,
// the sign-in is a real one: the page goes there and comes back, or a window does.

import { canBeKept, forgetAway, keepAway, keepForWindow } from "./away.js";
import { answersOf, leavesOf, optionsOf } from "./flow.js";
import { collectPassing } from "./masks.js";
import { noteRequests } from "./requests.js";
import { SECRET_FIELD } from "./secrets.js";
import { departed, shownSignin, shownTest } from "./shown.js";

const NAME = "workbench";
/** Where windows that have come back say with what. */
const WINDOWS = "workbench.windows";

/**
 * @typedef {object} Given
 * @property {any} Doorkey
 * @property {any} document
 * @property {ReturnType<typeof import("./server.js").standIn>} server
 * @property {string} flow
 * @property {(text: string) => void} say
 *
 * @typedef {"redirect" | "popup" | "test"} Way how far a sign-in goes that leaves the page
 */

/**
 * Runs one flow of a document.
 * @param {Given & { values: Value[], prompt: ((form: any) => unknown) | undefined, way?: Way, away: import("./away.js").Written, mayLeave: (url: string) => boolean }} given
 *   values: what was filled in; prompt: asks a person, without it forms are answered by the values; way: for a flow that leaves;
 *   mayLeave: whether it may go to an address
 */
export function startRun({ values, prompt, way = "test", away, mayLeave, ...given }) {
  const { document, server, flow, say } = given;
  const leaves = leavesOf(document).length > 0 && way !== "test";
  const keeps = canBeKept(document);
  if (leaves && way === "redirect" && !keeps) {
    throw new Error("A secret stands in the flow, and this browser is not given it to keep: run it in a window, so that the page stays.");
  }
  const inputs = Object.fromEntries(values.filter(({ step }) => step === undefined).map(({ name, value }) => [name, value]));
  const secrets = new Set(values.filter(({ isSecret, value }) => isSecret && typeof value === "string").map(({ value }) => String(value)));
  // What a window has come back with is in requests by whatever names.
  const windows = new BroadcastChannel(WINDOWS);
  const noted = noteRequests(told(given));
  /** @type {any} */
  let auth;
  let leaving = "";
  const host = {
    prompt: overheard(prompt ?? answering(values), secrets),
    popup(/** @type {string} */ url) {
      const popup = (/** @type {string} */ to) => given.Doorkey.hosts.browser().popup(to);
      if (url === "about:blank") keepForWindow(document);
      else if (mayLeave(url)) leaving = url;
      else return popup("about:blank")?.close(); // and `navigateTo` says why
      say("Waiting for the window …");
      return popup(url);
    },
    navigateTo(/** @type {string} */ url) {
      if (!mayLeave(url)) throw new Error(`it came by a link, and is not let go to ${new URL(url).origin} unasked`);
      // A window that is blocked becomes a redirect.
      if (!keeps) throw new Error("the browser blocks the window, and a flow with a secret in it can't leave the page");
      leaving = url;
      say(`Leaving for ${new URL(server.shown(url)).origin} …`);
      keepAway({ ...away, flow, ...departed({ ...given, trace: auth.trace(), sent: noted.sent, leaving: url, secrets }) });
      location.assign(url);
    },
  };

  const done = async () => {
    windows.onmessage = ({ data }) => collectPassing(String(data), secrets, answersOf(document));
    try {
      auth = open(given, leaves ? way : undefined, host);
      if (flow === "signin" && !leaves) {
        const result = await auth.test(flow, inputs, { secrets: true });
        return shownTest(result, auth.trace(), noted.sent, given, secrets);
      }
      if (flow !== "signin") say("Signing in first …");
      const outcome = await auth.signin(inputs).catch((/** @type {Error} */ error) => ({ error }));
      return await afterSignin(auth, outcome, noted.sent, given, { leaving, secrets });
    } finally {
      windows.close();
      forgetAway();
      end(auth, noted);
    }
  };
  return { done: done(), cancel: () => (auth?.dispose(), noted.abort()) };
}

/**
 * Goes on with a run whose page has come up again, where the address is its answer: doorkey knows. Else it waits on.
 * @param {Given & { before: import("./away.js").Away }} given
 */
export function resumeRun({ before, ...given }) {
  const noted = noteRequests(told(given));
  const address = location.href;
  /** @type {any} */
  let auth;
  const done = async () => {
    try {
      auth = open(given, undefined, { navigateTo() {}, popup: () => null });
      const outcome = await auth.signinCallback().catch((/** @type {Error} */ error) => ({ error }));
      if (outcome.reason === "no-callback") return { steps: before.steps ?? [], waits: true };
      forgetAway();
      return await afterSignin(auth, outcome, noted.sent, given, { before, address, secrets: new Set() });
    } finally {
      end(auth, noted);
    }
  };
  return { done: done(), cancel: () => (auth?.dispose(), noted.abort()) };
}

/** A window that a run has opened has come back: hands its address over, and closes. @param {any} Doorkey @param {string[]} [answer] */
export async function handOver(Doorkey, answer) {
  forgetAway();
  new BroadcastChannel(WINDOWS).postMessage(location.href);
  const signin = [
    { authorize: { endpoint: location.origin, clientId: "x", token: false, mode: "popup", ...(answer?.length && { answer }) } },
  ];
  const auth = Doorkey.createAuth({
    name: NAME,
    storage: "memory",
    crossTab: "off",
    flows: { signin },
    host: { location: () => location.href },
  });
  return auth.signinCallback();
}

/** The session of a run. @param {Given} given @param {Way | undefined} way @param {Record<string, unknown>} host */
function open({ Doorkey, server }, way, host) {
  const { pages: _, ...options } = optionsOf(server.document).options;
  const flows = { ...options.flows };
  if (way && Array.isArray(flows.signin)) {
    flows.signin = flows.signin.map((/** @type {any} */ step) =>
      step?.authorize ? { ...step, authorize: { ...step.authorize, mode: way } } : step,
    );
  }
  return Doorkey.createAuth({
    ...options,
    flows,
    name: NAME,
    storage: "memory",
    crossTab: "off",
    host: { location: () => location.href, notify() {}, run: noQuery, ...host },
  });
}

/**
 * What a sign-in has come to, or the flow that needed it.
 * @param {any} auth @param {any} outcome @param {import("./requests.js").Sent[]} sent @param {Given} given
 * @param {Parameters<typeof shownSignin>[1]} about
 */
async function afterSignin(auth, outcome, sent, given, about) {
  if (given.flow === "signin") return shownSignin({ ...given, trace: auth.trace(), sent, error: outcome.error }, about);
  if (outcome.error) throw outcome.error;
  sent.length = 0;
  const result = await auth.test(given.flow, undefined, { secrets: true });
  return shownTest(result, auth.trace(), sent, given, about.secrets);
}

/** Says which request goes out; its query may hold what nobody shall read. @param {Given} given */
const told =
  ({ say, server }) =>
  (/** @type {import("./requests.js").Sent} */ { method, url }) =>
    say(`${method} ${server.shown(url.split(/[?#]/)[0])} …`);

/** A prompt, with what is entered into its secret fields added to the secrets. @param {any} prompt @param {Set<string>} secrets */
function overheard(prompt, secrets) {
  const ask = async (/** @type {any} */ form) => {
    const entered = await prompt(form);
    for (const { name, type } of form.fields) {
      if (SECRET_FIELD.test(type) && entered?.[name] !== undefined) secrets.add(String(entered[name]));
    }
    return entered;
  };
  return Object.assign(ask, prompt); // a form that asks again says so in a member
}

/** @param {any} auth @param {ReturnType<typeof noteRequests>} noted */
function end(auth, noted) {
  noted.end();
  auth?.dispose();
  try {
    // What the server says of itself is asked anew in each run, so that it is seen.
    localStorage.removeItem(`${NAME}.kept:metadata`);
  } catch {} // Then nothing was kept.
}

/** @typedef {{ step?: string, name: string, value: unknown, isSecret?: boolean }} Value */

/** Answers forms by what was filled in, each with the values of its step. @param {Value[]} values */
function answering(values) {
  const left = [...new Set(values.map(({ step }) => step))].filter((step) => step !== undefined);
  return (/** @type {{ fields: { name: string, value?: unknown }[] }} */ { fields }) => {
    const names = fields.map(({ name }) => name).join();
    const of = (/** @type {string | undefined} */ step) => values.filter((value) => value.step === step);
    const at = left.findIndex(
      (step) =>
        of(step)
          .map(({ name }) => name)
          .join() === names,
    );
    const mine = of(left.splice(Math.max(at, 0), 1)[0]);
    return Object.fromEntries(fields.map(({ name, value }) => [name, mine.find((given) => given.name === name)?.value ?? value]));
  };
}

/** @param {unknown} query */
function noQuery(query) {
  throw new Error(`The workbench has no queries: ${typeof query === "string" ? `"${query}"` : "this one"} runs in your app builder.`);
}
