// Harnesses of builders whose scripts run in the page: their own origin, the shipped templates, the real auth server.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { App, startParts } from "./app.mjs";
import { bundle, listen, notFound } from "./servers.mjs";

/**
 * @param {string} host the folder of its templates, and of its runtime, page.js
 * @param {(parts: any) => any | Promise<any>} describe gives { pages?: object, html?: string | (() => string), headers?: Record<string, string>, files?: Record<string, any>, path?: (page: string) => string, … }:
 *   what the app has beside the scripts of the templates; `files` are served on the app's origin
 */
export async function startPages(host, describe) {
  const parts = await startParts();
  /** @type {Record<string, string>} */
  const scripts = {};
  for (const name of readdirSync(parts.files.path(`templates/${host}`))) {
    if (name.endsWith(".js")) scripts[name.slice(0, -3)] = parts.template(`${host}/${name}`);
  }
  const {
    html = "",
    headers = {},
    files = {},
    path = (/** @type {string} */ page) => `/${page.toLowerCase()}`,
    ...rest
  } = await describe({ ...parts, scripts });
  const runtime = await bundle(join(import.meta.dirname, "..", host, "page.js"));
  const document = () =>
    `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>${host}</title>${typeof html === "function" ? html() : html}<script src="/page.js"></script>`;
  const origin = await listen((at) => {
    if (at === "/page.js") return { body: runtime, headers };
    if (files[at]) return { headers, ...files[at] };
    return /\.\w+$/.test(at) ? notFound : { type: "text/html", body: document(), headers };
  });
  const pages = { LoginPage: { onLoad: ["guardLogin"] }, Dashboard: { onLoad: ["guardProtected"] }, Orders: { onLoad: ["loadOrders"] } };
  const config = { home: "LoginPage", pages, scripts, ...rest };
  return {
    ...parts,
    config,
    origin: origin.url,
    /** @param {Record<string, any>} [changes] */
    newApp: (changes = {}) =>
      App.start({ browser: parts.browser, url: (page) => origin.url + path(page), config: { ...config, ...changes } }),
    withHome: (/** @type {{ scripts: Record<string, string> }} */ { scripts: { setup, ...others } }, /** @type {string} */ page) => ({
      scripts: { ...others, setup: setup.replace(/home: "[^"]*"/, `home: "${page}"`) },
    }),
    stop: async () => {
      await parts.stop();
      await origin.close();
    },
  };
}
