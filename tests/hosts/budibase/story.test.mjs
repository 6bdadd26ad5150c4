import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { refreshes } from "../lib/gateway.mjs";
import { tellStory } from "../lib/story.mjs";
import { startBudibase } from "./harness.mjs";

// routeStore.actions.navigate gives nothing back, also for a screen that is not there.
tellStory("budibase", startBudibase, {
  missing: true,
  evaluates: true,
  hands: { adapter: "Doorkey.hosts.budibase(platform.sdk)", query: '"query_sign_in"', page: "/dashboard" },
});

let world;
before(async () => (world = await startBudibase()));
after(() => world?.stop());

test("budibase: retry: a release that runs a refused query twice by itself still leads to one refresh", async () => {
  const app = await world.newApp({ reruns: true });
  const tab = await app.open();
  await tab.signIn(world.server.user);
  await tab.shows("Dashboard");
  await world.server.fail({ path: "/api/orders", status: 401, body: { error: "invalid_token" }, times: 2 });
  assert.ok((await tab.run("loadOrders")).orders.length > 0);
  assert.equal((await refreshes(world.server)).length, 1);
  await app.close();
});

for (const [how, namesApp] of /** @type {const} */ ([
  ["by their ids", true],
  ["by their addresses, where the page names no id", false],
])) {
  test(`budibase: two apps of one Budibase share no session: told apart ${how}`, async () => {
    const app = await world.newApp({ namesApp });
    const tab = await app.open();
    await tab.signIn(world.server.user);
    await tab.shows("Dashboard");
    const other = await app.open();
    await other.page.goto(other.page.url().replace("app1", "app2"));
    await other.call("boot", app.config);
    assert.equal(await other.script("return Doorkey.guard('protected')"), false);
    assert.equal(await other.script("return Doorkey.status().signedIn"), false);
    assert.deepEqual(
      app.runs.map(({ name }) => name),
      ["query_sign_in"],
    );
    await app.close();
  });
}

test("budibase: the policy keeps requests of the page from other servers, and lets the wasm run", async () => {
  const app = await world.newApp();
  const tab = await app.open();
  assert.equal(await tab.script("return Doorkey.ready.then(() => Doorkey.status().signedIn)"), false);
  assert.equal(
    await tab.fails(
      `return Doorkey.createAuth({ name: "direct", flows: { signin: { url: "${world.gateway.url}/auth/v1/token?grant_type=password", json: {} } } }).signin({})`,
    ),
    "ERR_UNREACHABLE",
  );
  assert.ok(
    tab.console.some((line) => /Content Security Policy/.test(line)),
    tab.console.join(),
  );
  await app.close();
});
