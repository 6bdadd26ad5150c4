import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { approve, tellRedirect } from "../lib/redirect.mjs";
import { startRetool } from "./harness.mjs";

/** The app with the templates for a provider. @param {any} world @param {(setup: string) => string} [first] changes the first line of each query */
function app({ config, template }, mode = (text) => text, first = (setup) => setup) {
  const loginWith = template("retool/loginWith.js").replace(/^setupDoorkey.*$/m, first);
  const [setup] = loginWith.split("\n");
  const scripts = Object.entries(config.scripts).map(([name, text]) => [name, text.replace(/^setupDoorkey.*$/m, setup)]);
  return {
    preload: mode(template("retool/preload-oidc.js")),
    setup,
    scripts: { ...Object.fromEntries(scripts), loginWith },
    queries: {
      orders: config.queries.orders,
      doorkey_http: {
        method: "{{ method }}",
        url: "{{ url }}",
        headers: { Authorization: "{{ authorization }}", "Content-Type": "{{ contentType }}" },
        json: "{{ body }}",
      },
    },
  };
}

// The frame has no storage of any kind, and no address: what is kept is in Retool's store, and the address is Retool's `url`.
tellRedirect("retool", startRetool, { cleans: false, popup: false, changes: (world, mode) => app(world, mode) });

let world;
before(async () => (world = await startRetool()));
after(() => world?.stop());

test("retool: redirect: by fetch, where the provider lets the frame's origin in", async () => {
  const opened = await world.newApp(app(world, undefined, (setup) => setup.replace(" http: doorkey_http,", "")));
  const tab = await opened.open();
  await tab.page.evaluate(() => void window.platform.tryRun("loginWith"));
  await approve(tab.page, world.server.user);
  await tab.page.waitForURL(({ origin }) => origin !== world.server.url);
  await tab.page.evaluate((config) => void window.platform.boot(config), opened.config);
  await tab.shows("Dashboard");
  assert.deepEqual(
    opened.runs.filter(({ name }) => name === "doorkey_http"),
    [],
  );
  await opened.close();
});
