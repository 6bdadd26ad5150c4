// @ts-check
// What pages put in the place of Promise, in a real browser: zone.js (Angular) patches fetch, timers and events besides.
import assert from "node:assert/strict";
import { before } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

const SOURCES = {
  "zone.js": 'import "zone.js";',
  "core-js": 'require("core-js/configurator")({ usePolyfill: ["Promise"] }); require("core-js/actual/promise");',
  bluebird: 'globalThis.Promise = require("bluebird"); Promise.onPossiblyUnhandledRejection(() => {});',
};
/** @type {Record<string, string>} */
const scripts = {};
before(async () => {
  for (const [name, contents] of Object.entries(SOURCES)) {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
      bundle: true,
      write: false,
      format: "iife",
      logLevel: "error",
    });
    scripts[name] = outputFiles[0].text;
  }
});

/** Runs in the page: a host whose store and requests give the page's promises. */
const completed = (/** @type {any} */ options, /** @type {any} */ kit) => {
  const theirs = (/** @type {unknown} */ value) => new Promise((resolve) => setTimeout(() => resolve(value), 1));
  const at = (/** @type {string} */ key) => `host:${key}`;
  const store = {
    get: (/** @type {string} */ key) => theirs(JSON.parse(localStorage.getItem(at(key)) ?? "null") ?? undefined),
    set: (/** @type {string} */ key, /** @type {unknown} */ value) => theirs(localStorage.setItem(at(key), JSON.stringify(value))),
    remove: (/** @type {string} */ key) => theirs(localStorage.removeItem(at(key))),
  };
  const http = async (/** @type {any} */ { url, ...init }) => {
    const answer = await fetch(url, init);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  };
  const sends = (/** @type {any} */ request) => new Promise((resolve, reject) => http(request).then(resolve, reject));
  return { ...options, host: { ...kit.recordingHost, store, http: sends } };
};

for (const name of Object.keys(SOURCES)) {
  scenario(`${name} in the place of Promise: signs in, fetches, refreshes once in two tabs, and signs out in both`, async (world) => {
    const [one, two] = await world.signedInTabs(2, { before: scripts[name] });
    assert.equal(await one.evaluate(() => Promise.prototype === Object.getPrototypeOf((async () => {})())), false);
    world.expireOnServer();
    assert.equal((await one.fetch(`${world.server.url}/api/me`)).status, 200);
    assert.equal(await world.refreshes(), 1);
    await world.expire();
    const all = await Promise.all([one, two].map((tab) => tab.fetch(`${world.server.url}/api/me`)));
    assert.deepEqual(
      all.map(({ status }) => status),
      [200, 200],
    );
    assert.equal(await world.refreshes(), 2);
    assert.equal(await two.ok("check"), true);
    await one.ok("logout");
    await two.event("signedOut");
    assert.equal((await two.status()).signedIn, false);
  });

  scenario(`${name} in the place of Promise: a host's store of promises, and flows that are functions`, async (world) => {
    const tab = await world.openTab({ before: scripts[name], complete: completed, options: { storage: "host" } });
    await tab.ok("signin", world.user);
    await tab.ok("storeValue", "theme", "dark");
    await tab.reload();
    // The record is read first, then the values.
    await tab.until(() => globalThis.auth.status().signedIn && globalThis.auth.getValue("theme") === "dark");
    assert.equal((await tab.ok("refreshAccessToken", { force: true })).refreshed, true);
    const token = await tab.evaluate(() => {
      const later = (/** @type {object} */ value) => new Promise((resolve) => setTimeout(() => resolve(value), 1));
      const auth = globalThis.kit.doorkey.createAuth({
        name: "functions",
        storage: "memory",
        flows: { signin: () => later({ access_token: "a" }), refresh: () => later({ access_token: "b" }) },
      });
      return auth
        .signin()
        .then(() => auth.refreshAccessToken({ force: true }))
        .then(() => auth.accessToken());
    });
    assert.equal(token, "b");
    await tab.ok("logout");
  });
}
