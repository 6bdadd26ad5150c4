// Windmill without Windmill: see page.js. Frontend scripts import the library from a CDN; full-code apps bundle it.

import { join } from "node:path";

import { bundleApp } from "../lib/npm.mjs";
import { startPages } from "../lib/pages.mjs";

/** The full-code template with an app around it. @param {import("esbuild").BuildOptions} [options] */
export const bundleFullCode = ({ files, gateway }, options) =>
  bundleApp(files, join(import.meta.dirname, "full-code.js"), {
    alias: { "./wmill.ts": join(import.meta.dirname, "wmill.js") },
    changes: { "https://example.api.co": gateway.url },
    options,
  });

export const startWindmill = () =>
  startPages("windmill", async (parts) => ({
    library: parts.cdn.url + parts.files.cdnPath("dist/doorkey.mjs"),
    path: (page) => `/apps/get/u/ada/${page.toLowerCase()}`,
    files: {
      "/full-code": {
        type: "text/html",
        body: '<!doctype html><link rel="icon" href="data:,"><title>full code</title><script src="/full-code.js"></script>',
      },
      "/full-code.js": { type: "text/javascript", body: await bundleFullCode(parts) },
    },
  }));
