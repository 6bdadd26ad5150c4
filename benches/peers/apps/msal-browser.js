// The same task with @azure/msal-browser.
import { PublicClientApplication } from "@azure/msal-browser";

/** @param {import("./app.d.ts").Given} given @returns {Promise<import("./app.d.ts").App>} */
export async function start({ issuer, client, page }) {
  const msal = new PublicClientApplication({
    auth: { clientId: client, authority: issuer, knownAuthorities: [new URL(issuer).host], redirectUri: page },
    cache: { cacheLocation: "localStorage" },
    system: { protocolMode: "OIDC" },
  });
  await msal.initialize();
  await msal.handleRedirectPromise();
  const scopes = ["openid", "offline_access"];
  const token = async () => {
    const [account] = msal.getAllAccounts();
    return account && (await msal.acquireTokenSilent({ scopes, account })).accessToken;
  };
  return {
    signin: () => msal.loginRedirect({ scopes }),
    token,
    signout: () => msal.logoutRedirect({ onRedirectNavigate: () => false }),
  };
}
