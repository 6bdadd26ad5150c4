// @ts-check
import { byName, checked, plain, refreshToken } from "./given.mjs";
import { at, CLIENT } from "./oidc.mjs";

/**
 * Amazon Cognito: by redirect to the pages at its domain, or, without a domain, by password through its API.
 * @param {import("./oidc.mjs").Leaving & { domain?: string, region: string, poolId?: string, clientId: string, url?: string }} options
 */
export function cognito(options) {
  const given = plain(options);
  const { domain, region, poolId, url, ...more } = checked(given, `domain? region poolId${given.domain ? "" : "?"} url? ${CLIENT}`);
  const api = url ?? `https://cognito-idp.${region}.amazonaws.com`;
  if (!domain) return byPassword(`${api}/`, more.clientId);
  const host = domain.includes(".") ? domain : `${domain}.auth.${region}.amazoncognito.com`;
  const to = `https://${host}/logout?client_id=${encodeURIComponent(more.clientId)}&logout_uri=`;
  return {
    ...at({ scope: "openid", ...more, issuer: `${api}/${poolId}` }),
    // It has names of its own for what OpenID Connect has names for.
    endSession: { endpoint: `${to}{{ encodeURIComponent(redirectUri) }}` },
  };
}

/** @param {string} url @param {string} ClientId */
function byPassword(url, ClientId) {
  /** @param {string} operation @param {object} body */
  const call = (operation, body) => ({
    url,
    attach: false,
    headers: { "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`, "Content-Type": "application/x-amz-json-1.1" },
    json: body,
  });
  /** @param {string} AuthFlow @param {object} AuthParameters */
  const initiate = (AuthFlow, AuthParameters) => call("InitiateAuth", { AuthFlow, ClientId, AuthParameters });
  return {
    flows: {
      signin: initiate("USER_PASSWORD_AUTH", { USERNAME: byName.username, PASSWORD: byName.password }),
      refresh: initiate("REFRESH_TOKEN_AUTH", { REFRESH_TOKEN: refreshToken }),
      revoke: call("RevokeToken", { ClientId, Token: refreshToken }),
      check: call("GetUser", { AccessToken: "{{ session.accessToken }}" }),
    },
    // It says 400 of everything; API Gateway in front of an API of one's own says 401.
    refresh: { when: "{{ response.status == 400 && response.body.__type == 'NotAuthorizedException' }}" },
  };
}
