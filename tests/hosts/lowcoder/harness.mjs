// Lowcoder without Lowcoder: see page.js and sandbox.js. The apps have the shipped templates pasted in.

import { join } from "node:path";

import { App, startParts } from "../lib/app.mjs";
import { bundle, listen } from "../lib/servers.mjs";

const SCRIPTS = ["login", "logout", "refreshAccessToken", "guardProtected", "guardLogin", "loadOrders", "doorkey_answer"];

export async function startLowcoder(options) {
  const parts = await startParts(options);
  const script = await bundle(join(import.meta.dirname, "page.js"));
  const html =
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Lowcoder</title><script src="/page.js"></script>';
  const origin = await listen((path) => (path === "/page.js" ? { body: script } : { type: "text/html", body: html }));
  const template = (name) => parts.template(`lowcoder/${name}`);
  const scripts = Object.fromEntries(SCRIPTS.map((name) => [name, template(`${name}.js`)]));
  const config = {
    home: "LoginPage",
    libraries: [parts.cdn.url + parts.files.cdnPath("dist/doorkey.umd.min.js")],
    preload: template("preload.js"),
    scripts,
    setup: scripts.login.match(/^const Doorkey = .*$/m)[0],
    queries: {
      doorkey_http: { method: "POST", url: "{{url}}", headers: { Authorization: "{{authorization}}" }, json: "{{body}}" },
      orders: { url: `${parts.server.url}/api/orders`, headers: { Authorization: "Bearer {{localStorage.values.accesstoken}}" } },
    },
    pages: { LoginPage: { onLoad: ["guardLogin"] }, Dashboard: { onLoad: ["guardProtected"] }, Orders: { onLoad: ["loadOrders"] } },
  };
  return {
    ...parts,
    config,
    /** @param {Record<string, any>} [changes] */
    newApp: (changes = {}) =>
      App.start({ browser: parts.browser, url: (page) => `${origin.url}/apps/${page}`, config: { ...config, ...changes } }),
    withHome: ({ preload }, page) => ({ preload: preload.replace('home: "Dashboard"', `home: "${page}"`) }),
    stop: async () => {
      await parts.stop();
      await origin.close();
    },
  };
}
