// @ts-check
import { createHash, timingSafeEqual } from "node:crypto";

/** The one user of the test servers. The password opens nothing outside of them. */
export const USER = {
  id: "u-1843",
  email: "ada@example.com",
  password: "analytical-engine-1843",
  name: "Ada Lovelace",
};

/**
 * The account that belongs to these credentials, or undefined.
 * @param {unknown} email @param {unknown} password
 */
export function authenticate(email, password) {
  // Both are always compared, and as digests, so that the time taken tells nothing.
  const emailRight = same(String(email).toLowerCase(), USER.email);
  const passwordRight = same(String(password), USER.password);
  return emailRight && passwordRight ? USER : undefined;
}

/** @param {string} left @param {string} right */
function same(left, right) {
  return timingSafeEqual(digest(left), digest(right));
}

/** @param {string} text */
function digest(text) {
  return createHash("sha256").update(text).digest();
}
