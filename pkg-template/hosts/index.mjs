// @ts-check
// What an app builder gives, as a Host each.
export { appsmith } from "./appsmith.mjs";
export { browser } from "./browser.mjs";
export { lowcoder } from "./lowcoder.mjs";
export { nocobase } from "./nocobase.mjs";
export { retool } from "./retool.mjs";
export { tooljet } from "./tooljet.mjs";
