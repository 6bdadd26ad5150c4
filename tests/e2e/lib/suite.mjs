// @ts-check
/** Tests in a real browser against a real auth server: one browser, server and site for a file, a fresh context for each test. */

import { after, before, test } from "node:test";

import { startEmbedded } from "../../servers/lib.mjs";
import { launchBrowser, noBrowser } from "./browser.mjs";
import { unpackPackage } from "./package.mjs";
import { Site } from "./site.mjs";
import { World } from "./world.mjs";

/**
 * Starts what a file's tests share.
 * @param {{ accessTtl?: number, refreshTtl?: number, timeoutSeconds?: number, start?: typeof startEmbedded, keepsPages?: boolean }} [how]
 *   lifetimes, how long one test may take, all in seconds; what starts the server; whether the browser must have a back/forward cache
 * @returns {(name: string, body: (world: World) => Promise<void>) => void} defines a test. After its body no call may hang, and
 * no page may have seen an uncaught error, an unhandled rejection or a line on its console.
 */
export function suite({ accessTtl = 60, refreshTtl = 3600, timeoutSeconds = 60, start = startEmbedded, keepsPages } = {}) {
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {Awaited<ReturnType<typeof startEmbedded>>} */
  let server;
  /** @type {Site} */
  let site;

  before(async () => {
    if (noBrowser) {
      return;
    }
    site = await Site.start(unpackPackage());
    // Each by itself: where one can't be started the other is stopped all the same, and the process ends.
    await Promise.all([
      launchBrowser({ keepsPages }).then((launched) => (browser = launched)),
      start({ accessTtl, refreshTtl, origins: "*" }).then((started) => (server = started)),
    ]);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
    await site?.stop();
  });

  return (name, body) => {
    test(name, { skip: noBrowser ?? false, timeout: timeoutSeconds * 1000 }, async () => {
      const world = await World.open({ browser, server, site, accessTtl });
      try {
        await body(world);
        await world.assertQuiet();
      } finally {
        await world.close();
      }
    });
  };
}
