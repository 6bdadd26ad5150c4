// @ts-check
/** Pages that sign in by a broker, and what a person does at the provider's pages behind it. */

/** @typedef {import("./world.mjs").World} World  @typedef {import("./tab.mjs").Tab} Tab */

/** A page of an app that signs in by this preset. @param {World} world @param {object} provider */
export const open = (world, provider) =>
  world.openTab({
    whole: true,
    options: { storage: "local", provider },
    complete: (options, kit) => {
      const { navigateTo, popup } = kit.doorkey.hosts.browser();
      return { ...options, host: { ...kit.recordingHost, navigateTo, popup } };
    },
  });

/** Begins, and waits for the provider's page. @param {Tab} tab */
export async function leave({ page }) {
  await page.evaluate(() => void globalThis.auth.signin().catch(() => {}));
  await page.waitForURL(/\/interaction\//);
}

/** Signs in at the provider's page, or says no, and comes back to the app's, loaded anew. @param {Tab} tab @param {World} world */
export async function approve(tab, { user }) {
  await tab.page.fill("input[name=password]", user.password);
  await tab.page.getByRole("button", { name: "Sign in" }).click();
  await tab.page.getByRole("button", { name: "Allow" }).click();
  await comeBack(tab);
}

/** @param {Tab} tab */
export async function comeBack(tab) {
  await tab.page.waitForURL(/app\.html/);
  await tab.startAuth();
}

export const isSignedIn = (/** @type {Tab} */ tab) => tab.evaluate(() => globalThis.auth.status().signedIn);
