// The same task with @axa-fr/oidc-client, without its service worker.
import { OidcClient } from "@axa-fr/oidc-client";

/** @param {import("./app.d.ts").Given} given @returns {Promise<import("./app.d.ts").App>} */
export async function start({ issuer, client, page }) {
  const oidc = OidcClient.getOrCreate(() => fetch)({
    client_id: client,
    redirect_uri: page,
    scope: "openid offline_access",
    authority: issuer,
    storage: localStorage,
  });
  if (location.search.includes("code=")) await oidc.loginCallbackAsync();
  else await oidc.tryKeepExistingSessionAsync();
  const token = async () => {
    if (!oidc.tokens) return undefined;
    const { isTokensValid, tokens } = await oidc.getValidTokenAsync();
    if (!isTokensValid) throw new Error("no valid token");
    return tokens.accessToken;
  };
  return {
    signin: async () => void (await oidc.loginAsync("/")),
    token,
    signout: () => oidc.clearSessionAsync(),
    fetch: (url) => oidc.fetchWithTokens(fetch)(url),
  };
}
