// @ts-check
/** The README's pictures are of the playground as it is: `npm run picture` takes them anew. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { difference, openStudio, pictureOf, SCHEMES } from "../../www/picture.mjs";
import { noBrowser } from "./lib/browser.mjs";

/** Which part may be another one: a word more, a row more, and no page that has changed. */
const SAME = 0.06;
const skip = noBrowser ?? false;

/** @type {Awaited<ReturnType<typeof openStudio>>} */
let studio;
before(async () => {
  if (!skip) studio = await openStudio();
});
after(async () => studio?.close());

for (const scheme of SCHEMES) {
  test(`the picture of the README is the playground's: ${scheme}`, { skip }, async () => {
    const part = await difference(studio.browser, await readFile(pictureOf(scheme)), await studio.take(scheme));
    assert.ok(part <= SAME, `${(part * 100).toFixed(1)} % of the page looks otherwise: look at it, and run \`npm run picture\``);
  });
}

test("another page, or the other colours, is no longer the picture", { skip }, async () => {
  const [light, dark] = await Promise.all(SCHEMES.map((scheme) => readFile(pictureOf(scheme))));
  assert.ok((await difference(studio.browser, light, dark)) > SAME);
  const login = await studio.take("light", async (page) => page.getByTestId("email").waitFor());
  assert.ok((await difference(studio.browser, light, login)) > SAME);
});
