// @ts-check
// The pages that test runners make: jsdom (jest, vitest) and happy-dom (vitest). Every form is loaded and signs in.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { createContext, Script } from "node:vm";

import { transform } from "esbuild";
import { Window } from "happy-dom";
import { JSDOM } from "jsdom";

import { makeProject } from "../package/project.mjs";
import { startEmbedded } from "../servers/lib.mjs";

const execute = promisify(execFile);
const PAGE = fileURLToPath(new URL("page.mjs", import.meta.url));
const LIMIT_MS = 60_000;

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

for (const library of ["jsdom", "happy-dom"]) {
  describe(`${library}, its names among Node's`, () => {
    for (const form of ["doorkey", "slim", "umd", "require"]) {
      test(`${form} signs in, and the elements are there`, async () => {
        assert.deepEqual(await report(library, form, "memory"), {
          wrong: [true, "ERR_INVALID_CREDENTIALS"],
          signin: true,
          call: 200,
          keys: 0,
          value: "dark",
          button: true,
          form: true,
          logout: true,
          after: false,
        });
      });
    }

    test("the session rests in the localStorage that is there, though the global is no Window", async () => {
      const { error, signin, keys } = await report(library, "doorkey", "local");
      assert.deepEqual([error, signin], [undefined, true]);
      assert.ok(keys > 0, "nothing is in localStorage");
    });
  });
}

/** What the job reports of one page. @param {string} library @param {string} form @param {string} storage */
async function report(library, form, storage) {
  const { email, password } = server.user;
  const home = pathToFileURL(project.installed).href;
  const { stdout } = await execute(process.execPath, [PAGE, library, form, storage, home, server.url, email, password], {
    timeout: LIMIT_MS,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

/** A session that needs no network: what is tested is the place. It must not close over anything. @param {any} doorkey */
async function session(doorkey) {
  await doorkey.ready;
  const auth = doorkey.createAuth({
    name: "dom",
    storage: "local",
    flows: { signin: ({ email }) => ({ access_token: email, expires_in: 60 }) },
  });
  await auth.signin("ada@example.org", "secret");
  await auth.storeValue("theme", "dark");
  const text = [await auth.accessToken(), auth.getValue("theme"), auth.status().signedIn, await auth.logout().then(({ ok }) => ok)];
  auth.dispose();
  return text.join();
}
const EXPECTED = "ada@example.org,dark,true,true";

// As jest and vitest's own `vm` pools do: the code runs in the window's realm, which has JavaScript, the DOM and no more.
describe("jsdom, in the window's realm", () => {
  const open = () => new JSDOM("<!doctype html>", { url: "http://localhost:3000/", runScripts: "dangerously" }).window;

  /** @param {(window: any) => void} [change] @param {(window: any) => Promise<any>} load */
  async function inWindow(load, change = () => {}) {
    const window = open();
    change(window);
    try {
      return await window.eval(`(${session})`)(await load(window));
    } finally {
      window.close();
    }
  }
  const withoutCodecs = (/** @type {any} */ window) => {
    for (const name of ["TextDecoder", "TextEncoder"]) delete window[name];
    assert.equal(window.eval("typeof TextDecoder"), "undefined");
  };

  for (const [what, change] of /** @type {[string, (window: any) => void][]} */ ([
    ["as it is", () => {}],
    ["without TextDecoder, as jest's has none", withoutCodecs],
  ])) {
    test(`<script>, ${what}`, async () => {
      const source = (await project.dist("doorkey.umd.min.js")).toString();
      const given = await inWindow(async (window) => {
        const script = window.document.createElement("script");
        script.textContent = source;
        window.document.head.append(script);
        return window.Doorkey;
      }, change);
      assert.equal(given, EXPECTED);
    });

    // Jest resolves `require` by the package's `main` or its condition `require`, and runs the file in the window as CommonJS.
    test(`require, ${what}`, async () => {
      const { stdout } = await execute(process.execPath, ["-p", `require.resolve("doorkey", { conditions: ["require"] })`], {
        cwd: project.dir,
      });
      const { readFile } = await import("node:fs/promises");
      const source = await readFile(stdout.trim(), "utf8");
      const given = await inWindow(async (window) => {
        const module = { exports: {} };
        window.eval(`(function (module, exports, require) {${source}\n})`)(module, module.exports, () =>
          assert.fail("it requires nothing"),
        );
        return module.exports;
      }, change);
      assert.equal(given, EXPECTED);
    });

    // As Babel or a bundler gives it to the runner.
    test(`the ES module made CommonJS, ${what}`, async () => {
      const { code } = await transform((await project.dist("doorkey.mjs")).toString(), { format: "cjs", target: "es2022" });
      const given = await inWindow(async (window) => {
        const module = { exports: {} };
        window.eval(`(function (module, exports) {${code}\n})`)(module, module.exports);
        return module.exports;
      }, change);
      assert.equal(given, EXPECTED);
    });
  }
});

describe("happy-dom, in a realm of its own", () => {
  test("the script", async () => {
    const window = /** @type {any} */ (
      new Window({
        url: "http://localhost:3000/",
        settings: { enableJavaScriptEvaluation: true, suppressInsecureJavaScriptEnvironmentWarning: true },
      })
    );
    window.eval((await project.dist("doorkey.umd.min.js")).toString());
    const doorkey = window.Doorkey ?? /** @type {any} */ (globalThis).Doorkey;
    assert.equal(await session(doorkey), EXPECTED);
    await window.happyDOM.close();
  });
});

// Bare shells and old WebViews: JavaScript, WebAssembly and promises.
describe("a realm with JavaScript alone", () => {
  test("loading never throws, and what can't work says why", async () => {
    const scope = createContext({ WebAssembly, setTimeout, clearTimeout, queueMicrotask });
    new Script((await project.dist("doorkey.umd.min.js")).toString()).runInContext(scope);
    const { Doorkey } = /** @type {any} */ (scope);
    const started = await Doorkey.ready.then(
      () => "",
      (/** @type {any} */ error) => error.code,
    );
    assert.ok(started === "" || started === "ERR_NOT_READY");
    assert.equal(typeof Doorkey.version, "string");
    const auth = started === "" && Doorkey.createAuth({ storage: "memory", flows: { signin: () => ({ access_token: "a" }) } });
    if (auth) assert.equal((await auth.signin()).ok, true);
  });
});
