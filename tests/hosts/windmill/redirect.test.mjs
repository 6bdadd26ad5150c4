import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ANSWER, approve, FLOWS, providerAt, SIGN_IN, tellRedirect } from "../lib/redirect.mjs";
import { startWindmill } from "./harness.mjs";

const scripts = ({ config, server }, mode = (text) => text) => ({
  setup: mode(config.scripts.setup.replace(FLOWS, providerAt(server.url))),
  loginWith: `const Doorkey = await import("${config.library}"); ${SIGN_IN}`,
});

tellRedirect("windmill", startWindmill, { changes: (world, mode) => ({ scripts: scripts(world, mode) }) });

let world;
before(async () => (world = await startWindmill()));
after(() => world?.stop());

test("windmill: redirect: the editor opens a new tab: the sign-in goes on there, and counts for the one that began", async () => {
  const app = await world.newApp({ isEditor: true, scripts: { ...world.config.scripts, ...scripts(world) } });
  const tab = await app.open("LoginPage");
  const opened = tab.page.waitForEvent("popup");
  await tab.page.evaluate(() => void window.platform.tryRun("loginWith"));
  const other = await opened;
  await approve(other, world.server.user);
  await other.waitForURL(({ origin }) => origin !== world.server.url);
  await other.evaluate((config) => window.platform.boot(config), app.config);
  assert.doesNotMatch(other.url(), ANSWER);
  assert.equal(await tab.script("return Doorkey.check()"), true);
  await app.close();
});
