// NocoBase without NocoBase: see page.js. Blocks of RunJS have the shipped templates pasted in.

import { join } from "node:path";

import { App, startParts } from "../lib/app.mjs";
import { bundle, listen } from "../lib/servers.mjs";

const SCRIPTS = ["login", "logout", "refreshAccessToken", "guardProtected", "guardLogin", "loadOrders"];

export async function startNocoBase(options) {
  const parts = await startParts(options);
  const script = await bundle(join(import.meta.dirname, "page.js"), { format: "esm" });
  const html =
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>NocoBase</title><script type="module" src="/page.js"></script>';
  const origin = await listen((path) => (path === "/page.js" ? { body: script } : { type: "text/html", body: html }));
  // Its requests leave from the browser: the API is the gateway's, with CORS.
  const scripts = Object.fromEntries(SCRIPTS.map((name) => [name, parts.template(`nocobase/${name}.js`)]));
  const config = {
    home: "LoginPage",
    scripts,
    setup: scripts.login.slice(0, scripts.login.indexOf("// --")),
    pages: { LoginPage: { onLoad: ["guardLogin"] }, Dashboard: { onLoad: ["guardProtected"] }, Orders: { onLoad: ["loadOrders"] } },
  };
  return {
    ...parts,
    config,
    /** @param {Record<string, any>} [changes] */
    newApp: (changes = {}) =>
      App.start({ browser: parts.browser, url: (page) => `${origin.url}/admin/${page}`, config: { ...config, ...changes } }),
    withHome: (app, page) => {
      const moved = (text) => text.replace('home: "/admin/Dashboard"', `home: "/admin/${page}"`);
      return {
        setup: moved(app.setup),
        scripts: Object.fromEntries(Object.entries(app.scripts).map(([name, text]) => [name, moved(text)])),
      };
    },
    stop: async () => {
      await parts.stop();
      await origin.close();
    },
  };
}
