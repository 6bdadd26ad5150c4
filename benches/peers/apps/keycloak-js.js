// The same task with keycloak-js, which keeps tokens in memory: that they are in localStorage is the glue that apps write.
import Keycloak from "keycloak-js";

const KEY = "tokens";

/** @param {import("./app.d.ts").Given} given @returns {Promise<import("./app.d.ts").App>} */
export async function start({ issuer, client, page }) {
  const keycloak = new Keycloak({ url: issuer, realm: "main", clientId: client });
  const save = () => {
    const { token, refreshToken, idToken, timeSkew } = keycloak;
    if (token) localStorage.setItem(KEY, JSON.stringify({ token, refreshToken, idToken, timeSkew }));
    else localStorage.removeItem(KEY);
  };
  const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
  keycloak.onAuthRefreshSuccess = save;
  keycloak.onAuthLogout = save;
  await keycloak.init({ pkceMethod: "S256", checkLoginIframe: false, redirectUri: page, responseMode: "query", ...kept });
  if (keycloak.token) save();
  const token = async () => {
    if (!keycloak.authenticated) return undefined;
    await keycloak.updateToken(30);
    return keycloak.token;
  };
  return { signin: () => keycloak.login({ scope: "openid offline_access" }), token, signout: async () => keycloak.clearToken() };
}
