// @ts-check
import { checked, refreshToken } from "./given.mjs";

/** @typedef {{ redirectUri?: string, scope?: string, params?: Record<string, string | null>, mode?: "redirect" | "popup" }} Leaving */

/**
 * Any OpenID provider that takes public clients: the code flow with PKCE at the endpoints of its metadata, refresh by RFC 6749
 * section 6, revocation by RFC 7009.
 * @param {Leaving & { issuer: string, clientId: string }} options
 */
export const oidc = (options) => at(checked(options, `issuer ${CLIENT}`));

/** The options of every preset that is one of these. */
export const CLIENT = "clientId redirectUri? scope? params+ mode*";

/**
 * @param {Leaving & { issuer: string, clientId: string }} options
 * @param {Record<string, string>} [more] parameters for each of its endpoints
 */
export function at({ issuer, clientId, redirectUri, scope = "openid offline_access", params, mode }, more) {
  const client = { client_id: clientId };
  const url = "{{ metadata.token_endpoint }}";
  const code = { code: "{{ code }}", redirect_uri: "{{ redirectUri }}", code_verifier: "{{ codeVerifier }}" };
  return {
    issuer,
    clientId,
    flows: {
      signin: [
        {
          authorize: {
            redirectUri,
            scope,
            params: { ...more, ...params },
            mode,
            ...(more && { token: { url, form: { grant_type: "authorization_code", ...client, ...code, ...more } } }),
          },
        },
      ],
      refresh: { url, form: { grant_type: "refresh_token", refresh_token: refreshToken, ...client, ...more } },
      // The client authenticates here, and not the user.
      revoke: {
        url: "{{ metadata.revocation_endpoint }}",
        attach: false,
        // Where there is no refresh token, the other is all that there is to take back.
        form: { token: "{{ session.refreshToken ?? session.accessToken }}", ...client },
      },
    },
  };
}
