// @ts-check
// What nobody can guess, and digests: the platform's own.

/** @param {Uint8Array} bytes */
export const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

/** 256 bit that nobody can guess. */
export const unguessable = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** The SHA-256 of a text of ASCII, as the code_challenge of a code_verifier is (RFC 7636 section 4.2) and the `ath` of a token. @param {string} text */
export async function hashed(text) {
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
