// @ts-check
// Sign-in by redirect and in a window of its own, in each browser that people have, at a real provider with its own pages: one list
// of scenarios for all, and what each browser was seen to do, in docs/browsers.md.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { unpackPackage } from "../e2e/lib/package.mjs";
import { Site } from "../e2e/lib/site.mjs";
import { startFaulty } from "../servers/faulty.mjs";
import { ENGINES, start } from "./engines.mjs";
import { SCENARIOS } from "./redirect/list.mjs";
import { REACT } from "./redirect/page.mjs";
import { User } from "./redirect/user.mjs";
import { isKept, Table } from "./table.mjs";

import "./redirect/answers.mjs";
import "./redirect/faults.mjs";
import "./redirect/pages.mjs";
import "./redirect/windows.mjs";
import "./redirect/canary.mjs";

const limit = { timeout: 240_000 }; // a browser takes long to start on a busy machine
const table = new Table();

async function react() {
  const stdin = { contents: REACT, resolveDir: fileURLToPath(new URL(".", import.meta.url)) };
  const define = { "process.env.NODE_ENV": '"development"' };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: "iife", logLevel: "error", define });
  return outputFiles[0].text;
}

// The browsers mostly wait, for the provider and for their drivers: so each has a provider of its own, and all go at once.
describe("sign-in elsewhere", { concurrency: ENGINES.length }, () => {
  for (const engine of ENGINES) {
    describe(engine.name, { concurrency: false }, () => {
      /** @type {Awaited<ReturnType<typeof start>>} */
      let started;
      /** @type {Awaited<ReturnType<typeof startFaulty>>} */
      let server;
      /** @type {Site} */
      let site;
      /** @type {User} */
      let user;

      before(async () => {
        [started, site, server] = await Promise.all([start(engine), Site.start(unpackPackage()), startFaulty()]);
        const { browser } = started;
        await browser.manage().setTimeouts({ script: 30_000, pageLoad: 60_000 });
        user = new User({ browser, first: await browser.getWindowHandle(), site, server, react: await react() });
      }, limit);

      after(async () => {
        await user?.reset().catch(() => {});
        await Promise.all([started?.stop(), site?.stop(), server?.stop()]);
      });

      for (const { name, body } of SCENARIOS) {
        test(name, limit, async (context) => {
          table.add(name, engine.name, "FAILED");
          await user.reset();
          const lacks = await body(user);
          await user.assertQuiet();
          table.add(name, engine.name, lacks ? "in part" : "yes");
          if (lacks) context.skip(`${started.version}: ${lacks}`);
        });
      }
    });
  }
});

test("docs/browsers.md says what was seen of sign-in elsewhere", () => {
  const browsers = ENGINES.map(({ name }) => name);
  const text = table.text(browsers);
  assert.ok(isKept(text, "redirect"), "its table in docs/browsers.md is out of date: run this again with DOORKEY_MATRIX=renew");
});
