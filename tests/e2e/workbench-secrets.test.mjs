// @ts-check
/** What nobody may read of a run that leaves the page, under whatever name it goes: not on the page, and not in what the tab keeps. */

import assert from "node:assert/strict";
import { startFaulty } from "../servers/faulty.mjs";
import { benchSuite, SERVER } from "./lib/bench.mjs";
import { approve } from "./lib/redirect.mjs";

/** @typedef {import("./lib/bench.mjs").Bench} Bench */

const { scenario, world } = benchSuite({ start: startFaulty });
const faulty = () => /** @type {Awaited<ReturnType<typeof startFaulty>>} */ (/** @type {unknown} */ (world.server));
const user = () => /** @type {any} */ ({ user: world.server.user });

const AUTHORIZE = { authorize: { scope: "offline_access", params: { prompt: "consent" } } };
const ECHO = `${SERVER}/guide/post`;

/** @param {Bench} bench @param {any[]} signin @param {object} [options] */
const draft = (bench, signin, options) =>
  bench.write({ issuer: SERVER, clientId: "app", flows: { signin }, ...options }, /No problem found/);

/** All that stands on the page and in what the tab keeps. @param {Bench} bench */
async function places(bench) {
  return bench.page.evaluate(() =>
    [document.documentElement.outerHTML, { ...sessionStorage }, { ...localStorage }].map((one) => JSON.stringify(one)),
  );
}

/** @param {Bench} bench @param {string} secret @param {string} where */
async function assertNowhere(bench, secret, where) {
  for (const text of await places(bench)) assert.equal(text.includes(secret), false, where);
}

scenario("what is entered into a secret field of doorkey's form is masked under whatever name it goes on", async (bench) => {
  const [word, pin] = ["hush-hush-1843", "918273"];
  await bench.open();
  const fields = [{ name: "team" }, { name: "word", type: "password" }, { name: "number", type: "one-time-code" }];
  await draft(bench, [
    { form: { title: "Team", fields } },
    { request: { url: ECHO, json: { a: "{{ form1.team }}", b: "{{ form1.word }}", c: "x{{ form1.number }}" } } },
    AUTHORIZE,
  ]);
  await bench.get("ask").check();
  await bench.get("run").click();
  const form = bench.page.locator("doorkey-form");
  await form.locator("input").nth(0).fill("blue");
  await form.locator("input").nth(1).fill(word);
  await form.locator("input").nth(2).fill(pin);
  await bench.page.keyboard.press("Enter");
  await bench.page.waitForURL(/\/interaction\//);
  const provider = bench.page.url();
  await bench.page.goto(`${world.site.url}/icon.svg`);
  const kept = await bench.page.evaluate(() => sessionStorage.getItem("doorkey-workbench") ?? "");
  assert.match(kept, /blue/);
  for (const secret of [word, pin]) assert.equal(kept.includes(secret), false, "it is kept");
  await bench.page.goto(provider);
  await approve(bench.page, user());
  await bench.get("state").filter({ hasText: "It works: 3 steps" }).waitFor();
  assert.match((await (await bench.step("http1")).textContent()) ?? "", /"a": "blue",\s+"b": "\[redacted\]",\s+"c": "x\[redacted\]"/);
  for (const secret of [word, pin]) await assertNowhere(bench, secret, "after the run");
});

scenario("a token under a plain name is masked where a server gives it, as doorkey masks it", async (bench) => {
  faulty().changeJson("/guide/post", (json) => {
    json.key = "opaque-token-1843";
  });
  await bench.open();
  const document = [AUTHORIZE, { request: { url: ECHO, json: {} } }];
  await draft(bench, document, { tokens: { accessToken: "key" } });
  await bench.get("way").selectOption("popup");
  const [popup] = await Promise.all([bench.page.waitForEvent("popup"), bench.get("run").click()]);
  await approve(popup, user());
  await bench.get("state").filter({ hasText: "It works: 2 steps" }).waitFor();
  assert.match((await (await bench.step("http1")).textContent()) ?? "", /"key": "\[redacted\]"/);
  await assertNowhere(bench, "opaque-token-1843", "after the run");
});

scenario(
  "what a broker answers with is masked in the address, on its way to the next request, and in what comes back of it",
  async (bench) => {
    faulty().change((answer, { path, url }) => {
      if (path !== "/broker") return;
      const to = new URL(url).searchParams.get("redirect_uri") ?? "";
      answer.status = 302;
      answer.headers.location = `${to}${to.includes("?") ? "&" : "?"}ticket=ST-1`;
    });
    const authorize = { endpoint: `${SERVER}/broker`, bind: "redirectUri", answer: ["ticket"], pkce: false, token: false };
    const request = { url: ECHO, query: { given: "{{ authorize1.ticket }}" }, json: { given: "{{ authorize1.ticket }}" } };
    const document = { clientId: "app", flows: { signin: [{ authorize }, { request }] }, tokens: false };
    for (const way of ["redirect", "popup"]) {
      await bench.open();
      await bench.write(document, /No problem found/);
      await bench.get("way").selectOption(way);
      await bench.run(/It works: 2 steps/);
      assert.match((await (await bench.step("authorize1")).textContent()) ?? "", /Comes back to.*ticket=\[redacted\]/);
      assert.match((await (await bench.step("http1")).textContent()) ?? "", /POST \S+\?given=\[redacted\].*"given": "\[redacted\]"/s);
      await assertNowhere(bench, "ST-1", way);
    }
  },
);

/** Copies the link, and gives the document that it opens. @param {Bench} bench @param {string} said */
async function linked(bench, said) {
  await bench.get("link").click();
  await bench.get("alert").filter({ hasText: said }).waitFor();
  const other = await bench.page.context().newPage();
  await other.goto(await bench.page.evaluate(() => navigator.clipboard.readText()));
  await other.waitForFunction(() => window.workbench?.isChecked());
  return JSON.parse(await other.evaluate(() => window.workbench.editor.text()));
}

scenario("a link has no plain secret, whatever it looks like and wherever it stands", async (bench) => {
  /** The document with these in the places of secrets. @param {string} a @param {string} token @param {string | number} number @param {any[]} list */
  const made = (a, token, number, list) => ({
    signin: [
      { form: { fields: [{ name: "word", type: "password", value: a }] } },
      {
        request: {
          url: `${ECHO}?api_key=${a}&team=blue`,
          headers: { Authorization: token, "X-Auth-Token": a, "X-Team": "BLUE" },
          query: { sid: a, page: "1" },
          json: {
            token: a,
            passwords: list,
            pin: number,
            in: { access: a, grant_type: "refresh_token", token_type_hint: "refresh_token" },
          },
        },
      },
      { define: { MINE: a, OURS: "{{ http1.body.json.a }}" }, secret: ["MINE"] },
    ],
  });
  const flows = made("AKIAIOSFODNN7EXAMPLE", "Bearer AKIAIOSFODNN7EXAMPLE", 1843, ["AKIAIOSFODNN7EXAMPLE", "{{ inputs.password }}"]);
  const attach = { origins: [SERVER], headers: { Authorization: "Bearer OURS", "X-Api-Key": "OURS" } };
  await bench.open();
  await bench.write({ flows, attach }, /No problem found/);
  const opened = await linked(bench, "without the 10 secrets that stand in the flow");
  assert.deepEqual(opened, { flows: made("", "", "", ["", "{{ inputs.password }}"]), attach });
});

scenario("the name of a cookie is no secret: a session of cookies is sent on whole, and may leave the page", async (bench) => {
  const flows = { signin: { url: `${SERVER}/login`, json: { password: "{{ inputs.password }}" } } };
  const document = { flows, tokens: false, attach: { csrf: { cookie: "csrftoken", header: "X-CSRFToken" } } };
  await bench.open();
  await bench.write(document, /No problem found/);
  assert.deepEqual(await linked(bench, "The link is copied."), document);
});
