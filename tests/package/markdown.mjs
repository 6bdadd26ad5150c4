// @ts-check
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { root } from "./project.mjs";

/**
 * The code blocks of a page, with what stands behind the language and the line in which they begin.
 * @param {string} path from the repository's root
 * @returns {Promise<{ language: string, role: string, line: number, code: string }[]>}
 */
export async function codeBlocks(path) {
  const markdown = await readFile(join(root, path), "utf8");
  // In a list a block is indented, and its lines with it.
  return [...markdown.matchAll(/^( *)```(\w+) *(.*)\n([^]*?)^\1```$/gm)].map(({ 1: indent, 2: language, 3: role, 4: text, index }) => {
    const line = markdown.slice(0, index).split("\n").length;
    return { language, role, line, code: text.replaceAll(new RegExp(`^${indent}`, "gm"), "") };
  });
}

/** The tests that a text cites: a file in backquotes, a colon, the test's name. @param {string} text */
export function citations(text) {
  return [...text.matchAll(/`((?:tests|src)\/[^`]+)`: (.+?)(?=<br>| \||$)/gm)].map(([, file, name]) => ({ file, name }));
}

/** Matches the names of a file's tests; what a name gets put in may be anything. @param {string} source */
export function testNames(source) {
  const written = source.matchAll(/\b(?:scenario|withNonces|check|tell|test)\(\s*(["'`])((?:\\.|(?!\1)[^])*)\1|#\[test\]\s+fn (\w+)/g);
  return [...written].map(([, , inScript, inRust]) => {
    const name = inScript ?? inRust;
    const literal = name.replaceAll(/\\(.)/g, "$1").split(/\$\{[^}]*\}/);
    return new RegExp(`^${literal.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+")}$`);
  });
}

/** A text without its code. @param {string} markdown */
const prose = (markdown) => markdown.replaceAll(/^( *)```[^]*?^\1```$/gm, "").replaceAll(/`[^`\n]*`/g, (code) => "`".repeat(code.length));

/** Where the links and pictures of a text lead, but for other sites. @param {string} markdown */
export function links(markdown) {
  const found = prose(markdown).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g);
  return [...found].map(([, link, source]) => link ?? source).filter((link) => !/^[a-z]+:/.test(link));
}

/** The headings of a text as parts of an address, by GitHub's rule. @param {string} markdown */
export function anchors(markdown) {
  const headings = markdown.replaceAll(/^( *)```[^]*?^\1```$/gm, "").matchAll(/^#+ (.+)$/gm);
  /** @type {Map<string, number>} */
  const counts = new Map();
  return [...headings].map(([, heading]) => {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = plain
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-");
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count ? `${slug}-${count}` : slug;
  });
}
