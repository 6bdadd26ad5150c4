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

/** The tests that a text cites: a file in backquotes, a colon, the test's name. @param {string} text */
export function citations(text) {
  return [...text.matchAll(/`((?:tests|src)\/[^`]+)`: (.+?)(?=<br>| \||$)/gm)].map(([, file, name]) => ({ file, name }));
}

/** Matches the names of a file's tests; what a name gets put in may be anything. @param {string} source */
export function testNames(source) {
  const written = source.matchAll(/\b(?:scenario|test)\(\s*(["'`])((?:\\.|(?!\1)[^])*)\1|#\[test\]\s+fn (\w+)/g);
  return [...written].map(([, , inScript, inRust]) => {
    const name = inScript ?? inRust;
    const literal = name.replaceAll(/\\(.)/g, "$1").split(/\$\{[^}]*\}/);
    return new RegExp(`^${literal.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+")}$`);
  });
}
