// Plasmic without Plasmic: see page.js. The host app is bundled from the packed package, as npm installs it.

import { join } from "node:path";

import { bundleApp } from "../lib/npm.mjs";
import { startPages } from "../lib/pages.mjs";

export const startPlasmic = async () => {
  let files;
  let gateway;
  const source = (changes = {}) =>
    bundleApp(files, join(import.meta.dirname, "app.js"), {
      alias: { "@plasmicapp/host": join(import.meta.dirname, "plasmic-host.js") },
      changes: { ...changes, "https://example.api.co": gateway.url },
    });
  const app = { type: "text/javascript" };
  const world = await startPages("plasmic", async (parts) => {
    ({ files, gateway } = parts);
    return { files: { "/app.js": app } };
  });
  const usual = await source();
  const elsewhere = await source({ 'home: "/dashboard"': 'home: "/nowhere"' });
  return {
    ...world,
    source,
    newApp: ({ body = usual, ...changes } = {}) => {
      app.body = body;
      return world.newApp(changes);
    },
    withHome: () => {
      app.body = elsewhere;
    },
  };
};
