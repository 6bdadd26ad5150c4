// @ts-check
import { DEFAULTS } from "./registry.mjs";

/** Which servers the contract is held with: those that are always here, or with DOORKEY_SERVERS all, or those that it names. */
const wanted = process.env.DOORKEY_SERVERS ?? "";
const all = wanted ? [...DEFAULTS, ...(await import("./matrix/registry.mjs")).MATRIX] : DEFAULTS;
const names = wanted.split(";");
export const chosen = ["", "all"].includes(wanted) ? all : all.filter(({ name }) => names.includes(name));

/** @param {import("./registry.mjs").Server} entry */
export const isForPage = ({ withCookies, pages, asksForOrigin }) => Boolean(withCookies || pages || asksForOrigin);
