// @ts-check

const REALM = "doorkey test API";

/** @typedef {{ error?: string, message: string, nonce?: string, isBound?: boolean }} Refusal */

/**
 * Why this header does not open the door, or undefined when it does (RFC 6750 section 3, RFC 9449 section 7).
 * @param {any} provider @param {string | null | undefined} header
 * @param {(token: string, jkt: string) => Promise<Refusal | undefined>} [prove] of tokens that are bound: what is wrong with their proof
 * @returns {Promise<Refusal | undefined>}
 */
export async function refusalOf(provider, header, prove) {
  const [, scheme, token] = /^(Bearer|DPoP) +(\S+)$/i.exec(header ?? "") ?? [];
  if (!token) return { message: "Sign in first." };
  const found = await provider.AccessToken.find(token, { ignoreExpiration: true });
  if (!found) return { error: "invalid_token", message: "The access token is unknown or was revoked." };
  if (found.isExpired) return { error: "invalid_token", message: "The access token has expired." };
  if (!(await provider.Grant.find(found.grantId))) return { error: "invalid_token", message: "The access token was revoked." };
  if (Boolean(found.jkt) !== (scheme.toLowerCase() === "dpop")) {
    return {
      error: "invalid_token",
      message: `The access token is ${found.jkt ? "" : "not "}bound to a key.`,
      isBound: Boolean(found.jkt),
    };
  }
  const refusal = found.jkt && (await prove?.(token, found.jkt));
  return refusal ? { ...refusal, isBound: true } : undefined;
}

/** The value of WWW-Authenticate for a refusal. @param {Refusal} refusal */
export function challenge({ error, message, isBound }) {
  return `${isBound ? "DPoP" : "Bearer"} realm="${REALM}"${error ? `, error="${error}", error_description="${message}"` : ""}`;
}
