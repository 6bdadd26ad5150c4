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
  return [...markdown.matchAll(/^```(\w+) *(.*)\n([^]*?)^```$/gm)].map(({ 1: language, 2: role, 3: code, index }) => {
    const line = markdown.slice(0, index).split("\n").length;
    return { language, role, line, code };
  });
}
