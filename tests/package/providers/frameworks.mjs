// @ts-check
// Servers that people run themselves.
import { jwt, providers, USER } from "./lib.mjs";

const URL = "https://api.example.com";
const { email, password } = USER;
const bearer = (/** @type {string} */ token) => ({ Authorization: `Bearer ${token}` });
const soon = Math.round(Date.now() / 1000);
const long = jwt({ sub: "1", iat: soon, exp: soon + 3600 });

/** @type {Record<string, import("./lib.mjs").Life>} */
export const FRAMEWORKS = {
  "simplejwt (seen, 5.5.1)": {
    provider: providers.simplejwt({ url: `${URL}/`, path: "auth/token" }),
    answers: {
      [`POST ${URL}/auth/token/`]: [200, { refresh: "r1", access: long }],
      [`POST ${URL}/auth/token/refresh/`]: [200, { access: long, refresh: "r2" }],
      [`POST ${URL}/auth/token/blacklist/`]: [200, {}],
    },
    asked: {
      signin: [{ to: `POST ${URL}/auth/token/`, json: { username: email, password } }],
      refresh: [{ to: `POST ${URL}/auth/token/refresh/`, json: { refresh: "r1" } }],
      revoke: [{ to: `POST ${URL}/auth/token/blacklist/`, json: { refresh: "r2" }, headers: bearer(long) }],
    },
    wrong: [[401, { detail: "No active account found with the given credentials" }], "No active account found with the given credentials"],
    dead: [401, { detail: "Token is blacklisted", code: "token_not_valid" }],
  },
  "dj-rest-auth, its own tokens (documented)": {
    provider: providers.djRestAuth({ url: URL }),
    answers: {
      [`POST ${URL}/dj-rest-auth/login/`]: [200, { key: "k1" }],
      [`GET ${URL}/dj-rest-auth/user/`]: [200, { pk: 1 }],
      [`POST ${URL}/dj-rest-auth/logout/`]: [200, { detail: "Successfully logged out." }],
    },
    asked: {
      signin: [{ to: `POST ${URL}/dj-rest-auth/login/`, json: { email, password } }],
      check: [{ to: `GET ${URL}/dj-rest-auth/user/`, headers: { Authorization: "Token k1" } }],
      revoke: [{ to: `POST ${URL}/dj-rest-auth/logout/`, json: {}, headers: { Authorization: "Token k1" } }],
    },
    headers: { Authorization: "Token k1" },
    wrong: [[400, { non_field_errors: ["Unable to log in with provided credentials."] }], "Unable to log in with provided credentials."],
  },
  "dj-rest-auth with simplejwt's tokens (documented)": {
    provider: providers.djRestAuth({ url: URL, path: "/api/auth/", jwt: true }),
    inputs: { username: "ada", password },
    answers: {
      [`POST ${URL}/api/auth/login/`]: [200, { access: long, refresh: "r1", user: { pk: 1 } }],
      [`POST ${URL}/api/auth/token/refresh/`]: [200, { access: long }],
      [`GET ${URL}/api/auth/user/`]: [200, { pk: 1 }],
      [`POST ${URL}/api/auth/logout/`]: [200, { detail: "Successfully logged out." }],
    },
    asked: {
      signin: [{ to: `POST ${URL}/api/auth/login/`, json: { username: "ada", password } }],
      refresh: [{ to: `POST ${URL}/api/auth/token/refresh/`, json: { refresh: "r1" } }],
      check: [{ to: `GET ${URL}/api/auth/user/`, headers: bearer(long) }],
      revoke: [{ to: `POST ${URL}/api/auth/logout/`, json: { refresh: "r1" }, headers: bearer(long) }],
    },
    wrong: [[400, { non_field_errors: ["Unable to log in with provided credentials."] }], "Unable to log in with provided credentials."],
    dead: [401, { detail: "Token is expired", code: "token_not_valid" }],
  },
  "oauth-toolkit (seen, 3.4.1)": {
    provider: providers.oauthToolkit({ url: URL, clientId: "spa" }),
    answers: {
      [`POST ${URL}/o/token/`]: [
        [200, { access_token: "a1", expires_in: 3600, token_type: "Bearer", scope: "read", refresh_token: "r1" }],
        [200, { access_token: "a2", expires_in: 3600, token_type: "Bearer", scope: "read", refresh_token: "r2" }],
      ],
      [`POST ${URL}/o/revoke_token/`]: [200, ""],
    },
    asked: {
      signin: [{ to: `POST ${URL}/o/token/`, form: { grant_type: "password", client_id: "spa", username: email, password } }],
      refresh: [{ to: `POST ${URL}/o/token/`, form: { grant_type: "refresh_token", client_id: "spa", refresh_token: "r1" } }],
      revoke: [{ to: `POST ${URL}/o/revoke_token/`, form: { client_id: "spa", token: "r2" } }],
    },
    headers: bearer("a2"),
    wrong: [[400, { error: "invalid_grant", error_description: "Invalid credentials given." }], "Invalid credentials given."],
    dead: [400, { error: "invalid_grant" }],
  },
  "fastapi-users (seen, 15)": {
    provider: providers.fastapiUsers({ url: URL }),
    answers: {
      [`POST ${URL}/auth/jwt/login`]: [200, { access_token: long, token_type: "bearer" }],
      [`GET ${URL}/users/me`]: [200, { email }],
      [`POST ${URL}/auth/jwt/logout`]: [204],
    },
    asked: {
      signin: [{ to: `POST ${URL}/auth/jwt/login`, form: { username: email, password } }],
      check: [{ to: `GET ${URL}/users/me`, headers: bearer(long) }],
      revoke: [{ to: `POST ${URL}/auth/jwt/logout`, headers: bearer(long) }],
    },
    headers: bearer(long),
    wrong: [[400, { detail: "LOGIN_BAD_CREDENTIALS" }], "LOGIN_BAD_CREDENTIALS"],
  },
  "fastapi-users by cookie (seen, 15)": {
    provider: providers.fastapiUsers({ url: URL, path: "/auth/cookie", cookie: true }),
    answers: {
      [`POST ${URL}/auth/cookie/login`]: [204],
      [`GET ${URL}/users/me`]: [200, { email }],
      [`POST ${URL}/auth/cookie/logout`]: [204],
    },
    asked: {
      signin: [{ to: `POST ${URL}/auth/cookie/login`, form: { username: email, password } }],
      check: [{ to: `GET ${URL}/users/me` }],
      revoke: [{ to: `POST ${URL}/auth/cookie/logout` }],
    },
    wrong: [[400, { detail: "LOGIN_BAD_CREDENTIALS" }], "LOGIN_BAD_CREDENTIALS"],
  },
  "Feathers (seen, 5.0.50)": {
    provider: providers.feathers({ url: URL }),
    answers: {
      [`POST ${URL}/authentication`]: [201, { accessToken: long, authentication: { strategy: "local", payload: {} }, user: {} }],
      [`DELETE ${URL}/authentication`]: [200, {}],
    },
    asked: {
      signin: [{ to: `POST ${URL}/authentication`, json: { strategy: "local", email, password } }],
      revoke: [{ to: `DELETE ${URL}/authentication`, headers: bearer(long) }],
    },
    wrong: [[401, { name: "NotAuthenticated", message: "Invalid login", code: 401, className: "not-authenticated" }], "Invalid login"],
  },
  "Laravel Sanctum (documented)": {
    provider: providers.sanctum({ url: URL }),
    answers: {
      [`GET ${URL}/sanctum/csrf-cookie`]: [204],
      [`POST ${URL}/login`]: [204],
      [`GET ${URL}/api/user`]: [200, { email }],
      [`POST ${URL}/logout`]: [204],
    },
    asked: {
      signin: [
        { to: `GET ${URL}/sanctum/csrf-cookie`, headers: { Accept: "application/json" } },
        { to: `POST ${URL}/login`, json: { email, password }, headers: { Accept: "application/json" } },
      ],
      refresh: [
        { to: `GET ${URL}/sanctum/csrf-cookie`, headers: { Accept: "application/json" } },
        { to: `GET ${URL}/api/user`, headers: { Accept: "application/json" } },
      ],
      check: [{ to: `GET ${URL}/api/user`, headers: { Accept: "application/json" } }],
      revoke: [{ to: `POST ${URL}/logout`, headers: { Accept: "application/json" } }],
    },
    headers: { Accept: "application/json" },
    wrong: [
      [422, { message: "The given data was invalid.", errors: { email: ["These credentials do not match our records."] } }],
      "These credentials do not match our records.",
    ],
    dead: [401, { message: "Unauthenticated." }],
  },
  "allauth, session tokens (seen)": {
    provider: providers.allauth({ url: URL }),
    answers: {
      [`POST ${URL}/_allauth/app/v1/auth/login`]: [
        200,
        { status: 200, data: { user: {} }, meta: { is_authenticated: true, session_token: "s1" } },
      ],
      [`GET ${URL}/_allauth/app/v1/auth/session`]: [200, { status: 200, data: { user: {} }, meta: { is_authenticated: true } }],
      [`DELETE ${URL}/_allauth/app/v1/auth/session`]: [401, { status: 401, data: { flows: [] }, meta: { is_authenticated: false } }],
    },
    asked: {
      signin: [{ to: `POST ${URL}/_allauth/app/v1/auth/login`, json: { email, password } }],
      check: [{ to: `GET ${URL}/_allauth/app/v1/auth/session`, headers: { "X-Session-Token": "s1" } }],
      revoke: [{ to: `DELETE ${URL}/_allauth/app/v1/auth/session`, headers: { "X-Session-Token": "s1" } }],
    },
    headers: { "X-Session-Token": "s1" },
    wrong: [
      [
        400,
        {
          status: 400,
          errors: [{ message: "The email address and/or password you specified are not correct.", code: "email_password_mismatch" }],
        },
      ],
      "The email address and/or password you specified are not correct.",
    ],
  },
  "allauth, JWT (seen)": {
    provider: providers.allauth({ url: URL, jwt: true }),
    answers: {
      [`POST ${URL}/_allauth/app/v1/auth/login`]: [
        200,
        { status: 200, data: { user: {} }, meta: { is_authenticated: true, session_token: "s1", access_token: long, refresh_token: "r1" } },
      ],
      [`POST ${URL}/_allauth/app/v1/tokens/refresh`]: [
        [200, { status: 200, data: { access_token: long, refresh_token: "r2" } }],
        [200, { status: 200, data: { access_token: "a3", refresh_token: "r3" } }],
      ],
      [`GET ${URL}/_allauth/app/v1/auth/session`]: [200, { status: 200, data: { user: {} }, meta: { is_authenticated: true } }],
      [`DELETE ${URL}/_allauth/app/v1/auth/session`]: [401, { status: 401, data: { flows: [] }, meta: { is_authenticated: false } }],
    },
    asked: {
      signin: [{ to: `POST ${URL}/_allauth/app/v1/auth/login`, json: { email, password } }],
      refresh: [{ to: `POST ${URL}/_allauth/app/v1/tokens/refresh`, json: { refresh_token: "r1" } }],
      check: [{ to: `GET ${URL}/_allauth/app/v1/auth/session`, headers: bearer(long) }],
      revoke: [
        { to: `POST ${URL}/_allauth/app/v1/tokens/refresh`, json: { refresh_token: "r2" } },
        { to: `DELETE ${URL}/_allauth/app/v1/auth/session`, headers: bearer("a3") },
      ],
    },
    headers: bearer(long),
    wrong: [[400, { status: 400, errors: [{ message: "Not correct.", code: "email_password_mismatch" }] }], "Not correct."],
    dead: [400, { status: 400, errors: [{ message: "Invalid token." }] }],
  },
  "knox (seen, 5)": {
    provider: providers.knox({ url: URL }),
    inputs: { username: "ädä", password: "pass:wörd" },
    answers: {
      [`POST ${URL}/api/auth/login/`]: [200, { expiry: new Date(Date.now() + 36e6).toISOString(), token: "k1" }],
      [`POST ${URL}/api/auth/logout/`]: [204],
    },
    asked: {
      signin: [
        {
          to: `POST ${URL}/api/auth/login/`,
          headers: { Authorization: `Basic ${Buffer.from("ädä:pass:wörd").toString("base64")}` },
        },
      ],
      revoke: [{ to: `POST ${URL}/api/auth/logout/`, headers: { Authorization: "Token k1" } }],
    },
    headers: { Authorization: "Token k1" },
    wrong: [[401, { detail: "Invalid username/password." }], "Invalid username/password."],
  },
  "Flask-AppBuilder (seen, 5)": {
    provider: providers.flaskAppBuilder({ url: URL }),
    answers: {
      [`POST ${URL}/api/v1/security/login`]: [200, { access_token: long, refresh_token: "r1" }],
      [`POST ${URL}/api/v1/security/refresh`]: [200, { access_token: long }],
    },
    asked: {
      signin: [{ to: `POST ${URL}/api/v1/security/login`, json: { username: email, password, provider: "db", refresh: true } }],
      refresh: [{ to: `POST ${URL}/api/v1/security/refresh`, headers: bearer("r1") }],
    },
    headers: bearer(long),
    wrong: [[401, { message: "Not authorized" }], "Not authorized"],
    dead: [401, { msg: "Token has expired" }],
  },
  "better-auth with its plugin bearer (seen, 1.7)": {
    provider: providers.betterAuth({ url: URL }),
    answers: {
      [`POST ${URL}/api/auth/sign-in/email`]: [200, { redirect: false, token: "t1", user: {} }],
      [`GET ${URL}/api/auth/get-session`]: [
        200,
        { session: { token: "t1", expiresAt: new Date(Date.now() + 6e8).toISOString() }, user: {} },
      ],
      [`POST ${URL}/api/auth/sign-out`]: [200, { success: true }],
    },
    asked: {
      signin: [{ to: `POST ${URL}/api/auth/sign-in/email`, json: { email, password } }],
      refresh: [{ to: `GET ${URL}/api/auth/get-session`, headers: bearer("t1") }],
      check: [{ to: `GET ${URL}/api/auth/get-session`, headers: bearer("t1") }],
      revoke: [{ to: `POST ${URL}/api/auth/sign-out`, json: {}, headers: bearer("t1") }],
    },
    headers: bearer("t1"),
    wrong: [[401, { code: "INVALID_EMAIL_OR_PASSWORD", message: "Invalid email or password" }], "Invalid email or password"],
    dead: [200, null],
  },
  "better-auth by cookie (seen, 1.7)": {
    provider: providers.betterAuth({ url: URL, cookie: true }),
    answers: {
      [`POST ${URL}/api/auth/sign-in/email`]: [200, { redirect: false, token: "t1", user: {} }],
      [`GET ${URL}/api/auth/get-session`]: [200, { session: { token: "t1" }, user: {} }],
      [`POST ${URL}/api/auth/sign-out`]: [200, { success: true }],
    },
    asked: {
      signin: [{ to: `POST ${URL}/api/auth/sign-in/email`, json: { email, password } }],
      refresh: [{ to: `GET ${URL}/api/auth/get-session` }],
    },
    wrong: [[401, { code: "INVALID_EMAIL_OR_PASSWORD", message: "Invalid email or password" }], "Invalid email or password"],
    dead: [200, null],
  },
};
