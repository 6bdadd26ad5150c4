// Windmill's full-code apps: the template bundled from npm, in the browser and on a server.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { refreshes } from "../lib/gateway.mjs";
import { bundleFullCode, startWindmill } from "./harness.mjs";

let world;
before(async () => (world = await startWindmill()));
after(() => world?.stop());

test("windmill: sign in: a full-code app signs in, retries, comes back after a reload, and signs out", async () => {
  const app = await world.newApp();
  await app.context.addInitScript((url) => (globalThis.ordersUrl = url), `${world.server.url}/api/orders`);
  const page = await app.context.newPage();
  const call = (name, ...args) => page.evaluate(([name, args]) => globalThis.app[name](...args), [name, args]);
  await page.goto(`${world.origin}/full-code`);
  assert.equal(await call("guard", "protected"), false);
  await page.waitForURL("**#loginpage");
  assert.equal((await call("signin", world.server.user)).ok, true);
  await page.waitForURL("**#dashboard");
  await world.server.fail({ path: "/api/orders", status: 401, body: { error: "invalid_token" } });
  assert.ok((await call("loadOrders")).orders.length > 0);
  assert.deepEqual(
    app.runs.map(({ status }) => status),
    [401, 200],
  );
  assert.equal((await refreshes(world.server)).length, 1);
  await page.reload();
  assert.equal(await call("guard", "protected"), true);
  assert.equal((await call("logout")).revoked, true);
  assert.equal((await call("status")).signedIn, false);
  await app.close();
});

for (const format of ["esm", "cjs"]) {
  test(`windmill: a full-code app can be imported on a server as ${format}, where it is signed out`, async () => {
    const file = world.files.path(`server.${format === "esm" ? "mjs" : "cjs"}`);
    await writeFile(file, await bundleFullCode(world, { platform: "node", format }));
    const { app } = await import(pathToFileURL(file).href);
    assert.equal(app.status().signedIn, false);
    await assert.rejects(app.loadOrders(), { code: "ERR_SIGNED_OUT" });
  });
}
