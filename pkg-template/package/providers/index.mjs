// @ts-check
// Providers are plain data: a part of Options.
export { oidc } from "./oidc.mjs";
export { simplejwt } from "./simplejwt.mjs";
