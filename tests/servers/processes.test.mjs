// @ts-check
/** Starting and stopping the test servers: clear errors, and nothing left behind. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { startDjango, startEmbedded } from "./lib.mjs";
import { sleep } from "./raw.mjs";

test("a port that is taken is named in the error, for both servers", async () => {
  const first = await startEmbedded();
  const port = Number(new URL(first.url).port);
  try {
    await assert.rejects(startEmbedded({ port }), new RegExp(`port ${port} of 127.0.0.1 is taken`));
    await assert.rejects(startDjango({ port }), new RegExp(`port ${port} of 127.0.0.1`));
  } finally {
    await first.stop();
  }
});

test("stop ends the server, and a second stop does nothing", async () => {
  const server = await startEmbedded();
  await server.stop();
  await assert.rejects(fetch(server.url), /fetch failed/);
  await server.stop();
});

test("Django leaves no database behind", () =>
  inEmptyDir(async (dir) => {
    await withEnv({ TMPDIR: dir }, async () => {
      const server = await startDjango();
      assert.equal(readdirSync(dir).length, 1);
      await server.stop();
      assert.deepEqual(readdirSync(dir), []);
    });
  }));

test("without --control the server has no control endpoints", async () => {
  const server = await startEmbedded({ control: false });
  try {
    assert.equal((await fetch(`${server.url}/__control/log`)).status, 404);
  } finally {
    await server.stop();
  }
});

test("a server ends with the program that started it, also when that is killed", async () => {
  const lib = new URL("./lib.mjs", import.meta.url).href;
  const code = `const s = await (await import(${JSON.stringify(lib)})).startEmbedded(); console.log(s.url); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const url = String(await new Promise((resolve) => parent.stdout.once("data", resolve))).trim();
  assert.equal((await fetch(`${url}/api/me`)).status, 401);
  parent.kill("SIGKILL");
  for (let tries = 0; tries < 50; tries += 1) {
    if (
      await fetch(url).then(
        () => false,
        () => true,
      )
    )
      return;
    await sleep(100);
  }
  assert.fail("the server outlived its parent by 5 s");
});

test("a missing Python is an error that says what to do", () =>
  inEmptyDir(async (dir) => {
    await withEnv({ DOORKEY_DJANGO_PYTHON: undefined, XDG_CACHE_HOME: dir }, async () => {
      await assert.rejects(startDjango(), /cargo xtask setup/);
    });
    await withEnv({ DOORKEY_DJANGO_PYTHON: join(dir, "python") }, async () => {
      await assert.rejects(startDjango(), /DOORKEY_DJANGO_PYTHON names/);
    });
  }));

/** @param {(dir: string) => Promise<void>} use */
async function inEmptyDir(use) {
  const dir = mkdtempSync(join(tmpdir(), "doorkey-test-"));
  try {
    await use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** @param {Record<string, string | undefined>} changes @param {() => Promise<void>} use */
async function withEnv(changes, use) {
  const earlier = Object.fromEntries(Object.keys(changes).map((name) => [name, process.env[name]]));
  setEnv(changes);
  try {
    await use();
  } finally {
    setEnv(earlier);
  }
}

/** @param {Record<string, string | undefined>} values */
function setEnv(values) {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
