// @ts-check
/**
 * node www/picture.mjs        (npm run picture packs first)
 *
 * Takes the pictures of the playground that the README shows, light and dark, from the playground itself: signed in, on its Dashboard,
 * beside the panel. tests/e2e/picture.test.mjs takes them too, and fails when the page is no longer the one in the picture.
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { launchBrowser } from "../tests/e2e/lib/browser.mjs";
import { unpackPackage } from "../tests/e2e/lib/package.mjs";
import { startEmbedded } from "../tests/servers/lib.mjs";
import { servePlayground } from "./serve.mjs";

/** @typedef {"light" | "dark"} Scheme */
/** @type {Scheme[]} */
export const SCHEMES = ["light", "dark"];
const SIZE = { width: 1200, height: 760 };
/** Into how many cells pictures are divided to be compared: of about 20 px, so that words may differ, and places may not. */
const CELLS = { across: 60, down: 38 };
/** From which difference on a cell is another one: a part of the way from black to white. */
const OTHER = 0.1;

/** Where a picture is kept. @param {Scheme} scheme */
export const pictureOf = (scheme) => fileURLToPath(new URL(`../docs/pictures/playground-${scheme}.png`, import.meta.url));

/** A playground with its auth server, and a browser that looks at it. */
export async function openStudio() {
  const server = await startEmbedded({ accessTtl: 3600, origins: "*", control: false });
  const playground = await servePlayground({ authUrl: server.url, pkgDir: unpackPackage(), user: server.user });
  const browser = await launchBrowser();
  return {
    browser,
    /** A picture of the playground. @param {Scheme} colorScheme @param {(page: import("playwright-core").Page) => Promise<void>} [pose] */
    async take(colorScheme, pose = async (page) => signIn(page, server.user)) {
      const context = await browser.newContext({ colorScheme, viewport: SIZE, reducedMotion: "reduce" });
      const page = await context.newPage();
      await page.goto(playground.url, { waitUntil: "networkidle" });
      await pose(page);
      await page.evaluate(() => /** @type {HTMLElement | null} */ (document.activeElement)?.blur());
      const picture = await page.screenshot();
      await context.close();
      return picture;
    },
    async close() {
      await Promise.all([browser.close(), playground.close(), server.stop()]);
    },
  };
}

/** @param {import("playwright-core").Page} page @param {{ email: string, password: string }} user */
async function signIn(page, user) {
  await page.getByTestId("email").fill(user.email);
  await page.getByTestId("password").fill(user.password);
  await page.getByTestId("signin").click();
  await page.getByTestId("dashboard").getByText(user.email).waitFor();
  // What is announced goes away by itself.
  await page.waitForFunction(() => document.querySelector("#toasts")?.childElementCount === 0);
}

/**
 * Which part of two pictures is another one: 0 where they are the same but for words, 1 where nothing is.
 * @param {import("playwright-core").Browser} browser @param {Uint8Array} a @param {Uint8Array} b
 */
export async function difference(browser, a, b) {
  const page = await browser.newPage();
  const urls = [a, b].map((png) => `data:image/png;base64,${Buffer.from(png).toString("base64")}`);
  const part = await page.evaluate(
    async ({ urls, cells, other }) => {
      const [first, second] = await Promise.all(
        urls.map(async (url) => {
          const image = new Image();
          image.src = url;
          await image.decode();
          const canvas = new OffscreenCanvas(cells.across, cells.down);
          const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
          context.imageSmoothingQuality = "high";
          context.drawImage(image, 0, 0, cells.across, cells.down);
          return context.getImageData(0, 0, cells.across, cells.down).data;
        }),
      );
      let others = 0;
      for (let at = 0; at < first.length; at += 4) {
        const distance = [0, 1, 2].reduce((sum, colour) => sum + Math.abs(first[at + colour] - second[at + colour]), 0) / (3 * 255);
        if (distance > other) others += 1;
      }
      return others / (first.length / 4);
    },
    { urls, cells: CELLS, other: OTHER },
  );
  await page.close();
  return part;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const studio = await openStudio();
  try {
    for (const scheme of SCHEMES) {
      await writeFile(pictureOf(scheme), await studio.take(scheme));
      console.log(`picture: ${pictureOf(scheme)}`);
    }
  } finally {
    await studio.close();
  }
}
