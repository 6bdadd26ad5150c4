// The app of Appsmith's guide, with the shipped templates pasted into it and a real auth server behind its queries.

import { createServer } from "node:http";

import { startEmbedded } from "../../servers/lib.mjs";
import { startAppsmith } from "./harness.mjs";

/**
 * The auth server's addresses as the guide draws them, JSON in and JSON out; each request is passed on to the real server.
 * @param {string} issuer
 */
async function startGateway(issuer) {
  const client = { client_id: "playground" };
  const routes = {
    password: ({ email, password }) => ["/token", { ...client, grant_type: "password", scope: "openid offline_access", username: email, password }],
    refresh_token: ({ refresh_token }) => ["/token", { ...client, grant_type: "refresh_token", refresh_token }],
    logout: ({ refresh_token }) => ["/token/revocation", { ...client, token: refresh_token }],
  };
  const cors = { "access-control-allow-origin": "*", "access-control-allow-headers": "*", "access-control-expose-headers": "*" };
  const server = createServer(async (request, response) => {
    if (request.method === "OPTIONS") return response.writeHead(204, cors).end();
    const chunks = await request.toArray();
    const { searchParams } = new URL(request.url, issuer);
    const [path, form] = routes[searchParams.get("grant_type") ?? "logout"](JSON.parse(Buffer.concat(chunks).toString()));
    const answer = await fetch(issuer + path, { method: "POST", body: new URLSearchParams(form) }).catch(() => undefined);
    if (!answer) return response.destroy();
    const headers = { "content-type": answer.headers.get("content-type") ?? "text/plain", ...cors };
    return response.writeHead(answer.status, headers).end(await answer.text());
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
  };
}

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

/** The refreshes that reached the server. */
export const refreshes = async (server) => (await server.log()).filter(({ grant }) => grant === "refresh_token");

/** Every token in a value: the three parts of a JWT, or the long random words of opaque ones under a token's name. */
export function tokensIn(value) {
  const texts = [];
  JSON.stringify(value, (key, each) => {
    if (typeof each === "string" && /token$/i.test(key) && each.length > 20) texts.push(each);
    return each;
  });
  return [...new Set(texts)];
}
