// @ts-check
/** What a user does who signs in elsewhere: leaves the app, says yes or no at the provider, and comes back. */

import { redirectOptions } from "../../servers/options.mjs";

/** @typedef {import("./world.mjs").World} World  @typedef {import("./tab.mjs").Tab} Tab  @typedef {import("playwright-core").Page} Page */

/**
 * A page of an app that signs in at the provider.
 * @param {World} world @param {Record<string, any>} [authorize] more of the step @param {Record<string, any>} [options] and of the options
 * @param {Parameters<World["openTab"]>[0]} [how]
 */
export const open = (world, authorize = {}, options = {}, how = {}) =>
  world.openTab({
    whole: true,
    options: { storage: "local", ...redirectOptions(world.server.url, authorize), ...options },
    complete: (options, kit) => {
      const { navigateTo, popup } = kit.doorkey.hosts.browser();
      return { ...options, host: { ...kit.recordingHost, navigateTo, popup } };
    },
    ...how,
  });

/** Begins, and waits for the provider's page. @param {Tab} tab */
export async function leave({ page }) {
  await page.evaluate(() => void globalThis.auth.signin().catch(() => {}));
  await page.waitForURL(/\/interaction\//);
}

/** What a person does at the provider who wants to sign in; it may know them already. @param {Page} page @param {World} world */
export async function approve(page, { user }) {
  const password = page.locator("input[name=password]");
  const allow = page.getByRole("button", { name: "Allow" });
  await password.or(allow).waitFor();
  if (await password.count()) {
    await password.fill(user.password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }
  await allow.click();
}

/** Comes back with the app's page loaded anew. @param {Tab} tab */
export async function comeBack(tab) {
  await tab.page.waitForURL(/app\.html/);
  await tab.startAuth();
}

/** Leaves, signs in, and comes back; gives the address with the answer. @param {Tab} tab @param {World} world */
export async function answered(tab, world) {
  await leave(tab);
  await approve(tab.page, world);
  await comeBack(tab);
  return tab.page.url();
}

export const isSignedIn = (/** @type {Tab} */ tab) => tab.evaluate(() => globalThis.auth.status().signedIn);

/** How many codes were exchanged, or tried to be. @param {World} world */
export const exchanges = async (world) => (await world.requests("/token")).filter(({ grant }) => grant === "authorization_code").length;
