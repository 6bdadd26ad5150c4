// @ts-check
/** The workbench with a flow that leaves for another server: the page really goes there and comes back, or a window does. */

import assert from "node:assert/strict";
import { startFaulty } from "../servers/faulty.mjs";
import { benchSuite, SERVER } from "./lib/bench.mjs";
import { Heard, leaks } from "./lib/canary.mjs";
import { approve } from "./lib/redirect.mjs";
import { PHONE, scrollsSideways, WIDE } from "./lib/served.mjs";

/** @typedef {import("./lib/bench.mjs").Bench} Bench */

const { scenario, world } = benchSuite({ start: startFaulty });
/** @typedef {Awaited<ReturnType<typeof startFaulty>>} Faulty */
const faulty = () => /** @type {Faulty} */ (/** @type {unknown} */ (world.server));

const AUTHORIZE = { authorize: { scope: "openid offline_access", params: { prompt: "consent" } } };
const DOCUMENT = { issuer: SERVER, clientId: "app", flows: { signin: [AUTHORIZE] } };

/** Writes a draft that no example is. @param {Bench} bench @param {any} [signin] @param {object} [options] */
async function draft(bench, signin = [AUTHORIZE], options = {}) {
  const document = { ...DOCUMENT, flows: { signin }, ...options };
  await bench.write(document, /No problem found/);
  return document;
}

const textOf = (/** @type {Bench} */ bench) => bench.page.evaluate(() => window.workbench.editor.text());

/** Runs, and waits for the server's page. @param {Bench} bench */
async function leave(bench) {
  await bench.get("run").click();
  await bench.page.waitForURL(/\/interaction\//);
}

/** Waits until the page is there again, and its run is at its end. @param {Bench} bench @param {RegExp} said */
async function comeBack(bench, said) {
  await bench.page.waitForURL(/\/workbench\//);
  await bench.ready();
  await bench.get("state").filter({ hasText: said }).waitFor();
}

/** Runs in a window; gives that. @param {Bench} bench */
async function opened(bench) {
  await bench.get("way").selectOption("popup");
  const [popup] = await Promise.all([bench.page.waitForEvent("popup"), bench.get("run").click()]);
  return popup;
}

const pushing = benchSuite({ start: (options) => startFaulty({ ...options, par: true }) });

const user = () => /** @type {any} */ ({ user: world.server.user });
const closed = (/** @type {import("playwright-core").Page} */ popup) => popup.isClosed() || popup.waitForEvent("close");

/** That nothing is on the page or stored that nobody may read. @param {Bench} bench @param {Heard} heard @param {string} [typed] */
async function assertNothingShown(bench, heard, typed) {
  const page = await bench.page.locator("body").innerHTML();
  const kept = JSON.stringify(await bench.page.evaluate(() => [{ ...sessionStorage }, { ...localStorage }]));
  assert.deepEqual(leaks({ page }, [...heard.without(), ...(typed ? [typed] : [])]), []);
  assert.equal(kept, "[{},{}]");
}

/** What one sign-in sends and gets. */
const ONE = { code: 1, verifier: 1, nonce: 1, state: 1, tokens: 2, idTokens: 1 };

scenario("a flow leaves the page and comes back: the draft is there, the steps are told, and no secret is anywhere", async (bench) => {
  const secrets = new Heard(faulty());
  await bench.open();
  await draft(bench, [
    {
      form: {
        title: "Team",
        fields: [
          { name: "team", required: true },
          { name: "pin", type: "password" },
        ],
      },
    },
    { request: { url: `${SERVER}/guide/post`, json: { team: "{{ form1.team }}", pin: "{{ form1.pin }}" } } },
    AUTHORIZE,
    { id: "me", request: { url: `${SERVER}/api/me`, headers: { Authorization: "Bearer {{ authorize1.body.access_token }}" } } },
    {
      define: {
        accessToken: "{{ authorize1.body.access_token }}",
        idToken: "{{ authorize1.body.id_token }}",
        TEAM: "{{ http1.body.json.team }}",
        WHO: "{{ me.body.name }}",
      },
    },
  ]);
  const text = await textOf(bench);
  await bench.get("input-form1.team").fill("blue");
  await bench.get("input-form1.pin").fill("hush-hush-1843");
  await leave(bench);
  await approve(bench.page, user());
  await comeBack(bench, /It works: 5 steps/);
  assert.equal(bench.page.url(), `${world.site.url}/workbench/`, "the address is clean");
  assert.equal(await textOf(bench), text);
  const said = await (await bench.step("authorize1")).textContent();
  assert.match(said ?? "", /authorize200.*GET https:\/\/auth\.example\.com\/\.well-known\/openid-configuration/s);
  assert.match(said ?? "", /"token_endpoint": "https:\/\/auth\.example\.com\/token"/);
  assert.match(said ?? "", /Leaves forhttps:\/\/auth\.example\.com\/auth\?\S*\bresponse_type=code&client_id=app&.*&state=\[redacted\]/);
  assert.match(said ?? "", /Comes back to.*\/workbench\/\?code=\[redacted\]&state=\[redacted\]&iss=https%3A%2F%2Fauth\.example\.com/);
  assert.match(said ?? "", /POST https:\/\/auth\.example\.com\/token.*code=\[redacted\]&.*code_verifier=\[redacted\]/s);
  assert.match((await (await bench.step("http1")).textContent()) ?? "", /"team": "blue",\s+"pin": "\[redacted\]"/);
  assert.match((await (await bench.step("me")).textContent()) ?? "", /authorization: Bearer \[redacted\]/);
  assert.match((await (await bench.step("define1")).textContent()) ?? "", /"WHO": "Ada Lovelace"/);
  assert.deepEqual(secrets.counts(), ONE);
  await assertNothingShown(bench, secrets, "hush-hush-1843");
});

scenario("what is kept while the page is away holds no secret, and is gone after", async (bench) => {
  await bench.open();
  await draft(bench);
  await leave(bench);
  // The page of the provider has other storage: the tab's own is looked at from a page of the site.
  const provider = bench.page.url();
  await bench.page.goto(`${world.site.url}/icon.svg`);
  const kept = await bench.page.evaluate(() => sessionStorage.getItem("doorkey-workbench") ?? "");
  const notes = await bench.page.evaluate(() => Object.entries(sessionStorage).filter(([key]) => key.startsWith("workbench.signin:")));
  assert.equal(notes.length, 1);
  const { state = notes[0][0].split(":")[1], verifier, nonce } = JSON.parse(notes[0][1]);
  for (const secret of [state, verifier, nonce]) assert.equal(kept.includes(secret), false);
  assert.match(kept, /state=\[redacted\]/);
  await bench.page.goto(provider);
  await approve(bench.page, user());
  await comeBack(bench, /It works/);
  assert.deepEqual(await bench.page.evaluate(() => Object.keys(sessionStorage)), []);
});

scenario("the flows that need a session sign in by the way that is chosen", async (bench) => {
  await bench.open();
  await bench.example("Sign in at the provider");
  await bench.get("flow-name").selectOption("refresh");
  await leave(bench);
  await approve(bench.page, user());
  await comeBack(bench, /It works: 1 step/);
  assert.equal(await bench.get("flow-name").inputValue(), "refresh");
  assert.match((await (await bench.step("http1")).textContent()) ?? "", /grant_type=refresh_token.*"access_token": "\[redacted\]"/s);
  await bench.get("flow-name").selectOption("check");
  const popup = await opened(bench);
  await approve(popup, user());
  await closed(popup);
  await bench.get("state").filter({ hasText: "It works: 1 step" }).waitFor();
  assert.match((await (await bench.step("http1")).textContent()) ?? "", /Ada Lovelace/);
});

scenario("in a window: the page stays, the window closes, and the steps are told", async (bench) => {
  const secrets = new Heard(faulty());
  await bench.open();
  await draft(bench, [
    { authorize: { ...AUTHORIZE.authorize, mode: "popup" } },
    { request: { url: `${SERVER}/guide/post`, json: { sent: "{{ authorize1.code }}", to: "{{ authorize1.url }}" } } },
    { define: { accessToken: "{{ authorize1.body.access_token }}", idToken: "{{ authorize1.body.id_token }}" } },
  ]);
  assert.equal(await bench.get("way").inputValue(), "popup", "as the flow says");
  const popup = await opened(bench);
  await approve(popup, user());
  await closed(popup);
  await bench.get("state").filter({ hasText: "It works: 3 steps" }).waitFor();
  assert.match((await (await bench.step("http1")).textContent()) ?? "", /"sent": "\[redacted\]"/);
  const said = await (await bench.step("authorize1")).textContent();
  assert.match(said ?? "", /Leaves forhttps:\/\/auth\.example\.com\/auth\?.*Comes back to.*code=\[redacted\].*POST .*\/token/s);
  assert.deepEqual(secrets.counts(), ONE);
  await assertNothingShown(bench, secrets);
});

scenario("a window that the user closes is told at the step, with what to do", async (bench) => {
  await bench.open();
  await draft(bench);
  const popup = await opened(bench);
  await popup.waitForURL(/\/interaction\//);
  await popup.close();
  await bench.get("state").filter({ hasText: "Failed at authorize1: the window was closed." }).waitFor();
  assert.match(
    (await bench.get("step-error").textContent()) ?? "",
    /ERR_CANCELLED.*register http.*\/workbench\/ there as a redirect address/,
  );
  assert.equal(await bench.get("run").isEnabled(), true);
});

scenario("a run in a window can be cancelled, which closes it", async (bench) => {
  await bench.open();
  await draft(bench);
  const popup = await opened(bench);
  await popup.waitForURL(/\/interaction\//);
  await bench.get("cancel").click();
  await bench.get("state").filter({ hasText: "Cancelled." }).waitFor();
  await closed(popup);
});

scenario("a window that is blocked: the page itself leaves, and comes back", async (bench) => {
  await bench.open();
  await draft(bench);
  await bench.page.evaluate(() => {
    globalThis.open = () => null;
  });
  await bench.get("way").selectOption("popup");
  await leave(bench);
  await approve(bench.page, user());
  await comeBack(bench, /It works/);
});

scenario("the user says no: it is told at the step, and marked in the flow", async (bench) => {
  await bench.open();
  await draft(bench);
  await leave(bench);
  await bench.page.getByRole("button", { name: "Cancel" }).click();
  await comeBack(bench, /Failed at authorize1: End-User aborted interaction/);
  assert.match((await bench.get("step-error").textContent()) ?? "", /ERR_CANCELLED End-User aborted interaction/);
  assert.match((await (await bench.step("authorize1")).textContent()) ?? "", /Comes back to.*error=access_denied/);
  await bench
    .get("problems")
    .filter({ hasText: /authorize: End-User aborted interaction/ })
    .waitFor();
  await bench.page.getByRole("button", { name: "Show it in the flow" }).click();
  assert.match((await bench.page.locator(".cm-activeLine").textContent()) ?? "", /"authorize"/);
  assert.equal(bench.page.url(), `${world.site.url}/workbench/`);
});

scenario("an answer of another server is a mismatch, and no code is sent", async (bench) => {
  await bench.open();
  await draft(bench);
  await leave(bench);
  faulty().changeAnswers((params) => params.set("iss", "https://evil.example"));
  await approve(bench.page, user());
  await comeBack(bench, /Failed at authorize1/);
  assert.match((await bench.get("step-error").textContent()) ?? "", /ERR_CALLBACK_MISMATCH/);
  assert.deepEqual((await world.server.log()).map(({ grant }) => grant).filter(Boolean), []);
});

scenario("a client that the server doesn't know: it says so on its page, and the way back tells what to do", async (bench) => {
  await bench.open();
  const document = await draft(bench, [AUTHORIZE], { clientId: "nobody" });
  await bench.get("run").click();
  await bench.page.waitForURL(/\/auth\?/);
  await bench.page.getByText("client is invalid").first().waitFor();
  await bench.page.goBack({ waitUntil: "commit" });
  await bench
    .get("state")
    .filter({ hasText: /compare clientId, and register http\S*\/workbench\/ there/ })
    .waitFor();
  assert.deepEqual(JSON.parse(await textOf(bench)), document);
  // The same where the browser has not kept the page, but makes it anew.
  await bench.get("run").click();
  await bench.page.waitForURL(/\/auth\?/);
  await bench.open();
  await bench
    .get("state")
    .filter({ hasText: /is here again without an answer.*register http\S*\/workbench\/ there/ })
    .waitFor();
  assert.deepEqual(JSON.parse(await textOf(bench)), document);
  bench.problems = [];
});

scenario("a code that the server refuses is told with the server's words", async (bench) => {
  await bench.open();
  await draft(bench);
  await leave(bench);
  await world.server.fail({ path: "/token", status: 400, body: { error: "invalid_grant", error_description: "That code is too old." } });
  await approve(bench.page, user());
  await comeBack(bench, /Failed at authorize1: That code is too old\./);
  assert.match((await bench.get("step-error").textContent()) ?? "", /ERR_INVALID_CREDENTIALS/);
});

scenario("metadata that can't be had is told before anybody is sent away", async (bench) => {
  await world.server.fail({ path: "/.well-known/openid-configuration", status: 503 });
  await bench.open();
  await draft(bench);
  await bench.run(/Failed at authorize1/);
  assert.match((await bench.get("step-error").textContent()) ?? "", /ERR_UNREACHABLE/);
  assert.match((await (await bench.step("authorize1")).textContent()) ?? "", /503/);
});

scenario("no further than the address: it is shown, masked, and the page stays", async (bench) => {
  await bench.open();
  await draft(bench);
  await bench.get("way").selectOption("test");
  await bench.run(/shows the address that it would go to/);
  const said = (await (await bench.step("authorize1")).textContent()) ?? "";
  assert.match(
    said,
    /"url": "https:\/\/auth\.example\.com\/auth\?\S*\bresponse_type=code&client_id=app&.*state=\[redacted\]&nonce=\[redacted\]/,
  );
  assert.doesNotMatch(said, /state=[\w-]{10}/);
});

pushing.scenario("what is pushed to the server beforehand is shown, and none of it that is secret", async (bench) => {
  const secrets = new Heard(/** @type {Faulty} */ (/** @type {unknown} */ (pushing.world.server)));
  await bench.open();
  await draft(bench);
  await bench.get("way").selectOption("test");
  await bench.run(/shows the address that it would go to/);
  const pushed = /POST https:\/\/auth\.example\.com\/request.*&state=\[redacted\]&nonce=\[redacted\]&code_challenge=[\w-]{43}&/s;
  assert.match((await (await bench.step("authorize1")).textContent()) ?? "", pushed);
  await bench.get("way").selectOption("redirect");
  await leave(bench);
  await approve(bench.page, /** @type {any} */ ({ user: pushing.world.server.user }));
  await comeBack(bench, /It works/);
  assert.match((await (await bench.step("authorize1")).textContent()) ?? "", pushed);
  // What was pushed to no end has a state and a nonce, too.
  assert.deepEqual(secrets.counts(), { ...ONE, nonce: 2, state: 2 });
  await assertNothingShown(bench, secrets);
});

scenario("an id of ours in the address to come back to is masked wherever a broker is told it", async (bench) => {
  await bench.open();
  const back = "{{ redirectUri }}";
  const authorize = {
    endpoint: `${SERVER}/x`,
    clientId: "app",
    bind: "redirectUri",
    params: { redirect_uri: null, to: back },
    token: false,
  };
  await bench.write([{ request: { url: `${SERVER}/guide/post`, query: { back }, json: { back } } }, { authorize }], /No problem found/);
  await bench.get("way").selectOption("test");
  await bench.run(/shows the address that it would go to/);
  const shown = await bench.page.locator("body").innerHTML();
  assert.ok(shown.split("doorkey=[redacted]").length > 4);
  assert.doesNotMatch(shown, /doorkey(=|%3D)(?!\[redacted)/);
});

scenario("a flow with a secret in it is not put down in this browser: it runs in a window", async (bench) => {
  await bench.open();
  await draft(bench, [
    AUTHORIZE,
    { request: { url: `${SERVER}/guide/post`, json: { "x-api-key": "hush-hush-1843", team: "blue" } } },
    {
      define: { accessToken: "{{ authorize1.body.access_token }}", idToken: "{{ authorize1.body.id_token }}" },
    },
  ]);
  await bench.run(/A secret stands in the flow.*run it in a window/);
  const popup = await opened(bench);
  await popup.waitForURL(/\/interaction\//);
  const kept = () => bench.page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
  assert.equal((await kept()).includes("hush-hush-1843"), false);
  await approve(popup, user());
  await closed(popup);
  await bench.get("state").filter({ hasText: "It works: 3 steps" }).waitFor();
  await bench.get("link").click();
  await bench.get("alert").filter({ hasText: "without the secret that stands in the flow" }).waitFor();
  await bench.page.reload();
  await bench.ready();
  assert.equal((await textOf(bench)).includes("hush-hush-1843"), false);
  assert.match(await textOf(bench), /"x-api-key": ""/);
});

scenario("a foreign answer is left alone, and a window without its workbench says what it is", async (bench) => {
  await bench.open("?code=foreign&state=foreign");
  assert.match(bench.page.url(), /\?code=foreign/);
  await bench.get("state").filter({ hasText: "Each step of a run will be listed here." }).waitFor();
  await bench.page.evaluate(() => {
    window.name = "doorkey";
  });
  await bench.page.reload();
  await bench.get("window").filter({ hasText: "of no use any more" }).waitFor();
  assert.deepEqual(await bench.axe(), []);
});

for (const [name, viewport] of Object.entries({ phone: PHONE, "wide screen": WIDE })) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    scenario(
      `on a ${name}, ${colorScheme}: after the way there and back axe finds nothing, and nothing scrolls sideways`,
      async (bench) => {
        await bench.open();
        await bench.example("Sign in at the provider");
        assert.deepEqual(await bench.axe(), []);
        assert.equal(await bench.page.evaluate(scrollsSideways), false, "before");
        await leave(bench);
        await approve(bench.page, user());
        await comeBack(bench, /It works/);
        const state = await bench.get("state").boundingBox();
        assert.ok(state && state.y >= 0 && state.y + state.height <= viewport.height, "what came of it is in sight");
        await bench.step("authorize1");
        assert.deepEqual(await bench.axe(), []);
        assert.equal(await bench.page.evaluate(scrollsSideways), false, "after");
      },
      { viewport, colorScheme },
    );
  }
}
