// The app of Appsmith's guide, with the shipped templates pasted into it and a real auth server behind its queries.

import { startEmbedded } from "../../servers/lib.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { startAppsmith } from "./harness.mjs";

export async function startGuide() {
  const [appsmith, server] = await Promise.all([startAppsmith(), startEmbedded()]);
  const gateway = await startGateway(server.url);
  const template = (name) => appsmith.files.read(`templates/appsmith/${name}`);
  const json = (path, body) => ({ method: "POST", url: gateway.url + path, body });
  const queries = {
    sign_in: json("/auth/v1/token?grant_type=password", '{ "email": {{this.params.email}}, "password": {{this.params.password}} }'),
    refreshAPI: json("/auth/v1/token?grant_type=refresh_token", '{ "refresh_token": {{this.params.refresh_token}} }'),
    revokeAPI: json("/auth/v1/logout", '{ "refresh_token": {{this.params.refresh_token}} }'),
    orders: { url: `${server.url}/api/orders`, headers: { Authorization: "Bearer {{appsmith.store.accesstoken}}" } },
  };
  const objects = { Auth: template("Auth.js"), Guard: template("Guard.js"), Orders: template("Orders.js") };
  const pages = {
    LoginPage: { onLoad: [["Guard.loginPage"]] },
    Dashboard: { onLoad: [["Guard.protectedPage"]], widgets: [] },
    Orders: { onLoad: [["Orders.load"]], widgets: [] },
  };
  const widgets = { inp_username: "", inp_password: "" };
  return {
    appsmith,
    server,
    queries,
    template,
    /** `Auth-http.js` with the builder's own address put in. */
    authHttp: () => template("Auth-http.js").replace("https://example.api.co", gateway.url),
    /** @param {Partial<import("./harness.mjs").AppDefinition>} [changes] */
    newApp: (changes = {}) => appsmith.newApp({ pages, widgets, ...changes, queries: { ...queries, ...changes.queries }, objects: { ...objects, ...changes.objects } }),
    /** Signs in as a person does: types, presses the button, sees the Dashboard. */
    signIn: async (tab, { email, password } = server.user) => {
      await tab.type("inp_username", email);
      await tab.type("inp_password", password);
      const outcome = await tab.run("Auth.signin()");
      if (outcome.ok) await tab.shows("Dashboard");
      return outcome;
    },
    stop: async () => {
      await appsmith.stop();
      await Promise.all([gateway.stop(), server.stop()]);
    },
  };
}
