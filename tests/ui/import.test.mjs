// @ts-check
// Importing doorkey/ui: on a server, twice, and for its effect alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { makeProject } from "../package/project.mjs";
import { suite } from "./kit.mjs";

const scenario = suite();
/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
before(async () => {
  project = await makeProject();
});
after(() => project?.remove());

test("a server can import it: the exports are there, nothing is registered, and a form says what is missing", async () => {
  const report = await project.node(`
    const ui = await import("doorkey/ui");
    const { hosts } = await import("doorkey");
    const { prompt } = hosts.browser();
    prompt.done();
    const error = await prompt({ fields: [] }).catch((error) => error.message);
    console.log(JSON.stringify([Object.keys(ui).sort(), typeof customElements, error, prompt.asksAgain]));`);
  assert.deepEqual(report, [
    ["DoorkeyButton", "DoorkeyForm", "signinPrompt"],
    "undefined",
    "there is no form to show: load doorkey/ui, or give a host with prompt",
    true,
  ]);
});

test('a bundler keeps `import "doorkey/ui"`, and puts no wasm into it', async () => {
  const { outputFiles } = await build({
    stdin: { contents: `import "doorkey/ui";`, resolveDir: project.dir },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
  });
  const [{ text }] = outputFiles;
  assert.match(text, /doorkey-form/);
  assert.doesNotMatch(text, /WebAssembly/);
  assert.ok(text.length < 20_000, `${text.length} bytes`);
});

test("a bundler drops the rest of doorkey where it is not used, as before", async () => {
  const { outputFiles } = await build({
    stdin: { contents: `import "doorkey";`, resolveDir: project.dir },
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "error",
  });
  assert.equal(outputFiles[0].text.includes("WebAssembly"), false);
});

scenario("two copies in one page are one element, and one queue", async (kit) => {
  const isSame = await kit.page.evaluate(async () => {
    const copy = await import(/** @type {any} */ ("/pkg/doorkey.ui.mjs?copy"));
    const { ui } = /** @type {any} */ (globalThis);
    const isSame = copy !== ui && copy.DoorkeyForm === ui.DoorkeyForm && copy.DoorkeyButton === ui.DoorkeyButton;
    void ui.DoorkeyForm.ask({ title: "First" }, 1);
    void copy.DoorkeyForm.ask({ title: "Second" }, 2);
    return isSame;
  });
  assert.equal(isSame, true);
  assert.equal(await kit.page.locator("dialog[open]").count(), 1);
});

test("a server can import doorkey/panel, and a bundler keeps it for its effect alone, without wasm", async () => {
  const report = await project.node(`console.log(JSON.stringify([Object.keys(await import("doorkey/panel")), typeof customElements]));`);
  assert.deepEqual(report, [["DoorkeyPanel"], "undefined"]);
  const { outputFiles } = await build({
    stdin: { contents: `import "doorkey/panel";`, resolveDir: project.dir },
    bundle: true,
    format: "esm",
    write: false,
  });
  assert.match(outputFiles[0].text, /doorkey-panel/);
  assert.doesNotMatch(outputFiles[0].text, /WebAssembly\.(Module|Instance|compile|instantiate)/);
});
