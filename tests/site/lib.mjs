// @ts-check
/** The documents as a site, built in a folder of their own, and served beside the playground. */

import { readdir } from "node:fs/promises";

import { buildDocs, SITE } from "../../www/docs/build.mjs";
import { servePlayground } from "../../www/serve.mjs";
import { launchBrowser } from "../e2e/lib/browser.mjs";
import { unpackPackage } from "../e2e/lib/package.mjs";
import { startEmbedded } from "../servers/lib.mjs";

/** @type {Promise<unknown> | undefined} */
let building;
/** Builds what has changed, once for all who ask. */
export const built = () => (building ??= buildDocs());

/** Opens the site, once it is built. */
export async function openSite() {
  await built();
  const server = await startEmbedded({ origins: "*" });
  const playground = await servePlayground({ authUrl: server.url, pkgDir: unpackPackage(), user: server.user });
  const browser = await launchBrowser();
  return {
    url: `${playground.url}/docs/`,
    browser,
    user: server.user,
    async close() {
      await Promise.all([browser.close(), playground.close(), server.stop()]);
    },
  };
}

/** The pages of a site, from its folder. @param {string} [folder] */
export async function pagesOf(folder = SITE) {
  return (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".html") && path !== "404.html").sort();
}
