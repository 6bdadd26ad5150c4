// @ts-check
/** Pages that sign in by a broker, and what a person does at the provider's pages behind it. */

import { approve as allow, comeBack } from "./redirect.mjs";

export { comeBack, isSignedIn, leave } from "./redirect.mjs";

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

/** Signs in at the provider's page, and comes back to the app's, loaded anew. @param {Tab} tab @param {World} world */
export async function approve(tab, world) {
  await allow(tab.page, world);
  await comeBack(tab);
}
