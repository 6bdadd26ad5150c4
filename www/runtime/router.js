// @ts-check
// Pages by name: ?page=Orders&status=open. A page's widgets are made after its onPageLoad has said that it may be shown, never before.

import { addressOf } from "./address.js";
import { bind, unbind } from "./bindings.js";
import { h } from "./dom.js";

/** @typedef {import("./app.js").Page} Page */
/** @typedef {import("./app.js").Widget} Widget */

/** @type {Record<string, Page>} */
let pages = {};
/** @type {HTMLElement} */
let outlet;
/** Makes a widget's element. @type {(widget: Widget) => Element} */
let render;
/** @type {() => void} */
let onNavigated = () => {};
let turn = 0;
let isShown = false;

/**
 * Starts with the page that the address names.
 * @param {{ pages: Record<string, Page>, outlet: HTMLElement, render: (widget: Widget) => Element, onNavigated?: () => void }} app
 */
export function startRouter(app) {
  ({ pages, outlet, render } = app);
  onNavigated = app.onNavigated ?? onNavigated;
  addEventListener("popstate", () => void load());
  // A page that the back/forward cache brings back may belong to a session that has ended since: it goes away empty and is loaded anew.
  addEventListener("pagehide", blank);
  addEventListener("pageshow", (event) => {
    if (event.persisted) void load();
  });
  return load({ isFirst: true });
}

/** The name of the page that the address asks for. */
export function currentPage() {
  const home = Object.keys(pages).find((name) => pages[name].isHome);
  return new URLSearchParams(location.search).get("page") ?? home ?? "";
}

/** What stands in the address beside the page. @returns {Record<string, string | undefined>} */
export function pageParams() {
  return Object.fromEntries(new URLSearchParams(location.search));
}

/**
 * Goes to a page of the app, by its exact name or its path, or to an http(s) address.
 * @param {string} target
 * @param {Record<string, unknown>} [params]
 * @param {"SAME_WINDOW" | "NEW_WINDOW"} [how]
 */
export async function navigateTo(target, params = {}, how = "SAME_WINDOW") {
  const isName = Object.hasOwn(pages, target);
  const isPage = isName || target.split(/[?#]/)[0] === location.pathname;
  if (!isPage && !/^https?:\/\//.test(target)) throw new Error(`There is no page named "${target}".`);
  const address = isName ? addressOf(target, params) : target;
  if (how === "NEW_WINDOW") {
    window.open(address, "_blank", "noopener");
  } else if (!isPage) {
    location.assign(address);
  } else if (new URL(address, location.href).href !== location.href) {
    // A page that was never shown leaves no entry behind: going back would only be sent away again.
    history[isShown ? "pushState" : "replaceState"](null, "", address);
    void load();
  }
}

/** Takes the page away. */
function blank() {
  turn += 1;
  isShown = false;
  unbind();
  outlet.replaceChildren();
  outlet.setAttribute("aria-busy", "true");
}

async function load({ isFirst = false } = {}) {
  blank();
  const mine = turn;
  const name = currentPage();
  onNavigated();
  const page = Object.hasOwn(pages, name) ? pages[name] : undefined;
  /** @type {Element} */
  let view;
  try {
    const mayShow = (await page?.onPageLoad?.()) !== false;
    if (mine !== turn) return;
    if (!mayShow) throw new Error("You can't see it now, and no other page was opened.");
    view = page ? section(page) : missing(name);
  } catch (error) {
    if (mine !== turn) return;
    view = failed(error);
  }
  outlet.removeAttribute("aria-busy");
  outlet.replaceChildren(view);
  isShown = true;
  document.title = `${page?.title ?? "Not found"} · doorkey playground`;
  // As after a page load in a browser, reading starts at the top of the new page; a field that asks for the focus comes first.
  const start = view.querySelector("[autofocus]") ?? (isFirst ? null : view.querySelector("h1"));
  if (start instanceof HTMLElement) start.focus({ preventScroll: isFirst });
}

function section(/** @type {Page} */ page) {
  return h(
    "section",
    { class: `page ${page.testid ?? ""}`, "data-testid": page.testid },
    heading(page.heading ?? page.title),
    ...page.widgets.map(render),
  );
}

function missing(/** @type {string} */ name) {
  return h(
    "section",
    { class: "page notice", "data-testid": "not-found" },
    heading("No such page"),
    h("p", null, `This app has no page named “${name}”. Names are exact: capitals count.`),
    render({ type: "link", text: "Go to the home page", page: Object.keys(pages)[0] }),
  );
}

function failed(/** @type {unknown} */ error) {
  const retry = h("button", { type: "button", onClick: () => void load() }, "Try again");
  return h(
    "section",
    { class: "page notice", "data-testid": "page-error", role: "alert" },
    heading("This page could not be opened"),
    h("p", null, error instanceof Error ? error.message : String(error)),
    retry,
  );
}

function heading(/** @type {string | (() => string)} */ text) {
  const element = h("h1", { tabindex: "-1" });
  bind(text, (value) => {
    element.textContent = value;
  });
  return element;
}
