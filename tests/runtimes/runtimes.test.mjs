// @ts-check
// The main job in runtimes beside Node and browsers, each form as a program there would load it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { makeProject, program } from "../package/project.mjs";
import { startEmbedded } from "../servers/lib.mjs";

const execute = promisify(execFile);
const JOB = fileURLToPath(new URL("job.mjs", import.meta.url));
const LIMIT_MS = 60_000; // of one program, on a machine with other work to do

/** Nothing may be fetched but from the server of the test. */
const RUNTIMES = {
  node: [process.execPath],
  // What a project has is found by its name there, and nothing is written beside it.
  deno: [
    program("deno"),
    "run",
    "--quiet",
    "--no-lock",
    "--cached-only",
    "--node-modules-dir=manual",
    "--allow-net=127.0.0.1",
    "--allow-read",
    "--allow-env",
  ],
  bun: [program("bun"), "run", "--no-install"],
};

const EXPECTED = {
  wrong: [true, "ERR_INVALID_CREDENTIALS"],
  signin: true,
  call: 200,
  refreshed: true,
  changed: true,
  again: 200,
  value: "dark",
  logout: [true, true],
  after: [false, 401],
  pages: ["Dashboard", "LoginPage"],
  kept: true,
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

for (const [runtime, [command, ...args]] of Object.entries(RUNTIMES)) {
  describe(runtime, () => {
    for (const form of ["doorkey", "slim", "umd", "require"]) {
      test(`${form} signs in, calls, refreshes and signs out`, async () => {
        const home = pathToFileURL(project.installed).href;
        const { email, password } = server.user;
        const { stdout } = await execute(command, [...args, JOB, form, home, server.url, email, password], {
          cwd: project.dir,
          timeout: LIMIT_MS,
        });
        assert.deepEqual(JSON.parse(stdout), EXPECTED);
      });
    }
  });
}
