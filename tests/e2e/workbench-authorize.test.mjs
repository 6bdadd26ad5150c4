// @ts-check
/** The step authorize where it is written and copied: completion, help and problems, and the code to take away. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { benchSuite, openCopied, serveCopied } from "./lib/bench.mjs";
import { approve } from "./lib/redirect.mjs";

const { scenario, world } = benchSuite();

scenario("the fields of the step are completed, each with its help, and what is wrong in it has its line", async (bench) => {
  await bench.open();
  await bench.write("[\n  {\n    \n  }\n]", /Line|A step is/);
  for (const key of ["ArrowUp", "ArrowUp", "End"]) await bench.page.keyboard.press(key);
  await bench.page.keyboard.type('"auth');
  await bench.page.locator(".cm-tooltip-autocomplete li", { hasText: "authorize" }).waitFor();
  await bench.page.waitForTimeout(200); // what has just come up is not accepted, since nobody can have read it
  await bench.page.keyboard.press("Enter");
  assert.match(await bench.page.evaluate(() => window.workbench.editor.text()), /"authorize": \{/);
  await bench.get("help").filter({ hasText: "OAuth's code flow with PKCE" }).waitFor();
  await bench.page.keyboard.press("Control+Space");
  const list = bench.page.locator(".cm-tooltip-autocomplete li");
  await list.first().waitFor();
  const fields = (await list.allTextContents()).sort();
  const schema = JSON.parse(readFileSync(join(world.packageDir, "flow.schema.json"), "utf8")).$defs.Authorize.properties;
  assert.deepEqual(fields, Object.keys(schema).sort());
  assert.equal(fields.length, 10);
  const values = { params: { prompt: "login" }, token: false, answer: ["code"], bind: "tab", pkce: true, mode: "popup" };
  for (const [field, { description }] of Object.entries(schema)) {
    const value = values[/** @type {keyof typeof values} */ (field)] ?? "https://x.example";
    await bench.write([{ authorize: { [field]: value } }], /No problem found/);
    for (const key of ["Control+Home", "ArrowDown", "ArrowDown", "ArrowDown", "End", "Home"]) await bench.page.keyboard.press(key);
    await bench.get("help").filter({ hasText: description }).waitFor();
  }
  for (const [wrong, said] of /** @type {const} */ ([
    [{ bind: "cookie" }, /Line 4: .*bind.*/],
    [{ mode: "tab" }, /Line 4: .*mode/],
    [{ token: true }, /Line 4: .*token/],
    [{ answer: "code" }, /Line 4: .*answer/],
    [{ pkce: "S256" }, /Line 4: .*pkce/],
    [{ clientSecret: "x" }, /Line 4: .*secret/],
  ])) {
    await bench.write([{ authorize: wrong }], said);
  }
});

scenario("the code for a page signs in at the provider", async (bench) => {
  await bench.open();
  await bench.example("Sign in at the provider");
  await bench.get("host").selectOption("page");
  const code = (await bench.get("code").textContent()) ?? "";
  const copied = await serveCopied(world, code, "<button>Sign in</button>");
  try {
    await openCopied(bench.page, copied.url);
    await bench.page.click("button");
    await approve(bench.page, /** @type {any} */ ({ user: world.server.user }));
    await bench.page.getByRole("heading", { name: "In" }).waitFor();
  } finally {
    await copied.stop();
  }
});

scenario("the code for app builders says how the answer is taken", async (bench) => {
  await bench.open();
  await bench.example("Sign in at the provider");
  for (const [host, said] of /** @type {const} */ ([
    ["appsmith", /arrive: async.*guard\("login"\)/s],
    ["tooljet", /hosts\.tooljet.*return auth\.guard\("login"\)/s],
    ["retool", /utils, url.*return auth\.guard\("login"\)/s],
    ["lowcoder", /hosts\.lowcoder.*return auth\.guard\("login"\)/s],
  ])) {
    await bench.get("host").selectOption(host);
    const code = (await bench.get("code").textContent()) ?? "";
    assert.match(code, said, host);
    assert.match(code, /issuer: "https:\/\/auth\.example\.com",\s+clientId: "app"/, host);
  }
});
