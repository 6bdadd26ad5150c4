// @ts-check
// Gathers what Diagnose goes by. Nothing is decided here, and no secret is in it.

import { endpointsOf, filled } from "./endpoints.mjs";
import * as probe from "./probes.mjs";

/**
 * @typedef {import("./endpoints.mjs").Endpoint & Awaited<ReturnType<typeof probe.reach>>} Reached
 * @typedef {{ name: string, servers: string[], path: string, auth: string }} About what panels tell each other of their sessions
 * @typedef {object} Facts
 * @property {string} page the page's origin
 * @property {boolean} isSecure whether the context is secure: https, or this computer
 * @property {string | null} failure why the session can't be asked
 * @property {{ signedIn: boolean, expiresAt: number | null, hasRefreshToken: boolean } | null} status
 * @property {number | null} lifetimeMs of the newest access token, counted from its arrival
 * @property {{ storage?: string, crossTab?: string, dpop?: boolean, isHostStore: boolean, hasRefresh: boolean, needsRefreshToken: boolean, hasNoTokens: boolean } | null} options
 * @property {{ local: string, session: string, hasDatabase: boolean }} storage
 * @property {string} locks
 * @property {string} channel
 * @property {number} tabs
 * @property {{ origin: string, date: number | null, sent: number, received: number }[]} dates
 * @property {Reached[]} endpoints
 * @property {import("./endpoints.mjs").Unknown[]} unknown
 * @property {string[]} allowed origins that `attach` names
 * @property {{ directive: string, blocked: string }[]} violations
 * @property {string[]} bare origins that requests went to without a token
 * @property {About} own
 * @property {(About & { isHere: boolean })[]} peers
 */

/**
 * @param {object} from
 * @param {any} from.auth
 * @param {any} from.options as given to `createAuth`
 * @param {number | null} from.lifetimeMs
 * @param {() => number} from.tabs
 * @param {About} from.own
 * @param {() => Facts["peers"]} from.peers
 * @param {() => Facts["violations"]} from.violations these three are asked when all else is done
 * @returns {Promise<Facts>}
 */
export async function gather({ auth, options, lifetimeMs, tabs, own, peers, violations }) {
  const given = filled(options);
  const { endpoints, unknown, others } = endpointsOf(given, location.href);
  const page = location.origin;
  const isServed = /^https?:$/.test(location.protocol);
  const [locks, channel, home, ...reached] = await Promise.all([
    probe.locks(),
    probe.channel(),
    isServed ? probe.head(location.pathname) : null,
    ...endpoints.map((endpoint) => probe.reach(endpoint)),
  ]);
  // A violation is told in a task of its own.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { status, bare, failure } = asked(auth);
  const dates = [{ origin: page, answer: home }, ...reached.map(({ answer }, at) => ({ origin: endpoints[at].origin, answer }))];
  return {
    page,
    isSecure: isSecureContext,
    failure,
    status,
    lifetimeMs,
    options: options ? told(given) : null,
    storage: { local: probe.storage("localStorage"), session: probe.storage("sessionStorage"), hasDatabase: Boolean(globalThis.indexedDB) },
    locks,
    channel,
    tabs: tabs(),
    dates: dates.flatMap(({ origin, answer }) => (answer ? [{ origin, ...answer }] : [])),
    endpoints: endpoints.map((endpoint, at) => ({ ...endpoint, ...reached[at] })),
    unknown,
    allowed: others,
    violations: violations(),
    bare,
    own,
    peers: peers(),
  };
}

/** @param {any} options filled */
function told({ storage, crossTab, dpop, host, flows, tokens }) {
  return {
    storage,
    crossTab,
    dpop,
    isHostStore: Boolean(host?.store),
    hasRefresh: Boolean(flows.refresh),
    needsRefreshToken: /session\.refreshToken/.test(texts(flows.refresh)),
    hasNoTokens: tokens === false,
  };
}

/** The texts in a flow; of one with functions or circles, none. @param {unknown} flow */
function texts(flow) {
  try {
    return JSON.stringify(flow) ?? "";
  } catch {
    return "";
  }
}

/** @param {any} auth */
function asked(auth) {
  try {
    if (!auth) throw new Error("there is none: set the property auth of the panel");
    const { signedIn, expiresAt, hasRefreshToken } = auth.status();
    const notes = (auth.trace?.() ?? []).filter((/** @type {any} */ { id, kind }) => kind === "note" && id === "attach");
    const bare = notes.flatMap((/** @type {any} */ { reason }) => /^no token goes to (\S+):/.exec(reason)?.[1] ?? []);
    return { status: { signedIn, expiresAt, hasRefreshToken }, bare, failure: null };
  } catch (thrown) {
    const { code, message, cause } = /** @type {any} */ (thrown);
    return { status: null, bare: [], failure: [code, message, cause?.message].filter(Boolean).join(": ") };
  }
}
