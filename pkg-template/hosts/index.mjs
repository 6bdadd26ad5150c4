// @ts-check
// What an app builder gives, as a Host each.
export { appsmith } from "./appsmith.mjs";
export { browser } from "./browser.mjs";
