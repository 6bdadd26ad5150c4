// @ts-check
// Chromium, and a server of files held in memory.

import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const TYPES = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" };

/**
 * Serves files on a free loopback port.
 * @param {Record<string, string | Uint8Array>} files by path, such as "/index.html"
 * @param {Record<string, string>} [headers] of every answer
 * @param {{ isClean?: boolean }} [how] isClean: a page is shown without the end of its name, as many servers of sites do it
 */
export async function serve(files, headers = {}, { isClean = false } = {}) {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
    const shown = path.replace(/\.html$/, "");
    if (isClean && shown !== path) return response.writeHead(301, { location: shown }).end();
    const content = files[path] ?? (isClean ? files[`${path}.html`] : undefined);
    const type = TYPES[/** @type {keyof typeof TYPES} */ (path.split(".").pop())] ?? "text/html; charset=utf-8";
    response.writeHead(content === undefined ? 404 : 200, { "content-type": type, "x-content-type-options": "nosniff", ...headers });
    response.end(content);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

export async function launch() {
  // A Chromium without windows does the same, where set-up has found one.
  const known = [
    process.env.DOORKEY_SHELL,
    process.env.DOORKEY_CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ];
  const executablePath = known.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error("there is no Chromium: install it, or name it in DOORKEY_CHROMIUM");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * A new page at an address, with what goes wrong on it.
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @param {string} [before] a script that runs before those of the page
 */
export async function open(browser, url, before) {
  const context = await browser.newContext();
  const page = await context.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  if (before) await page.addInitScript(before);
  await page.goto(url);
  return { page, errors, close: () => context.close() };
}
