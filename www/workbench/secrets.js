// @ts-check
// Which names hold secrets: those that doorkey masks.

const PARTS = [
  "password",
  "passwd",
  "passphrase",
  "passcode",
  "pwd",
  "secret",
  "token",
  "otp",
  "jwt",
  "authorization",
  "cookie",
  "apikey",
  "privatekey",
  "credential",
  "assertion",
];
const WHOLE = ["access", "refresh", "pin", "pass", "sid"];

/** The types of fields that hold a secret. */
export const SECRET_FIELD = /^(password|one-time-code)$/;

/** Whether a member or a header of this name holds a secret. @param {string} name */
export function isSecretName(name) {
  const plain = name.toLowerCase().replace(/[_\- ]/g, "");
  const ends = PARTS.filter((part) => plain.includes(part)).map((part) => plain.lastIndexOf(part) + part.length);
  // The type and the lifetime of a token are no secrets.
  return ends.length > 0 ? !/^(type|expir)/.test(plain.slice(Math.max(...ends))) : WHOLE.includes(plain);
}
