// @ts-check
// How VitePress makes the site. build.mjs puts this beside the pages, with what it knows of them in given.json.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const { base, version, sidebar } = JSON.parse(readFileSync(new URL("given.json", import.meta.url), "utf8"));
/** Its key stands in its name, where a screen reader says it too. */
const SEARCH = "Search (Ctrl K)";

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
  vite: { build: { target: "es2022" } },
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
    docFooter: { prev: "Before", next: "Next" },
  },
};
