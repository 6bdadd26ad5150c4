// @ts-check
// Which documents make the site, where each stands in it, and how links between documents become links between pages.

import { readdir, readFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const TEMPLATES = "pkg-template/package/templates";

/** A page in the site, by its document in the repository. */
export async function readPages() {
  /** @type {Map<string, string>} */
  const pages = new Map([
    ["SECURITY.md", "security.md"],
    ["CHANGELOG.md", "changes.md"],
  ]);
  for (const path of await readdir(join(root, "docs"), { recursive: true })) {
    if (path.endsWith(".md")) pages.set(`docs/${path}`, path.replace(/README\.md$/, "index.md"));
  }
  for (const host of await readdir(join(root, TEMPLATES))) pages.set(`${TEMPLATES}/${host}/README.md`, `templates/${host}.md`);
  return pages;
}

/**
 * A document as a page: its links lead to pages, pictures stand where the site has them, and braces outside of code stay braces.
 * @param {string} path of the document @param {string} text @param {Map<string, string>} pages
 * @param {Map<string, string>} [titles] of the documents: a link that names a file names its page
 */
export function asPage(path, text, pages, titles) {
  const here = /** @type {string} */ (pages.get(path));
  return outsideOfCode(text, (prose) =>
    prose
      .replaceAll(/(!?)\[((?:[^[\]]|`[^`]*`)*)\]\(([^)\s]+)\)/g, (whole, mark, words, link) => {
        if (/^([a-z]+:|#)/.test(link)) return whole;
        const [file, anchor] = link.split("#");
        const target = posix.normalize(posix.join(dirname(path), file));
        if (mark) return `![${words}](${relative(here, target.replace(/^docs\//, ""))})`;
        const page = pages.get(target);
        // What is not in the site is in the repository, whose address nobody knows here.
        if (!page) return words;
        const name = /^[\w./-]+\.md$/.test(words) ? (titles?.get(target) ?? words) : words;
        return `[${name}](${relative(here, page)}${anchor ? `#${anchor}` : ""})`;
      })
      .replaceAll("{{", "&#123;&#123;"),
  );
}

/** @param {string} from @param {string} to */
function relative(from, to) {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}

/** Changes a text, but for its blocks of code and what stands in backquotes. @param {string} text @param {(prose: string) => string} change */
export function outsideOfCode(text, change) {
  const blocks = text.split(/(^(?: *)```[^]*?^(?: *)```$)/m);
  return blocks
    .map((block, at) => {
      if (at % 2) return block;
      // A code span may stand in the words of a link, so that spans are put aside, and back.
      /** @type {string[]} */
      const spans = [];
      const prose = block.replaceAll(/(`+)[^`]+?\1/g, (span) => `\0${spans.push(span) - 1}\0`);
      return change(prose).replaceAll(/\0(\d+)\0/g, (_, index) => spans[index]);
    })
    .join("");
}

/** The first heading of a page. @param {string} path of the document */
export async function titleOf(path) {
  const heading = /^# (.+)$/m.exec(await readFile(join(root, path), "utf8"))?.[1];
  if (!heading) throw new Error(`${path} has no heading`);
  return heading.replaceAll("`", "");
}
