// @ts-check
// A project's own tests by jest, in its jsdom environment: it has no TextDecoder, and resolves packages by its own rules.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { makeProject } from "../package/project.mjs";

const execute = promisify(execFile);
const require = createRequire(import.meta.url);

const SPEC = `
  const doorkey = require("doorkey");
  const umd = require("doorkey/umd");

  test("jest's jsdom has no TextDecoder", () => {
    expect([typeof document, typeof TextDecoder]).toEqual(["object", "undefined"]);
  });

  test.each([["doorkey", doorkey], ["doorkey/umd", umd]])("require(%p) gives the module, and a session works", async (name, { createAuth, ready, version }) => {
    await ready;
    expect(typeof version).toBe("string");
    const auth = createAuth({ name, flows: { signin: ({ email }) => ({ access_token: email, expires_in: 60 }), refresh: () => ({ access_token: "b" }) } });
    await auth.signin({ email: "ada@example.org — é" });
    await auth.storeValue("theme", "dark");
    expect([await auth.accessToken(), auth.getValue("theme"), localStorage.length > 0]).toEqual(["ada@example.org — é", "dark", true]);
    await auth.refreshAccessToken({ force: true });
    expect(await auth.accessToken()).toBe("b");
    await auth.logout();
    expect(auth.status().signedIn).toBe(false);
    await expect(auth.accessToken()).rejects.toMatchObject({ code: "ERR_SIGNED_OUT" });
    auth.dispose();
  });

  test("a component's test may stand a fetch of its own in", async () => {
    globalThis.fetch = jest.fn(async () => ({ status: 200, headers: new Map(), text: async () => '{"access_token":"a"}' }));
    const auth = doorkey.createAuth({ name: "mocked", storage: "memory", flows: { signin: { url: "https://api.example.com/login", json: {} } } });
    await auth.signin({});
    expect(await auth.accessToken()).toBe("a");
    expect(fetch).toHaveBeenCalledTimes(1);
    auth.dispose();
  });
`;

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
before(async () => {
  project = await makeProject();
});
after(() => project?.remove());

test("a project's tests pass in jest's jsdom environment", async () => {
  await project.write("session.test.cjs", SPEC);
  await project.write(
    "jest.config.json",
    JSON.stringify({
      testEnvironment: require.resolve("jest-environment-jsdom"),
      testMatch: ["**/*.test.cjs"],
      transform: {},
      injectGlobals: true,
    }),
  );
  const jest = join(dirname(require.resolve("jest/package.json")), "bin/jest.js");
  const report = join(project.dir, "report.json");
  const args = [jest, "--config", "jest.config.json", "--no-cache", "--json", "--outputFile", report];
  const { stderr } = await execute(process.execPath, args, { cwd: project.dir }).catch((error) => error);
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(await readFile(report, "utf8"));
  assert.deepEqual([numPassedTests, numFailedTests, numRuntimeErrorTestSuites], [4, 0, 0], stderr);
});
