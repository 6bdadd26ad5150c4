// @ts-check
// How VitePress makes the site. build.mjs puts this beside the pages, with what it knows of them in given.json.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const { base, version, sidebar } = JSON.parse(readFileSync(new URL("given.json", import.meta.url), "utf8"));
/** Its key stands in its name, where a screen reader says it too. */
const SEARCH = "Search (Ctrl K)";

/**
 * VitePress's components as assistive technology shall read them. The search box is a dialog, with a list whose options are the links
 * themselves: there it is a button around them, and the options are what is around the links. The page for what is not here has its main part.
 * @type {Record<string, [RegExp, string][]>}
 */
const ROLES = {
  "VPLocalSearchBox.vue": [
    [/role="button"\s+:aria-owns="[^"]*"\s+aria-expanded="true"\s+aria-haspopup="listbox"/, 'role="dialog" aria-modal="true"'],
    [/:id="'localsearch-item-' \+ index"\s+:aria-selected="[^"]*"\s+role="option"/, 'role="none"'],
    [
      /:aria-label="\[\.\.\.p\.titles, p\.title\]\.join\(' > '\)"/,
      `:id="'localsearch-item-' + index" :aria-selected="selectedIndex === index ? 'true' : 'false'" role="option"`,
    ],
    [/<kbd (?=:aria-label)/g, '<kbd role="img" '],
  ],
  "NotFound.vue": [
    [/<div class="NotFound">/, '<main class="NotFound">'],
    [/<\/div>\s*<\/template>/, "</main></template>"],
  ],
};
const roles = {
  name: "doorkey-roles",
  enforce: /** @type {const} */ ("pre"),
  transform(/** @type {string} */ code, /** @type {string} */ id) {
    const changes = ROLES[id.slice(id.lastIndexOf("/") + 1)] ?? [];
    return changes.reduce((text, [wrong, right]) => {
      if (text.search(wrong) < 0) throw new Error(`VitePress has another ${id}: there is no ${wrong}`);
      return text.replace(wrong, right);
    }, code);
  },
};

export default {
  base,
  lang: "en",
  title: "doorkey",
  description: "A session that works, for low-code apps: sign in against any server, stay signed in in every tab, sign out.",
  head: [
    ["link", { rel: "icon", type: "image/svg+xml", href: `${base}icon.svg` }],
    ["meta", { name: "color-scheme", content: "light dark" }],
  ],
  ignoreDeadLinks: false,
  vite: { build: { target: "es2022" }, plugins: [roles] },
  markdown: {
    // Of enough contrast on the ground that site.css gives code.
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    // The braces in code are ours, and no expression of Vue's.
    config: (/** @type {any} */ { renderer, utils }) => {
      renderer.rules.code_inline = (/** @type {{ content: string }[]} */ tokens, /** @type {number} */ at) =>
        `<code v-pre>${utils.escapeHtml(tokens[at].content)}</code>`;
    },
  },
  metaChunk: true,
  // A page fetches what it shows, and not what its links lead to.
  router: { prefetchLinks: false },
  // Pages say by themselves what may run in them, wherever they are served from.
  transformHtml: (/** @type {string} */ code) => {
    const scripts = code.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([^]*?)<\/script>/g);
    const hashes = [...scripts].map(([, text]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
    const policy = `default-src 'self'; script-src 'self' ${[...new Set(hashes)].join(" ")}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'`;
    return code.replace(
      /<meta charset="utf-8">/i,
      (charset) => `${charset}\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`,
    );
  },
  themeConfig: {
    logo: { src: "/icon.svg", alt: "" },
    siteTitle: `doorkey ${version}`,
    search: { provider: "local", options: { translations: { button: { buttonText: SEARCH, buttonAriaLabel: SEARCH } } } },
    nav: [
      { text: "Begin", link: "/start/page" },
      { text: "Recipes", link: "/recipes/" },
      { text: "Reference", link: "/reference/" },
    ],
    sidebar,
    outline: { level: [2, 3], label: "On this page" },
    notFound: {
      title: "Nothing is here",
      quote: "The page may have moved. The search finds it by its words.",
      linkLabel: "All documents",
      linkText: "All documents",
    },
    docFooter: { prev: "Before", next: "Next" },
  },
};
