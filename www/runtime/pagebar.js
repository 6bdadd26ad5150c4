// @ts-check
// The list of pages above the app, as a builder sees it in the editor: every page, the hidden ones too.

import { addressOf } from "./address.js";
import { h } from "./dom.js";
import { currentPage } from "./router.js";
import { follow } from "./widgets.js";

/** Shows the pages, and which one is open. */
export function showPages(/** @type {Element} */ bar, /** @type {Record<string, import("./app.js").Page>} */ pages) {
  const current = currentPage();
  if (bar.childElementCount === 0) bar.append(list(pages));
  for (const anchor of bar.querySelectorAll("a")) {
    if (anchor.dataset.page === current) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
}

function list(/** @type {Record<string, import("./app.js").Page>} */ pages) {
  return h(
    "ul",
    null,
    ...Object.entries(pages).map(([name, { isHome, isHidden }]) => {
      const mark = isHome ? "home" : isHidden ? "hidden" : "";
      return h(
        "li",
        null,
        h(
          "a",
          { href: addressOf(name), "data-page": name, "data-testid": `nav-${name}`, onClick: follow(name) },
          name,
          mark && h("small", null, ` ${mark}`),
        ),
      );
    }),
  );
}
