// The app's own origin in Appsmith's harness.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { bundle, listen, notFound } from "../lib/servers.mjs";

const here = import.meta.dirname;

/** Every page of every app is the same document. */
export async function serveApp(contentSecurityPolicy = "frame-ancestors 'self'") {
  const files = {
    "/evaluation.worker.js": await bundle(join(here, "worker.js"), { banner: { js: '"use strict";' } }),
    "/page.mjs": readFileSync(join(here, "page.mjs"), "utf8"),
  };
  const html = '<!doctype html><link rel="icon" href="data:,"><title>Appsmith</title><script type="module" src="/page.mjs"></script>';
  const headers = { "content-security-policy": contentSecurityPolicy };
  return listen((path) => {
    if (files[path]) return { type: "text/javascript", body: files[path], headers };
    return path.startsWith("/app/") ? { type: "text/html", body: html, headers } : notFound;
  });
}
