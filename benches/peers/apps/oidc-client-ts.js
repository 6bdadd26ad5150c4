// The same task with oidc-client-ts.
import { UserManager, WebStorageStateStore } from "oidc-client-ts";

/** @param {import("./app.d.ts").Given} given @returns {Promise<import("./app.d.ts").App>} */
export async function start({ issuer, client, page }) {
  const manager = new UserManager({
    authority: issuer,
    client_id: client,
    redirect_uri: page,
    scope: "openid offline_access",
    userStore: new WebStorageStateStore({ store: localStorage }),
    automaticSilentRenew: true,
  });
  if (location.search.includes("code=")) await manager.signinRedirectCallback();
  const token = async () => {
    const user = await manager.getUser();
    return (user?.expired ? await manager.signinSilent() : user)?.access_token;
  };
  return { signin: () => manager.signinRedirect(), token, signout: () => manager.removeUser() };
}
