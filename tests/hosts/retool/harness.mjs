// Retool's classic apps without Retool: page.js is the page, frame.js the sandboxed frame of another origin.

import { join } from "node:path";

import { App, startParts } from "../lib/app.mjs";
import { bundle, listen } from "../lib/servers.mjs";

const SCRIPTS = ["login", "logout", "refreshAccessToken", "guardProtected", "guardLogin", "loadOrders"];
const document =
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Retool</title><body><script src="/script.js"></script>';

async function serve(entry) {
  const script = await bundle(join(import.meta.dirname, entry));
  return listen((path) => (path === "/script.js" ? { body: script } : { type: "text/html", body: document }));
}

export async function startRetool(options) {
  const parts = await startParts({ cors: false, ...options });
  const [origin, sandbox] = await Promise.all([serve("page.js"), serve("frame.js")]);
  const template = (name) => parts.template(`retool/${name}`);
  const scripts = Object.fromEntries(SCRIPTS.map((name) => [name, template(`${name}.js`)]));
  const json = (path, body) => ({ method: "POST", url: parts.gateway.url + path, json: body });
  const config = {
    home: "LoginPage",
    sandbox: sandbox.url,
    libraries: [parts.cdn.url + parts.files.cdnPath("dist/doorkey.umd.min.js")],
    preload: template("preload.js"),
    scripts,
    setup: scripts.login.match(/^setupDoorkey.*$/m)[0],
    queries: {
      sign_in: json("/auth/v1/token?grant_type=password", { email: "{{ email }}", password: "{{ password }}" }),
      refreshAPI: json("/auth/v1/token?grant_type=refresh_token", { refresh_token: "{{ refresh_token }}" }),
      revokeAPI: {
        ...json("/auth/v1/logout", { refresh_token: "{{ refresh_token }}" }),
        headers: { Authorization: "Bearer {{ accessToken }}" },
      },
      orders: { url: `${parts.server.url}/api/orders`, headers: { Authorization: "Bearer {{ localStorage.values.accesstoken }}" } },
      doorkey_http: { method: "{{ method }}", url: "{{ url }}", headers: { Authorization: "{{ authorization }}" }, json: "{{ body }}" },
    },
    pages: { LoginPage: { onLoad: ["guardLogin"] }, Dashboard: { onLoad: ["guardProtected"] }, Orders: { onLoad: ["loadOrders"] } },
  };
  return {
    ...parts,
    config,
    /** @param {Record<string, any>} [changes] */
    newApp: (changes = {}) =>
      App.start({ browser: parts.browser, url: (page) => `${origin.url}/apps/app1/${page}`, config: { ...config, ...changes } }),
    withHome: ({ preload }, page) => ({ preload: preload.replace('home: "Dashboard"', `home: "${page}"`) }),
    stop: async () => {
      await parts.stop();
      await Promise.all([origin.close(), sandbox.close()]);
    },
  };
}
