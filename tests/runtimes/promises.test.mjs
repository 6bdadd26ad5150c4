// @ts-check
// What pages put in the place of Promise: whatever a page's own code gives is awaited, and calls give native promises.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { makeProject } from "../package/project.mjs";
import { startEmbedded } from "../servers/lib.mjs";

const execute = promisify(execFile);
const JOB = fileURLToPath(new URL("promises.mjs", import.meta.url));
const LIMIT_MS = 60_000;

const EXPECTED = {
  foreign: [],
  isReplaced: true,
  wrong: [true, "ERR_INVALID_CREDENTIALS", 400],
  signin: true,
  fetch: 200,
  headers: true,
  refreshed: true,
  changed: true,
  check: true,
  guard: true,
  run: "data",
  refusedRun: "ERR_SERVER",
  value: ["dark", "dark"],
  test: true,
  logout: [true, true],
  refusal: ["ERR_INVALID_CREDENTIALS", 401, "No."],
  function: "b",
  http: ["h", ["ERR_INVALID_CREDENTIALS", "Over."]],
};

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {Awaited<ReturnType<typeof startEmbedded>>} */
let server;
before(async () => {
  project = await makeProject();
  server = await startEmbedded();
});
after(async () => {
  await server?.stop();
  await project?.remove();
});

for (const library of ["zone.js", "core-js", "bluebird"]) {
  describe(`${library} in the place of Promise`, () => {
    for (const [when, form] of [
      ["before", "doorkey"],
      ["before", "slim"],
      ["before", "umd"],
      ["after", "doorkey"],
      ["after", "umd"],
    ]) {
      test(`${form}, with it loaded ${when} doorkey: every flow, host and store is awaited, and calls give native promises`, async () => {
        const { email, password } = server.user;
        const args = [JOB, library, when, form, pathToFileURL(project.installed).href, server.url, email, password];
        const { stdout } = await execute(process.execPath, args, { timeout: LIMIT_MS });
        assert.deepEqual(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""), EXPECTED);
      });
    }
  });
}
