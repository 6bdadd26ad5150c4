// ToolJet without ToolJet: see page.js. The app has the shipped templates pasted in.

import { join } from "node:path";

import { App, startParts } from "../lib/app.mjs";
import { bundle, listen } from "../lib/servers.mjs";

// As ToolJet sets it, with the CDN of the test beside jsdelivr.
const policy = (cdn) =>
  `script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: cdn.jsdelivr.net https://esm.sh cdn.skypack.dev ${cdn}; connect-src ws: 'self' *; worker-src 'self' blob:`;

export async function startToolJet(options) {
  const parts = await startParts(options);
  const script = await bundle(join(import.meta.dirname, "page.js"));
  const html = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>ToolJet</title><script src="/page.js"></script>';
  const headers = { "content-security-policy": policy(parts.cdn.url) };
  const origin = await listen((path) => (path === "/page.js" ? { body: script } : { type: "text/html", body: html, headers }));
  const { server, gateway } = parts;
  const template = (name) => parts.template(`tooljet/${name}`);
  const json = (path, body) => ({ method: "POST", url: gateway.url + path, json: body });
  const config = {
    home: "LoginPage",
    libraries: [{ name: "Doorkey", url: parts.cdn.url + parts.files.cdnPath("dist/doorkey.umd.min.js") }],
    preload: template("preloaded.js"),
    scripts: Object.fromEntries(
      ["login", "logout", "refreshAccessToken", "guardProtected", "guardLogin", "loadOrders"].map((name) => [name, template(`${name}.js`)]),
    ),
    queries: {
      sign_in: {
        ...json("/auth/v1/token?grant_type=password", { email: "{{parameters.email}}", password: "{{parameters.password}}" }),
        parameters: ["email", "password"],
      },
      refreshAPI: {
        ...json("/auth/v1/token?grant_type=refresh_token", { refresh_token: "{{parameters.refresh_token}}" }),
        parameters: ["refresh_token"],
      },
      revokeAPI: {
        ...json("/auth/v1/logout", { refresh_token: "{{parameters.refresh_token}}" }),
        headers: { Authorization: "Bearer {{parameters.accessToken}}" },
        parameters: ["refresh_token", "accessToken"],
      },
      orders: { url: `${server.url}/api/orders`, headers: { Authorization: "Bearer {{variables.accesstoken}}" } },
    },
    pages: { LoginPage: { onLoad: ["guardLogin"] }, Dashboard: { onLoad: ["guardProtected"] }, Orders: { onLoad: ["loadOrders"] } },
  };
  return {
    ...parts,
    config,
    /** @param {Record<string, any>} [changes] */
    newApp: (changes = {}) =>
      App.start({
        browser: parts.browser,
        url: (page) => `${origin.url}/applications/app1/${page.toLowerCase()}`,
        config: { ...config, ...changes },
      }),
    withHome: ({ preload }, page) => ({ preload: preload.replace('home: "dashboard"', `home: "${page}"`) }),
    stop: async () => {
      await parts.stop();
      await origin.close();
    },
  };
}
