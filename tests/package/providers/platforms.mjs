// @ts-check
// Platforms, by password. By a provider's pages: providers-redirect.test.mjs.
import { jwt, providers, USER } from "./lib.mjs";

const URL = "https://x.example.com";
const { email, password } = USER;
const bearer = (/** @type {string} */ token) => ({ Authorization: `Bearer ${token}` });
const now = Math.round(Date.now() / 1000);
const long = jwt({ sub: "1", iat: now, exp: now + 3600 });

const apikey = "publishable";
const amz = (/** @type {string} */ operation) => ({
  to: "POST https://cognito-idp.eu-west-1.amazonaws.com/",
  headers: { "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}` },
  type: "application/x-amz-json-1.1",
});
const google = (/** @type {string} */ method) => `POST https://identitytoolkit.googleapis.com/v1/accounts:${method}`;
const key = "web-key";
const project = { "X-Appwrite-Project": "p1" };

/** @type {Record<string, import("./lib.mjs").Life>} */
export const PLATFORMS = {
  "Supabase (its source)": {
    provider: providers.supabase({ url: URL, key: apikey }),
    answers: {
      [`POST ${URL}/auth/v1/token`]: [
        [
          200,
          { access_token: "a1", token_type: "bearer", expires_in: 3600, expires_at: now + 3600, refresh_token: "r1", user: { id: "1" } },
        ],
        [
          200,
          { access_token: "a2", token_type: "bearer", expires_in: 3600, expires_at: now + 3600, refresh_token: "r2", user: { id: "1" } },
        ],
      ],
      [`GET ${URL}/auth/v1/user`]: [200, { id: "1", aud: "authenticated" }],
      [`POST ${URL}/auth/v1/logout`]: [204],
    },
    asked: {
      signin: [{ to: `POST ${URL}/auth/v1/token`, query: { grant_type: "password" }, json: { email, password }, headers: { apikey } }],
      refresh: [
        { to: `POST ${URL}/auth/v1/token`, query: { grant_type: "refresh_token" }, json: { refresh_token: "r1" }, headers: { apikey } },
      ],
      check: [{ to: `GET ${URL}/auth/v1/user`, headers: { ...bearer("a2"), apikey } }],
      revoke: [{ to: `POST ${URL}/auth/v1/logout`, query: { scope: "local" }, headers: { ...bearer("a2"), apikey } }],
    },
    headers: { ...bearer("a2"), apikey },
    wrong: [[400, { code: 400, error_code: "invalid_credentials", msg: "Invalid login credentials" }], "Invalid login credentials"],
    dead: [400, { code: 400, error_code: "refresh_token_already_used", msg: "Invalid Refresh Token: Already Used" }],
  },
  "Xano (documented)": {
    provider: providers.xano({ url: `${URL}/api:g1` }),
    answers: { [`POST ${URL}/api:g1/auth/login`]: [200, { authToken: "t1" }], [`GET ${URL}/api:g1/auth/me`]: [200, { id: 1 }] },
    asked: {
      signin: [{ to: `POST ${URL}/api:g1/auth/login`, json: { email, password } }],
      check: [{ to: `GET ${URL}/api:g1/auth/me`, headers: bearer("t1") }],
    },
    headers: bearer("t1"),
    wrong: [[403, { code: "ERROR_CODE_ACCESS_DENIED", message: "Invalid Credentials.", payload: "" }], "Invalid Credentials."],
  },
  "PocketBase (its source)": {
    provider: providers.pocketbase({ url: URL }),
    answers: {
      [`POST ${URL}/api/collections/users/auth-with-password`]: [200, { token: long, record: { id: "1" } }],
      [`POST ${URL}/api/collections/users/auth-refresh`]: [200, { token: long, record: { id: "1" } }],
    },
    asked: {
      signin: [{ to: `POST ${URL}/api/collections/users/auth-with-password`, json: { identity: email, password } }],
      refresh: [{ to: `POST ${URL}/api/collections/users/auth-refresh`, headers: bearer(long) }],
    },
    headers: bearer(long),
    wrong: [[400, { data: {}, message: "Failed to authenticate.", status: 400 }], "Failed to authenticate."],
    dead: [401, { data: {}, message: "The request requires valid record authorization token.", status: 401 }],
  },
  "Firebase (seen in its emulator)": {
    provider: providers.firebase({ key }),
    answers: {
      [google("signInWithPassword")]: [
        200,
        { localId: "1", email, idToken: "i1", refreshToken: "r1", expiresIn: "3600", registered: true },
      ],
      "POST https://securetoken.googleapis.com/v1/token": [
        200,
        {
          id_token: "i2",
          access_token: "i2",
          expires_in: "3600",
          refresh_token: "r1",
          token_type: "Bearer",
          user_id: "1",
          project_id: "1",
        },
      ],
      [google("lookup")]: [200, { users: [{}] }],
    },
    asked: {
      signin: [{ to: google("signInWithPassword"), query: { key }, json: { email, password, returnSecureToken: true } }],
      refresh: [
        {
          to: "POST https://securetoken.googleapis.com/v1/token",
          query: { key },
          form: { grant_type: "refresh_token", refresh_token: "r1" },
        },
      ],
      check: [{ to: google("lookup"), query: { key }, json: { idToken: "i2" } }],
    },
    headers: bearer("i2"),
    wrong: [[400, { error: { code: 400, message: "INVALID_LOGIN_CREDENTIALS", errors: [] } }], "INVALID_LOGIN_CREDENTIALS"],
    dead: [400, { error: { code: 400, message: "TOKEN_EXPIRED", status: "INVALID_ARGUMENT" } }],
  },
  "Nhost (its source)": {
    provider: providers.nhost({ url: URL }),
    answers: {
      [`POST ${URL}/v1/signin/email-password`]: [
        200,
        { session: { accessToken: long, accessTokenExpiresIn: 900, refreshToken: "r1", refreshTokenId: "x", user: {} }, mfa: null },
      ],
      [`POST ${URL}/v1/token`]: [200, { accessToken: long, accessTokenExpiresIn: 900, refreshToken: "r2", refreshTokenId: "y", user: {} }],
      [`POST ${URL}/v1/signout`]: [200, "OK"],
    },
    asked: {
      signin: [{ to: `POST ${URL}/v1/signin/email-password`, json: { email, password } }],
      refresh: [{ to: `POST ${URL}/v1/token`, json: { refreshToken: "r1" } }],
      revoke: [{ to: `POST ${URL}/v1/signout`, json: { refreshToken: "r2" } }],
    },
    headers: bearer(long),
    wrong: [[401, { error: "invalid-email-password", message: "Incorrect email or password", status: 401 }], "Incorrect email or password"],
    dead: [401, { error: "invalid-refresh-token", message: "Invalid or expired refresh token", status: 401 }],
  },
  "Appwrite (documented)": {
    provider: providers.appwrite({ url: `${URL}/v1`, project: "p1" }),
    answers: {
      [`POST ${URL}/v1/account/sessions/email`]: [
        201,
        { $id: "s", userId: "1", expire: "2030-01-01T00:00:00.000+00:00", provider: "email", secret: "" },
        { "X-Fallback-Cookies": `{"a_session_p1":"cookie"}` },
      ],
      [`PATCH ${URL}/v1/account/sessions/current`]: [200, { $id: "s" }],
      [`GET ${URL}/v1/account`]: [200, { $id: "1" }],
      [`DELETE ${URL}/v1/account/sessions/current`]: [204],
    },
    asked: {
      signin: [{ to: `POST ${URL}/v1/account/sessions/email`, json: { email, password }, headers: project }],
      refresh: [
        { to: `PATCH ${URL}/v1/account/sessions/current`, headers: { ...project, "X-Fallback-Cookies": `{"a_session_p1":"cookie"}` } },
      ],
      check: [{ to: `GET ${URL}/v1/account`, headers: { ...project, "X-Fallback-Cookies": `{"a_session_p1":"cookie"}` } }],
      revoke: [
        { to: `DELETE ${URL}/v1/account/sessions/current`, headers: { ...project, "X-Fallback-Cookies": `{"a_session_p1":"cookie"}` } },
      ],
    },
    wrong: [[401, { message: "Invalid credentials.", code: 401, type: "user_invalid_credentials", version: "1" }], "Invalid credentials."],
    dead: [401, { message: "User (role: guests) missing scope (account)", code: 401, type: "general_unauthorized_scope" }],
  },
  "Strapi (seen, 5.54)": {
    provider: providers.strapi({ url: URL }),
    answers: {
      [`POST ${URL}/api/auth/local`]: [200, { jwt: long, refreshToken: "r1", user: { id: 1 } }],
      [`POST ${URL}/api/auth/refresh`]: [200, { jwt: long, refreshToken: "r2" }],
      [`GET ${URL}/api/users/me`]: [200, { id: 1 }],
      [`POST ${URL}/api/auth/logout`]: [200, { ok: true }],
    },
    asked: {
      signin: [{ to: `POST ${URL}/api/auth/local`, json: { identifier: email, password } }],
      refresh: [{ to: `POST ${URL}/api/auth/refresh`, json: { refreshToken: "r1" } }],
      check: [{ to: `GET ${URL}/api/users/me`, headers: bearer(long) }],
      revoke: [{ to: `POST ${URL}/api/auth/logout`, json: {}, headers: bearer(long) }],
    },
    headers: bearer(long),
    wrong: [
      [400, { data: null, error: { status: 400, name: "ValidationError", message: "Invalid identifier or password", details: {} } }],
      "Invalid identifier or password",
    ],
    dead: [401, { data: null, error: { status: 401, name: "UnauthorizedError", message: "Invalid refresh token", details: {} } }],
  },
  "Directus (seen, 10.13)": {
    provider: providers.directus({ url: URL }),
    answers: {
      [`POST ${URL}/auth/login`]: [200, { data: { expires: 900000, refresh_token: "r1", access_token: "a1" } }],
      [`POST ${URL}/auth/refresh`]: [200, { data: { expires: 900000, refresh_token: "r2", access_token: "a2" } }],
      [`GET ${URL}/users/me`]: [200, { data: { id: "1" } }],
      [`POST ${URL}/auth/logout`]: [204],
    },
    asked: {
      signin: [{ to: `POST ${URL}/auth/login`, json: { email, password } }],
      refresh: [{ to: `POST ${URL}/auth/refresh`, json: { refresh_token: "r1", mode: "json" } }],
      check: [{ to: `GET ${URL}/users/me`, headers: bearer("a2") }],
      revoke: [{ to: `POST ${URL}/auth/logout`, json: { refresh_token: "r2", mode: "json" } }],
    },
    headers: bearer("a2"),
    wrong: [
      [401, { errors: [{ message: "Invalid user credentials.", extensions: { code: "INVALID_CREDENTIALS" } }] }],
      "Invalid user credentials.",
    ],
    dead: [401, { errors: [{ message: "Invalid user credentials.", extensions: { code: "INVALID_CREDENTIALS" } }] }],
  },
  "Matrix (its specification)": {
    provider: providers.matrix({ url: URL }),
    inputs: { username: "ada", password },
    answers: {
      [`POST ${URL}/_matrix/client/v3/login`]: [
        200,
        { user_id: "@ada:x", access_token: "a1", refresh_token: "r1", expires_in_ms: 300000, device_id: "d" },
      ],
      [`POST ${URL}/_matrix/client/v3/refresh`]: [200, { access_token: "a2", refresh_token: "r2", expires_in_ms: 300000 }],
      [`GET ${URL}/_matrix/client/v3/account/whoami`]: [200, { user_id: "@ada:x" }],
      [`POST ${URL}/_matrix/client/v3/logout`]: [200, {}],
    },
    asked: {
      signin: [
        {
          to: `POST ${URL}/_matrix/client/v3/login`,
          json: { type: "m.login.password", identifier: { type: "m.id.user", user: "ada" }, password, refresh_token: true },
        },
      ],
      refresh: [{ to: `POST ${URL}/_matrix/client/v3/refresh`, json: { refresh_token: "r1" } }],
      check: [{ to: `GET ${URL}/_matrix/client/v3/account/whoami`, headers: bearer("a2") }],
      revoke: [{ to: `POST ${URL}/_matrix/client/v3/logout`, json: {}, headers: bearer("a2") }],
    },
    headers: bearer("a2"),
    wrong: [[403, { errcode: "M_FORBIDDEN", error: "Invalid username or password" }], "Invalid username or password"],
    dead: [401, { errcode: "M_UNKNOWN_TOKEN", error: "Unknown token", soft_logout: false }],
  },
  "Cognito's API (seen in cognito-local, and documented)": {
    provider: providers.cognito({ region: "eu-west-1", clientId: "c1" }),
    answers: {
      "POST https://cognito-idp.eu-west-1.amazonaws.com/": [
        [
          200,
          {
            AuthenticationResult: { AccessToken: "a1", ExpiresIn: 3600, IdToken: "i1", RefreshToken: "r1", TokenType: "Bearer" },
            ChallengeParameters: {},
          },
        ],
        [200, { AuthenticationResult: { AccessToken: "a2", ExpiresIn: 3600, IdToken: "i2", TokenType: "Bearer" } }],
        [200, { Username: "ada" }],
        [200, {}],
      ],
    },
    asked: {
      signin: [
        {
          ...amz("InitiateAuth"),
          json: { AuthFlow: "USER_PASSWORD_AUTH", ClientId: "c1", AuthParameters: { USERNAME: email, PASSWORD: password } },
        },
      ],
      refresh: [
        { ...amz("InitiateAuth"), json: { AuthFlow: "REFRESH_TOKEN_AUTH", ClientId: "c1", AuthParameters: { REFRESH_TOKEN: "r1" } } },
      ],
      check: [{ ...amz("GetUser"), json: { AccessToken: "a2" } }],
      revoke: [{ ...amz("RevokeToken"), json: { ClientId: "c1", Token: "r1" } }],
    },
    headers: bearer("a2"),
    wrong: [[400, { __type: "NotAuthorizedException", message: "Incorrect username or password." }], "Incorrect username or password."],
    dead: [400, { __type: "NotAuthorizedException", message: "Refresh Token has expired" }],
  },
};
