// @ts-check
// The README as it is packed. Beside the package it stands alone: a link leads to what the package holds, to the repository where
// package.json names one, or nowhere, and then its words stay.
import { posix } from "node:path";
import { outsideOfCode } from "../../www/docs/pages.mjs";

const NOTE = "What is named here without a link stands in doorkey's repository, and not in this package.";

/**
 * @param {string} markdown the repository's README
 * @param {{ version: string, repository?: string | { url: string } }} manifest
 */
export function packedReadme(markdown, { version, repository }) {
  const url = typeof repository === "string" ? repository : repository?.url;
  const base = url?.replace(/^git\+/, "").replace(/\.git$/, "");
  const address = (/** @type {string} */ path, kind = "blob") => `${base}/${kind}/v${version}/${path}`;
  const text = outsideOfCode(markdown, (prose) => {
    const pictures = base
      ? prose.replaceAll(/(src|srcset)="(?![a-z]+:)([^"]+)"/g, (_, name, path) => `${name}="${address(path, "raw")}"`)
      : prose.replaceAll(/<picture>[^]*?<\/picture>\n*/g, "");
    // With words that say nothing by themselves, a link stands alone in its parentheses.
    return pictures.replaceAll(/( \()?\[([^[\]]*)\]\(([^)\s]+)\)(\))?/g, (whole, opening = "", words, link, closing = "") => {
      if (/^([a-z]+:|#)/.test(link)) return whole;
      const [path, anchor] = link.split("#");
      const held = inPackage(posix.normalize(path));
      const target = held ?? (base && address(path));
      if (target) return `${opening}[${words}](${target}${anchor ? `#${anchor}` : ""})${closing}`;
      return opening && closing ? "" : `${opening}${words}${closing}`;
    });
  });
  return base ? text : `${text.trimEnd()}\n\n${NOTE}\n`;
}

/** Where the package has a file of the repository. @param {string} path */
function inPackage(path) {
  if (/^(CHANGELOG\.md|LICENSE-\w+)$/.test(path)) return path;
  const [, template] = /^pkg-template\/package\/(templates\/.+)$/.exec(path) ?? [];
  return template;
}
