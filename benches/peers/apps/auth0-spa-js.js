// The same task with @auth0/auth0-spa-js.
import { Auth0Client } from "@auth0/auth0-spa-js";

/** @param {import("./app.d.ts").Given} given @returns {Promise<import("./app.d.ts").App>} */
export async function start({ issuer, client, page }) {
  const auth0 = new Auth0Client({
    domain: issuer,
    clientId: client,
    authorizationParams: { redirect_uri: page },
    useRefreshTokens: true,
    cacheLocation: "localstorage",
  });
  if (location.search.includes("code=")) await auth0.handleRedirectCallback();
  return {
    signin: () => auth0.loginWithRedirect(),
    token: () => auth0.getTokenSilently(),
    signout: () => auth0.logout({ openUrl: false }),
    fetch: (url) => auth0.createFetcher().fetchWithAuth(url),
  };
}
