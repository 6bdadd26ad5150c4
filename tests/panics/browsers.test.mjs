// @ts-check
// Nothing stops the module, wherever it runs: what a page may hand in, and a panic, in each browser and in Node.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { ENGINES, start } from "../browsers/engines.mjs";
import { serve } from "../package/browser.mjs";
import { runJob } from "./job.mjs";

const packed = process.env.DOORKEY_PANICKING ?? "";
const limit = { timeout: 240_000 }; // a browser takes long to start on a busy machine

const refused = (/** @type {string} */ code) => [`AuthError ${code}`, "value, value"];
const EXPECTED = {
  "a throwing getter in an array of inputs": refused("ERR_INVALID_VALUE"),
  "a Proxy that throws": refused("ERR_INVALID_VALUE"),
  "a Proxy as options": refused("ERR_INVALID_OPTION"),
  "a host's result that throws": refused("ERR_HOST"),
  "a status that is a symbol": refused("ERR_INVALID_RESPONSE"),
  "a status that is a BigInt": refused("ERR_INVALID_RESPONSE"),
  "a status that throws": refused("ERR_INVALID_RESPONSE"),
  "an answer without a prototype": refused("ERR_INVALID_RESPONSE"),
  "an answer that throws": refused("ERR_UNREACHABLE"),
  "a huge value": refused("ERR_INVALID_VALUE"),
  "a million control characters": ["value", "value, value"],
  "two hundred million control characters": refused("ERR_INVALID_VALUE"),
  "a check of twelve requests with large answers": ["value", "value, value"],
  "a clock that gives a BigInt for as long as the call takes": ["value", "value, value"],
  "a clock that gives a BigInt": ["value", "value, value"],
  "a recursion of the page that runs away": ["value", "value, value"],
  "a panic": ["AuthError ERR_NOT_READY", "AuthError ERR_NOT_READY", "value, value"],
  signedIn: [true, true],
  later: ["value", "value", "first"],
};

test("node", async () => {
  assert.deepEqual(await runJob(await import(`${pathToFileURL(join(packed, "dist/doorkey.mjs"))}`)), EXPECTED);
});

for (const engine of ENGINES) {
  test(engine.name, limit, async (context) => {
    const page = `<!doctype html><title>app</title><script type="module">
      import * as doorkey from "/doorkey.mjs";
      import { runJob } from "/job.mjs";
      globalThis.job = runJob(doorkey).catch((error) => String(error?.stack ?? error));
    </script>`;
    const site = await serve({
      "/": page,
      "/doorkey.mjs": readFileSync(join(packed, "dist/doorkey.mjs")),
      "/job.mjs": readFileSync(new URL("job.mjs", import.meta.url)),
    });
    context.after(() => site.stop());
    const { browser, stop } = await start(engine);
    context.after(stop);
    await browser.manage().setTimeouts({ script: 120_000, pageLoad: 60_000 });
    await browser.get(site.url);
    assert.deepEqual(
      await browser.executeAsyncScript("(globalThis.job ?? Promise.resolve('the page did not load')).then(arguments[0])"),
      EXPECTED,
    );
  });
}
