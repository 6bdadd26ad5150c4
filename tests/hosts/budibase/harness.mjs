// Budibase without Budibase: see page.js. The plugin is built from the shipped template with Svelte's compiler, as Budibase
// builds it, and served under Budibase's policy.

import { join } from "node:path";

import { compile } from "svelte/compiler";

import { bundleApp } from "../lib/npm.mjs";
import { startPages } from "../lib/pages.mjs";

/** As Budibase sets it; its many hosts of other companies are left out. */
const policy =
  "default-src 'self'; script-src 'self' 'unsafe-eval' 'nonce-harness'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; connect-src 'self'; img-src http: https: data: blob:; worker-src blob:";

const svelte = (text) => compile(text, { generate: "dom", css: "none" }).js.code;

const bundlePlugin = (files, changes) => bundleApp(files, join(import.meta.dirname, "plugin.js"), { changes, transform: { svelte } });

export const startBudibase = async () => {
  let files;
  const plugin = { type: "text/javascript" };
  const world = await startPages("budibase", (parts) => {
    ({ files } = parts);
    const json = (path, body) => ({ method: "POST", url: parts.gateway.url + path, json: body });
    return {
      files: { "/plugin.js": plugin },
      headers: { "content-security-policy": policy },
      path: (page) => `/app/app1#/${page.toLowerCase()}`,
      pages: {
        LoginPage: { components: [{ part: "login" }] },
        Dashboard: { components: [{ part: "guard" }, { part: "logout" }] },
        Orders: { components: [{ part: "guard" }, { part: "load", query: "query_orders", key: "orders" }] },
      },
      queries: {
        query_sign_in: json("/auth/v1/token?grant_type=password", { email: "{{ email }}", password: "{{ password }}" }),
        query_refresh: json("/auth/v1/token?grant_type=refresh_token", { refresh_token: "{{ refresh_token }}" }),
        query_revoke: {
          ...json("/auth/v1/logout", { refresh_token: "{{ refresh_token }}" }),
          headers: { Authorization: "Bearer {{ accessToken }}" },
        },
        query_orders: { url: `${parts.server.url}/api/orders`, headers: { Authorization: "Bearer {{ token }}" } },
      },
      // What a person does on the screens, with the parts of the plugin.
      scripts: {
        login: "return part('login').submit()",
        logout: "return Doorkey.logout()",
        refreshAccessToken: "return Doorkey.refreshAccessToken()",
        loadOrders: "return platform.loadOrders()",
      },
    };
  });
  const usual = await bundlePlugin(files);
  const elsewhere = await bundlePlugin(files, { 'home: "/dashboard"': 'home: "/nowhere"' });
  return {
    ...world,
    source: (changes) => bundlePlugin(files, changes),
    newApp: ({ body = usual, ...changes } = {}) => {
      plugin.body = body;
      return world.newApp(changes);
    },
    withHome: () => {
      plugin.body = elsewhere;
    },
  };
};
