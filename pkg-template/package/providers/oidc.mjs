// @ts-check
import { AuthError } from "../error.mjs";

/**
 * Any OpenID provider that takes public clients: the code flow with PKCE at the endpoints of its metadata, refresh by RFC 6749
 * section 6, revocation by RFC 7009.
 * @param {{ issuer: string, clientId: string, redirectUri?: string, scope?: string, params?: Record<string, string | null>, mode?: "redirect" | "popup" }} options
 */
export function oidc({ issuer, clientId, redirectUri, scope = "openid offline_access", params, mode }) {
  for (const [name, given] of Object.entries({ issuer, clientId })) {
    if (typeof given !== "string") throw new AuthError("ERR_INVALID_OPTION", "must be a text", { path: name });
  }
  const client = { client_id: clientId };
  const refresh_token = "{{ session.refreshToken }}";
  return {
    issuer,
    clientId,
    flows: {
      signin: [{ authorize: { redirectUri, scope, params, mode } }],
      refresh: { url: "{{ metadata.token_endpoint }}", form: { grant_type: "refresh_token", refresh_token, ...client } },
      revoke: {
        url: "{{ metadata.revocation_endpoint }}",
        // The client authenticates here, and not the user.
        headers: { Authorization: "" },
        form: { token: refresh_token, token_type_hint: "refresh_token", ...client },
      },
    },
  };
}
