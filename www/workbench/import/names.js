// @ts-check
// The names that servers have for what a sign-in says and for what it answers.

/** A name without what languages differ in. @param {string} name */
export const plain = (name) => name.toLowerCase().replace(/[_\-. ]/g, "");

/** @param {string} name */
export const isPassword = (name) =>
  /^(user|login|account|customer|your|my)?(pass|passw|passwd|password|pwd|passphrase|passcode)$/.test(plain(name));
/** @param {string} name */
export const isRefreshName = (name) => /refresh/.test(plain(name)) && !/expir|type|ttl|lifetime/.test(plain(name));

/** What a server knows a person by, the surest first. */
const USERS = [
  "email",
  "emailaddress",
  "useremail",
  "mail",
  "username",
  "userid",
  "user",
  "login",
  "loginid",
  "identifier",
  "identity",
  "account",
  "name",
  "log",
  "usr",
  "uid",
  "phone",
  "phonenumber",
  "handle",
];
/** How sure it is that a field is who signs in; 0: it is none. @param {string} name */
export const userRank = (name) => {
  const at = USERS.indexOf(plain(name));
  // A name of one's own that begins like one of these is less sure.
  return at >= 0 ? USERS.length - at + 1 : /^(login|user)(name|mail|id)|(e?mail|username|loginname)$/.test(plain(name)) ? 1 : 0;
};
/** @param {string} name */
export const isMail = (name) => /mail/.test(plain(name));
/** @param {string} name */
export const isOneTime = (name) => /^(otp|totp|mfa|twofactor)(code|token)?$|^onetime(code|password)$/.test(plain(name));

/** doorkey finds tokens under these names by itself, at the top or in one of these. */
export const KNOWN = /** @type {Record<string, string[]>} */ ({
  accessToken: ["access_token", "accessToken", "accesstoken", "AccessToken", "access", "token", "jwt", "authToken", "idToken"],
  refreshToken: ["refresh_token", "refreshToken", "refreshtoken", "RefreshToken", "refresh", "authRefreshToken"],
  expiresIn: ["expires_in", "expiresIn", "ExpiresIn", "expires_in_ms", "expires"],
  expiresAt: ["expires_at", "expiresAt"],
});
export const CONTAINERS = ["data", "session", "tokens", "authentication", "AuthenticationResult", "result", "meta"];

/** What a page may keep, though it looks like a secret: it tells an app, and no person. @param {string} name */
export const isAppKey = (name) =>
  /api-?_?key|application-?_?id|app-?_?id|project|client-?_?(key|id)|rest-?_?api|tenant|publishable|workspace/i.test(name) &&
  !/secret|master|admin/i.test(name);
/** What a page can't keep. @param {string} name */
export const isServerSecret = (name) => /client-?_?secret|master-?_?key|service-?_?role|admin-?_?secret/i.test(name);
