// @ts-check
// What an app builder gives, as a Host each.
export { appsmith } from "./appsmith.mjs";
export { browser } from "./browser.mjs";
export { budibase } from "./budibase.mjs";
export { dronahq } from "./dronahq.mjs";
export { lowcoder } from "./lowcoder.mjs";
export { lowdefy } from "./lowdefy.mjs";
export { nocobase } from "./nocobase.mjs";
export { plasmic } from "./plasmic.mjs";
export { retool } from "./retool.mjs";
export { tooljet } from "./tooljet.mjs";
export { uibakery } from "./uibakery.mjs";
export { weweb } from "./weweb.mjs";
export { windmill } from "./windmill.mjs";
