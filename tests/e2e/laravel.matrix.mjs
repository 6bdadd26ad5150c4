// @ts-check
/** Laravel's own protection against forged requests in a real browser: its cookie is encrypted, and its value URL-encoded. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, test } from "node:test";

import * as providers from "../../pkg-template/package/providers/index.mjs";
import { NO_DEBIAN, startLaravel } from "../servers/matrix/starts.mjs";
import { packagesOf } from "../servers/matrix.mjs";
import { suite } from "./lib/suite.mjs";

/** @typedef {import("./lib/world.mjs").World} World */

const scenario = NO_DEBIAN ? (/** @type {string} */ title) => test(title, { skip: NO_DEBIAN }, () => {}) : suite();

/** @type {ReturnType<typeof startLaravel> | undefined} */
let started;
after(async () => (await started)?.stop());

/** A page that is signed in there. @param {World} world */
async function signedIn(world) {
  started ??= startLaravel({ accessTtl: 60, refreshTtl: 3600, publicUrl: "" });
  const { url } = await started;
  const tab = await world.openTab({ whole: true, options: { storage: "local", provider: providers.sanctum({ url }) } });
  await tab.ok("signin", world.user);
  const write = () => {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ text: "a note" }) };
    return tab.fetch(`${url}/api/notes`, init);
  };
  const asked = async () => (await world.context.cookies(url)).find(({ name }) => name === "XSRF-TOKEN");
  return { url, tab, write, cookie: asked };
}

scenario("Laravel: what a page writes carries its cookie's value, decoded", async (world) => {
  const { write, cookie } = await signedIn(world);
  assert.match((await cookie())?.value ?? "", /%3D/, "encoded, as it is sent");
  const { status, body } = await write();
  assert.deepEqual({ status, body: JSON.parse(body) }, { status: 201, body: { text: "a note" } });
});

scenario("Laravel: 419 to a stale cookie is answered by a new one and one more try", async (world) => {
  const { url, write, cookie } = await signedIn(world);
  const stale = { name: "XSRF-TOKEN", value: "stale", url, sameSite: /** @type {const} */ ("Lax") };
  await world.context.addCookies([stale]);
  /** @type {number[]} */
  const statuses = [];
  world.context.on("response", (response) => {
    if (response.url() === `${url}/api/notes` && response.request().method() === "POST") statuses.push(response.status());
  });
  assert.equal((await write()).status, 201);
  assert.deepEqual(statuses, [419, 201]);
  assert.notEqual((await cookie())?.value, "stale");
});

scenario("Laravel: a sign-out ends its session, and a session that it has ended is over here", async (world) => {
  const { url, tab } = await signedIn(world);
  const me = () =>
    tab.evaluate(
      async (address) => (await fetch(address, { credentials: "include", headers: { Accept: "application/json" } })).status,
      `${url}/api/user`,
    );
  assert.equal(await me(), 200);
  assert.equal((await tab.ok("logout", { navigate: false })).revoked, true);
  assert.equal(await me(), 401);

  await tab.ok("signin", world.user);
  assert.equal(await me(), 200);
  await (await started)?.revokeAll();
  assert.equal((await tab.fetch(`${url}/api/user`)).status, 401);
  await tab.page.waitForFunction(() => !globalThis.auth.status().signedIn);
});

test("the servers of Debian are of the versions that docs/servers.md tells", { skip: NO_DEBIAN }, () => {
  const known = execFileSync("dpkg-query", ["-s", "php-laravel-framework"], { encoding: "utf8" });
  const version = /^Version: (.*)$/m.exec(known)?.[1];
  assert.equal(packagesOf("Laravel, cookie session"), `php-laravel-framework ${version}`);
});
