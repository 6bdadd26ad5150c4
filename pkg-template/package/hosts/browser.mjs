// @ts-check
// The host of an ordinary page. It has no store, so a session is kept in the browser's own storage.

/** @import { Form, Host } from "../types/doorkey.js" */
import { careful } from "./builder.mjs";

/** @returns {Host & { navigateTo: NonNullable<Host["navigateTo"]> }} */
export function browser() {
  const owner = {}; // whose forms these are, among those of all sessions of the page
  return careful({
    prompt: Object.assign(
      async (/** @type {Form} */ form) => {
        if (!dialog()) throw new Error("there is no form to show: load doorkey/ui, or give a host with prompt");
        return dialog().ask(form, owner);
      },
      { asksAgain: /** @type {const} */ (true), done: () => dialog()?.done(owner) },
    ),
    popup,
    location: () => globalThis.location?.href,
    async navigateTo(target, params, how) {
      // Read at the call: at load there may be no page, or one that a sandbox replaces later.
      const { document, location } = globalThis;
      if (typeof location?.assign !== "function") throw new Error("there is no page to navigate: give a host with navigateTo");
      const url = new URL(withParams(target, params), document?.baseURI ?? location.href);
      if (!/^https?:$/.test(url.protocol) && url.protocol !== location.protocol)
        throw new Error(`can't navigate to a ${url.protocol} address`);
      if (how === "NEW_WINDOW") openWindow(url.href);
      else location.assign(url.href);
    },
  });
}

/** A window of that name is found again: so one that was opened blank can go somewhere later. @param {string} url */
export function popup(url) {
  if (!/^(https?:|about:blank$)/.test(new URL(url, globalThis.location?.href).href)) throw new Error("can't open a window there");
  // A window that is there already is not emptied: it may be sent on before it is.
  const opened = globalThis.open(url === "about:blank" ? "" : url, "doorkey", "popup,width=480,height=640");
  return opened && { closed: () => opened.closed, close: () => opened.close() };
}

/** The form of doorkey/ui, once it is loaded. @returns {any} */
const dialog = () => globalThis.customElements?.get("doorkey-form");

/**
 * Adds params to the query of a target; those of `#/page` belong to the page's own router, and stay in the hash.
 * @param {string} target
 * @param {object} [params]
 */
export function withParams(target, params) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params ?? {})) {
    if (value !== undefined && value !== null) query.append(key, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  const added = query.toString();
  if (!added) return target;
  const hash = target.startsWith("#") ? -1 : target.indexOf("#");
  const [before, after] = hash < 0 ? [target, ""] : [target.slice(0, hash), target.slice(hash)];
  return before + (before.includes("?") ? "&" : "?") + added + after;
}

/** @param {string} href */
function openWindow(href) {
  const opened = globalThis.open(href, "_blank");
  if (!opened) throw new Error("the browser blocked the new window");
  opened.opener = null; // what is opened has no business with this page
}
