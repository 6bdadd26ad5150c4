// @ts-check
// The documents as pages, for the links of the workbench.

import { readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import { marked } from "marked";

/** A document as a page, or nothing where there is none. @param {string} docs their folder @param {string} path of one, in it */
export async function readDocument(docs, path) {
  const name = normalize(path);
  if (!/^[\w-]+(\/[\w-]+)?\.md$/.test(name)) return undefined;
  const text = await readFile(join(docs, name), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const title = /^# (.+)$/m.exec(text)?.[1] ?? name;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title} – doorkey</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/vendor/pico.min.css">
    <link rel="stylesheet" href="/css/base.css">
    <link rel="stylesheet" href="/css/docs.css">
  </head>
  <body>
    <main class="document">
      <nav aria-label="Parts of the site"><a href="/workbench/">Workbench</a> <a href="/docs/providers/README.md">Servers</a></nav>
${marked.parse(text, { async: false })}
    </main>
  </body>
</html>
`;
}
