// @ts-check
/** The workbench's list of servers to start from: each preset becomes a draft that the package takes. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as providers from "../../pkg-template/package/providers/index.mjs";
import { readPages, root } from "../../www/docs/pages.mjs";
import { benchSuite, SERVER } from "./lib/bench.mjs";
import { approve } from "./lib/redirect.mjs";
import { PHONE, WIDE } from "./lib/served.mjs";

/** @typedef {import("./lib/bench.mjs").Bench} Bench */

const { scenario, world } = benchSuite();

const draftOf = async (/** @type {Bench} */ bench) => JSON.parse(await bench.page.evaluate(() => window.workbench.editor.text()));

/** What a person who knows nothing would fill in. @param {string} name */
const filling = (name) =>
  name === "url" || name === "issuer" ? "https://id.example.com" : name === "domain" ? "id.example.com" : `my-${name}`;

/** Opens the list, and chooses. @param {Bench} bench @param {string} name */
async function choose(bench, name) {
  await bench.get("choose").click();
  await bench.get("server").selectOption(name);
}

/** Uses what is filled in, and waits for the draft. @param {Bench} bench */
async function use(bench) {
  await bench.get("use").click();
  await bench.get("servers").waitFor({ state: "hidden" });
  await bench.ready();
  await bench.get("problems").filter({ hasText: "No problem found." }).waitFor();
}

/** The fields of the preset that is chosen. @param {Bench} bench @returns {Promise<{ name: string, isNeeded: boolean, help: string }[]>} */
const fields = (bench) =>
  bench.get("servers").evaluate((dialog) =>
    [...dialog.querySelectorAll("#server-fields label")].map((label) => {
      const element = /** @type {HTMLInputElement} */ (label.querySelector("input, select"));
      return { name: element.name, isNeeded: element.required, help: label.querySelector(".hint")?.textContent ?? "" };
    }),
  );

scenario("every preset is in the list, and its choice is a draft that createAuth takes, with its page", async (bench) => {
  await bench.open();
  await bench.get("choose").click();
  const names = await bench
    .get("server")
    .evaluate((list) => [...list.querySelectorAll("optgroup option")].map((option) => option.getAttribute("value")));
  assert.deepEqual([...names].sort(), Object.keys(providers).sort());
  assert.equal(names.length, 28);
  await bench.get("server-cancel").click();
  // The site may not be built here: tests/site follows these links.
  const documents = new Map([...(await readPages())].map(([path, page]) => [page, path]));
  for (const name of /** @type {string[]} */ (names)) {
    await choose(bench, name);
    const needed = (await fields(bench)).filter(({ isNeeded }) => isNeeded).map(({ name }) => name);
    for (const field of needed) await bench.get(`server-${field}`).fill(filling(field));
    await use(bench);
    const given = Object.fromEntries(needed.map((field) => [field, filling(field)]));
    const preset = /** @type {Record<string, (options: any) => object>} */ (/** @type {unknown} */ (providers))[name](given);
    assert.deepEqual(await draftOf(bench), JSON.parse(JSON.stringify(preset)), name);
    assert.match((await bench.get("about").textContent()) ?? "", new RegExp(`Made by the preset ${name} `));
    const page = await bench.get("preset-page").getAttribute("href");
    const document = documents.get(page?.replace(/^\/docs\/(.+)\.html$/, "$1.md") ?? "");
    assert.ok(document, `${page} is a page of the site`);
    assert.match(readFileSync(join(root, document), "utf8"), new RegExp(`providers\\.${name}\\(`), document);
  }
});

scenario("what a preset can be told is what its types say, and what is filled in is in the draft", async (bench) => {
  await bench.open();
  await choose(bench, "pocketbase");
  assert.deepEqual(
    (await fields(bench)).map(({ name, isNeeded }) => `${name}${isNeeded ? "!" : ""}`),
    ["url!", "collection", "pkce", "provider", "redirectUri", "mode"],
  );
  assert.match((await fields(bench)).find(({ name }) => name === "provider")?.help ?? "", /such as google/);
  await bench.get("server-url").fill("https://pb.example.com/");
  await bench.get("server-provider").fill("google");
  await bench.get("server-pkce").selectOption("false");
  await bench.get("server-mode").selectOption("popup");
  await use(bench);
  const { flows } = await draftOf(bench);
  assert.equal(flows.signin[0].request.url, "https://pb.example.com/api/collections/users/auth-methods");
  assert.equal(flows.signin[1].authorize.mode, "popup");
  assert.equal(flows.signin[1].authorize.pkce, false);
  assert.equal(await bench.get("way").inputValue(), "popup");
});

scenario("what is missing or wrong is told where it is, and nothing is replaced", async (bench) => {
  await bench.open();
  const before = await draftOf(bench);
  await choose(bench, "keycloak");
  const isRight = (/** @type {string} */ id) => bench.get(id).evaluate((input) => /** @type {HTMLInputElement} */ (input).validity.valid);
  await bench.get("use").click();
  assert.equal(await isRight("server-url"), false);
  await bench.get("server-url").fill("kc.example.com");
  assert.equal(await isRight("server-url"), false, "it is no address");
  await bench.get("server-url").fill("https://kc.example.com");
  await bench.get("server-realm").fill("   ");
  await bench.get("server-clientId").fill("my-app");
  await bench.get("use").click();
  await bench.get("server-error").filter({ hasText: "realm: must be a text that is not empty" }).waitFor();
  assert.equal(await bench.get("server-realm").getAttribute("aria-invalid"), "true");
  assert.equal(await bench.page.evaluate(() => /** @type {HTMLInputElement} */ (document.activeElement).name), "realm");
  assert.deepEqual(await bench.axe(), []);
  await bench.page.keyboard.press("Escape");
  await bench.get("servers").waitFor({ state: "hidden" });
  assert.deepEqual(await draftOf(bench), before);
});

scenario("a draft of one's own can be had back, also from an example and a link", async (bench) => {
  await bench.open();
  const own = [{ request: { url: `${SERVER}/token`, json: { mine: "{{ inputs.email }}" } } }];
  await bench.write(own, /No problem found/);
  assert.equal(await bench.get("back").isHidden(), true);
  const replace = [
    async () => {
      await choose(bench, "oidc");
      await use(bench);
    },
    () => bench.example("Who am I"),
    async () => {
      const hash = await bench.page.evaluate(async () => (await import(`${location.origin}/workbench/link.js`)).toHash({ url: "/login" }));
      await bench.page.evaluate((hash) => {
        location.hash = hash;
      }, hash);
      await bench.get("back").waitFor();
    },
  ];
  for (const way of replace) {
    await way();
    await bench.get("back").click();
    await bench.ready();
    assert.deepEqual(await draftOf(bench), own);
    assert.equal(await bench.get("back").isHidden(), true);
    assert.equal((await bench.get("about").textContent()) ?? "", "");
  }
});

scenario("the preset oidc runs against the embedded server, with what stands there, and stays what it is on the way", async (bench) => {
  await bench.open();
  await choose(bench, "oidc");
  assert.match((await bench.get("server-about").textContent()) ?? "", /The embedded server is one/);
  await use(bench);
  assert.match((await bench.get("returns").textContent()) ?? "", /\/workbench\/.*embedded server knows ada@example\.com/);
  await bench.get("run").click();
  await bench.page.waitForURL(/\/interaction\//);
  await approve(bench.page, /** @type {any} */ ({ user: world.server.user }));
  await bench.page.waitForURL(/\/workbench\//);
  await bench.get("state").filter({ hasText: "It works: 1 step" }).waitFor();
  assert.match((await bench.get("about").textContent()) ?? "", /Made by the preset oidc/);
  for (const host of ["appsmith", "tooljet", "retool", "lowcoder", "page"]) {
    await bench.get("host").selectOption(host);
    assert.match(
      (await bench.get("code").textContent()) ?? "",
      /issuer: "https:\/\/auth\.example\.com",\s+clientId: "app",\s+flows: \{/,
      host,
    );
  }
});

scenario("a server that this page can't reach is told so", async (bench) => {
  await bench.open();
  await choose(bench, "auth0");
  await bench.get("server-domain").fill("id.example.com");
  await bench.get("server-clientId").fill("my-app");
  await use(bench);
  await bench.run(/Failed at authorize1.*This page may only reach https:\/\/auth\.example\.com/);
  bench.problems = bench.problems.filter((text) => !/Content Security Policy/.test(text));
});

scenario("a key that a preset puts into a draft is in no link", async (bench) => {
  await bench.open();
  await choose(bench, "supabase");
  await bench.get("server-url").fill("https://abc.supabase.co");
  await bench.get("server-key").fill("hush-hush-1843");
  await use(bench);
  assert.equal(JSON.stringify(await draftOf(bench)).includes("hush-hush-1843"), true);
  await bench.get("link").click();
  await bench.get("alert").filter({ hasText: "secrets that stand" }).waitFor();
  await bench.page.reload();
  await bench.ready();
  const linked = JSON.stringify(await draftOf(bench));
  assert.match(linked, /abc\.supabase\.co/);
  assert.equal(linked.includes("hush-hush-1843"), false);
});

scenario("it is done with the keyboard alone", async (bench) => {
  await bench.open();
  const { keyboard } = bench.page;
  await bench.get("choose").focus();
  await keyboard.press("Enter");
  await bench.get("server").waitFor();
  assert.equal(await bench.page.evaluate(() => document.activeElement?.id), "server", "the list is where one begins");
  await keyboard.type("Matrix");
  await bench.get("server-url").waitFor();
  for (let pressed = 0; (await bench.page.evaluate(() => document.activeElement?.id)) !== "server-url"; pressed++) {
    assert.ok(pressed < 4, "the first field is near");
    await keyboard.press("Tab");
  }
  await keyboard.type("https://matrix.example.com");
  await keyboard.press("Enter");
  await bench.get("servers").waitFor({ state: "hidden" });
  await bench.ready();
  assert.equal((await draftOf(bench)).flows.signin.url, "https://matrix.example.com/_matrix/client/v3/login");
  // Closed without a choice, the focus is where it was.
  await bench.get("choose").focus();
  await keyboard.press("Enter");
  await keyboard.press("Escape");
  await bench.get("servers").waitFor({ state: "hidden" });
  assert.equal(await bench.page.evaluate(() => document.activeElement?.id), "choose");
});

scenario("the page tells when the list can't be loaded", async (bench) => {
  await bench.page.route("**/providers.json", (route) => route.abort());
  await bench.page.goto(`${world.site.url}/workbench/`);
  await bench.get("start-error").filter({ hasText: "could not load the list of servers" }).waitFor();
  bench.problems = [];
});

for (const [name, viewport] of Object.entries({ phone: PHONE, "wide screen": WIDE })) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    scenario(
      `on a ${name}, ${colorScheme}: axe finds nothing in the list, and it is all in reach`,
      async (bench) => {
        await bench.open();
        await bench.get("choose").click();
        assert.deepEqual(await bench.axe(), []);
        await bench.get("server").selectOption("cognito");
        assert.deepEqual(await bench.axe(), []);
        await bench.get("use").scrollIntoViewIfNeeded();
        const button = await bench.get("use").boundingBox();
        assert.ok(button && button.y + button.height <= viewport.height && button.x + button.width <= viewport.width);
        assert.equal(
          await bench
            .get("servers")
            .evaluate((dialog) => [dialog, ...dialog.children].some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)),
          false,
          "nothing scrolls sideways",
        );
        await bench.get("server-cancel").click();
        await bench.write([{ request: { url: `${SERVER}/x` } }], /No problem found/);
        await choose(bench, "oidc");
        await use(bench);
        await bench.get("back").waitFor();
        assert.deepEqual(await bench.axe(), []);
      },
      { viewport, colorScheme },
    );
  }
}
