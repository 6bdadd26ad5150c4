// @ts-check
// What stands in the place of the documents while they are built, or when that has failed.

/** @param {string | undefined} failure what has failed; nothing while they are built */
export function waiting(failure) {
  const text = failure
    ? `<h1>The documents are not here</h1><pre>${escaped(failure)}</pre><p><a href="/">Back to the playground</a></p>`
    : "<h1>The documents are being built</h1><p>That takes half a minute, once. This page looks again by itself.</p>";
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>doorkey documents</title><link rel="icon" href="/icon.svg">
${failure ? "" : '<meta http-equiv="refresh" content="3">'}<link rel="stylesheet" href="/vendor/pico.min.css"></head>
<body><main class="container" role="${failure ? "main" : "status"}">${text}</main></body></html>`;
}

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
