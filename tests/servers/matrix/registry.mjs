// @ts-check
/** The servers that the contract is held with at will: `npm test -- matrix`. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { USER } from "../embedded/account.mjs";
import { matrixFolders, startDjango, startScript } from "../lib.mjs";
import { serverOptions } from "../options.mjs";
import { NO_REFRESH, startNode } from "../registry.mjs";

/** @typedef {import("../registry.mjs").Server} Server  @typedef {import("../registry.mjs").Start} Start */

/** @param {string} mode */
const django = (mode) => (/** @type {Start} */ start) =>
  startDjango({ ...start, mode, python: join(matrixFolders().python, "bin/python") });
/** @param {string} file */
const python =
  (file) =>
  (/** @type {Start} */ { publicUrl, ...lifetimes }) =>
    startScript(
      file,
      join(matrixFolders().python, "bin/python"),
      ["-u", "-W", "ignore", fileURLToPath(new URL(file, import.meta.url))],
      lifetimes,
    );
/** @param {string} file */
const node = (file) => (/** @type {Start} */ start) => startNode(`matrix/${file}`, [], start, { MODULES: matrixFolders().modules });
/** @param {string} name @returns {Server["options"]} */
const options = (name) => (url, extra) => serverOptions(name, url, extra);

const FASTAPI = {
  packages: ["fastapi-users", "fastapi"],
  start: python("fastapi_app.py"),
  wrong: { status: 400, message: "LOGIN_BAD_CREDENTIALS" },
  missing: { message: "Field required" },
  cannot: NO_REFRESH,
};

/** @type {Server[]} */
export const MATRIX = [
  {
    name: "oauth-toolkit, code",
    packages: ["django-oauth-toolkit", "Django"],
    start: (start) => startDjango({ ...start, mode: "oauth" }),
    options: options("oauthToolkitCode"),
    isRefresh: ({ fields }) => fields.grant_type === "refresh_token",
    refused: 400,
    pages: { username: USER.email, password: USER.password },
    cannot: { "wrong password": "its own page says so", "field errors": "its own page says so" },
  },
  {
    name: "dj-rest-auth",
    packages: ["dj-rest-auth", "djangorestframework_simplejwt"],
    start: django("rest_auth"),
    options: options("djRestAuth"),
    isRefresh: ({ path }) => path === "/auth/token/refresh/",
    wrong: { status: 400, message: "Unable to log in with provided credentials." },
    missing: { message: "This field may not be blank." },
    refused: 401,
  },
  {
    name: "allauth headless, session",
    packages: ["django-allauth", "Django"],
    start: django("allauth"),
    options: options("allauth"),
    me: (url) => `${url}/api/me/`,
    wrong: { status: 400, message: "The email address and/or password you specified are not correct." },
    missing: { message: "This field is required." },
    tellsNoLifetime: true,
    cannot: NO_REFRESH,
  },
  {
    name: "allauth headless, JWT",
    packages: ["django-allauth", "Django"],
    start: django("allauth_jwt"),
    options: options("allauthJwt"),
    me: (url) => `${url}/api/me/`,
    isRefresh: ({ path }) => path === "/_allauth/app/v1/tokens/refresh",
    end: ({ server }, { accessToken }) =>
      fetch(`${server.url}/_allauth/app/v1/auth/session`, { method: "DELETE", headers: { authorization: `Bearer ${accessToken}` } }),
    wrong: { status: 400, message: "The email address and/or password you specified are not correct." },
    missing: { message: "This field is required." },
    refused: 400,
  },
  {
    name: "knox",
    packages: ["django-rest-knox", "Django"],
    start: django("knox"),
    options: options("knox"),
    wrong: { status: 401, message: "Invalid username/password." },
    cannot: { ...NO_REFRESH, "field errors": "signs in by HTTP Basic, which has no fields" },
  },
  {
    name: "Flask-AppBuilder",
    packages: ["Flask-AppBuilder"],
    start: python("appbuilder.py"),
    options: options("flaskAppBuilder"),
    isRefresh: ({ path }) => path === "/api/v1/security/refresh",
    wrong: { status: 401, message: "Not authorized" },
    missing: { message: "Shorter than minimum length 1." },
    refused: 401,
    keepsRefreshToken: true,
    end: "lifetime",
    cannot: { reuse: "keeps its refresh token", logout: "has none" },
  },
  {
    ...FASTAPI,
    name: "fastapi-users, JWT",
    options: options("fastapiJwt"),
    end: "lifetime",
    tokensLiveOn: true,
  },
  { ...FASTAPI, name: "fastapi-users, database", options: options("fastapiDatabase"), tellsNoLifetime: true },
  { ...FASTAPI, name: "fastapi-users, cookie", options: options("fastapiCookie"), tellsNoLifetime: true, withCookies: true },
  {
    name: "better-auth",
    packages: ["better-auth"],
    start: node("better-auth.mjs"),
    options: options("betterAuth"),
    me: (url) => `${url}/api/auth/list-sessions`,
    shows: /"userId"/,
    wrong: { status: 401, message: "Invalid email or password" },
    missing: { message: "Invalid email or password" },
    isRefresh: ({ path }) => path === "/api/auth/get-session",
    refused: 200, // and null
    renewsWithAccessToken: true,
    keepsAccessToken: true,
    tellsNoLifetime: true,
    asksForOrigin: true,
    cannot: { reuse: "has no refresh token" },
  },
  {
    name: "Feathers",
    packages: ["@feathersjs/feathers"],
    start: node("feathers.mjs"),
    options: options("feathers"),
    wrong: { status: 401, message: "Invalid login" },
    missing: { message: "Invalid login" },
    end: "lifetime",
    tokensLiveOn: true,
    cannot: { ...NO_REFRESH, "one refresh": "has none: asked with a token, it gives the same one" },
  },
  {
    name: "json-server-auth",
    packages: ["json-server-auth", "json-server"],
    start: node("json-server-auth.mjs"),
    options: options("jsonServerAuth"),
    wrong: { status: 400, message: "Incorrect password" },
    missing: { message: "Email and password are required" },
    lifetime: 3600,
    cannot: { ...NO_REFRESH, revoked: "its tokens live for an hour, whatever happens", logout: "has none" },
  },
  {
    name: "cognito-local",
    packages: ["cognito-local"],
    start: node("cognito-local.mjs"),
    options: options("cognito"),
    isRefresh: ({ fields }) => fields.AuthFlow === "REFRESH_TOKEN_AUTH",
    init: {
      method: "POST",
      headers: { "X-Amz-Target": "AWSCognitoIdentityProviderService.GetUser", "Content-Type": "application/x-amz-json-1.1" },
      body: "{}",
    },
    wrong: { status: 400, message: "Invalid password" },
    missing: { message: "Invalid password" },
    refused: 400,
    keepsRefreshToken: true,
    cannot: { reuse: "keeps its refresh token" },
  },
  {
    name: "Node-RED",
    packages: ["node-red"],
    start: node("node-red.mjs"),
    options: options("nodeRed"),
    wrong: { status: 403, message: "Invalid resource owner credentials" },
    missing: { message: "Missing required parameter: password" },
    cannot: NO_REFRESH,
  },
];
