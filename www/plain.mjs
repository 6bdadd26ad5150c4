// @ts-check
// The pages that the server makes by itself: where there is nothing, and in the place of the documents while they are built.

/** Nothing is here. */
export const nowhere = () =>
  page(
    "Nothing is here",
    `<main class="container"><h1>Nothing is here</h1><p>What there is: the <a href="/">playground</a>, the <a href="/workbench/">workbench</a>,
the <a href="/hosts/">templates</a> and the <a href="/docs/">documents</a>.</p></main>`,
  );

/** @param {string | undefined} failure what has failed; nothing while the documents are built */
export function waiting(failure) {
  const text = failure
    ? `<h1>The documents are not here</h1><pre>${escaped(failure)}</pre><p><a href="/">Back to the playground</a></p>`
    : "<h1>The documents are being built</h1><p>That takes half a minute, once. This page looks again by itself.</p>";
  const again = failure ? "" : '<meta http-equiv="refresh" content="3">';
  return page("Documents", `<main class="container" role="${failure ? "main" : "status"}">${text}</main>`, again);
}

/** @param {string} title @param {string} body @param {string} [head] */
const page = (title, body, head = "") =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>doorkey: ${title.toLowerCase()}</title><link rel="icon" href="/icon.svg">
${head}<link rel="stylesheet" href="/vendor/pico.min.css"><link rel="stylesheet" href="/css/base.css"></head>
<body>${body}</body></html>`;

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
