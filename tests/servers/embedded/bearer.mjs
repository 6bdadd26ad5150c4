// @ts-check

const REALM = "doorkey test API";

/**
 * Why this header does not open the door, or undefined when it does (RFC 6750 section 3).
 * @param {any} provider @param {string | null | undefined} header
 * @returns {Promise<{ error?: string, message: string } | undefined>}
 */
export async function refusalOf(provider, header) {
  const token = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
  if (!token) return { message: "Sign in first." };
  const found = await provider.AccessToken.find(token, { ignoreExpiration: true });
  if (!found) return { error: "invalid_token", message: "The access token is unknown or was revoked." };
  if (found.isExpired) return { error: "invalid_token", message: "The access token has expired." };
  if (!(await provider.Grant.find(found.grantId))) return { error: "invalid_token", message: "The access token was revoked." };
  return undefined;
}

/** The value of WWW-Authenticate for a refusal. @param {{ error?: string, message: string }} refusal */
export function challenge({ error, message }) {
  return `Bearer realm="${REALM}"${error ? `, error="${error}", error_description="${message}"` : ""}`;
}
