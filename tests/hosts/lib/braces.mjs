// Texts with braces in every direction in which something goes to a builder: none may run.

import assert from "node:assert/strict";

/** @import { Tab } from "./app.mjs" */

/** Written so that a builder which fills in braces of scripts finds none. */
const BRACES = '"{" + "{ globalThis.harmed = 1 }" + "}"';

/** What a server, or whoever signs in, may say. */
export const braces = "{{{ globalThis.harmed = 1 }}}";

/** @param {Tab} tab */
export async function isUnharmed(tab) {
  assert.equal(await tab.page.evaluate(() => typeof (/** @type {any} */ (globalThis).harmed)), "undefined", "the page ran it");
  assert.equal(await tab.script("return typeof globalThis.harmed"), "undefined", "the realm of scripts ran it");
}

/**
 * Hands texts with braces to an adapter, as every argument of every member.
 * @param {Tab} tab @param {{ adapter: string, query?: string, page: string }} given code that gives the adapter, and a query; a page of the app
 * @returns {Promise<Record<string, string>>} by the member, the code of the error, "failed" or "done"
 */
export const handed = (tab, { adapter, query, page }) =>
  tab.script(`
    const braces = ${BRACES};
    const host = ${adapter};
    const told = {};
    const attempt = async (name, call) => {
      try {
        await call();
        told[name] = "done";
      } catch (error) {
        told[name] = error.code ?? "failed";
      }
    };
    await attempt("notify", () => host.notify?.(braces + " {" + braces, "error"));
    await attempt("set", () => host.store?.set(braces, { deep: [braces], [braces]: 1 }, true));
    await attempt("brief", () => host.store?.set(braces, braces, false));
    await attempt("get", () => host.store?.get(braces));
    await attempt("remove", () => host.store?.remove(braces));
    await attempt("text", () => ${query ? `host.run(${query}, { email: braces })` : "{}"});
    await attempt("deep", () => ${query ? `host.run(${query}, { email: { deep: [braces] } })` : "{}"});
    await attempt("name", () => ${query ? `host.run(${query}, { [braces]: 1 })` : "{}"});
    await attempt("target", () => host.navigateTo(braces));
    await attempt("params", () => host.navigateTo(${JSON.stringify(page)}, { id: braces, [braces]: 1 }));
    return told;`);
