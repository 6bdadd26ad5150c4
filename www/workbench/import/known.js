// @ts-check
// Servers that doorkey has a preset for, known by their addresses: what was not pasted of their flows, the preset has.

import { addressOf } from "./exchange.js";

/** @typedef {import("./exchange.js").Exchange} Exchange */
/** @typedef {{ name: string, options: any }} Known */

const header = (/** @type {Exchange} */ { headers }, /** @type {RegExp} */ name) =>
  Object.entries(headers).find(([key]) => name.test(key))?.[1];

/** By name: what its address is, and the options of the preset from that. @type {[string, RegExp, (exchange: Exchange, base: string, match: RegExpExecArray) => any][]} */
const SERVERS = [
  ["supabase", /^(.*)\/auth\/v1\/token$/, (each, url) => ({ url, key: header(each, /^apikey$/i) })],
  ["nhost", /^(.*)\/v1\/signin\/email-password$/, (_, url) => ({ url })],
  [
    "firebase",
    /^(.*identitytoolkit\.googleapis\.com)\/v1\/accounts:signInWithPassword$/,
    (each) => ({ key: addressOf(each.url).query.key }),
  ],
  ["pocketbase", /^(.*)\/api\/collections\/([\w-]+)\/auth-with-password$/, (_, url, match) => ({ url, collection: match[2] })],
  ["strapi", /^(.*)\/api\/auth\/local$/, (_, url) => ({ url })],
  ["appwrite", /^(.*\/v1)\/account\/sessions\/email$/, (each, url) => ({ url, project: header(each, /^x-appwrite-project$/i) })],
  ["betterAuth", /^(.*)\/api\/auth\/sign-in\/email$/, (_, url) => ({ url })],
  ["matrix", /^(.*)\/_matrix\/client\/(?:v3|r0)\/login$/, (_, url) => ({ url })],
  ["djRestAuth", /^(.*)\/dj-rest-auth\/login\/$/, (_, url) => ({ url })],
  ["fastapiUsers", /^(.*)\/auth\/jwt\/login$/, (_, url) => ({ url })],
  ["flaskAppBuilder", /^(.*)\/api\/v1\/security\/login$/, (_, url) => ({ url })],
  ["xano", /^(.*\.xano\.io\/api:[\w-]+)\/auth\/login$/, (_, url) => ({ url })],
  ["simplejwt", /^(.*)\/api\/token\/$/, (_, url) => ({ url })],
  // Its address is one that others have, too: its answer tells.
  ["directus", /^(.*)\/auth\/login$/, (each, url) => (typeof each.answer?.body?.data?.expires === "number" ? { url } : undefined)],
];

/** @param {Exchange} signin @param {Record<string, (options: any) => any>} providers @returns {Known | undefined} */
export function knownServer(signin, providers) {
  const { origin, path } = addressOf(signin.url);
  for (const [name, pattern, optionsOf] of SERVERS) {
    const match = pattern.exec(origin + path);
    const given = match && optionsOf(signin, match[1], match);
    if (!given || !providers[name]) continue;
    try {
      return { name, options: JSON.parse(JSON.stringify(providers[name](given))) };
    } catch {
      return undefined; // it lacks a key: then it is a server like any other
    }
  }
  return undefined;
}
