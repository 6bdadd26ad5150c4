// @ts-check
// Providers are plain data: a part of Options.
export { simplejwt } from "./simplejwt.mjs";
