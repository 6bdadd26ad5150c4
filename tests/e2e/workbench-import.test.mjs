// @ts-check
/** "Start from what you have": what is pasted is masked, read, tried, and becomes a draft that runs against the embedded server. */

import assert from "node:assert/strict";

import { benchSuite, SERVER } from "./lib/bench.mjs";
import { PHONE, WIDE } from "./lib/served.mjs";

/** @typedef {import("./lib/bench.mjs").Bench} Bench */

const { scenario, world } = benchSuite();

const draftOf = async (/** @type {Bench} */ bench) => JSON.parse(await bench.page.evaluate(() => window.workbench.editor.text()));

/** Pastes as a person does. @param {Bench} bench @param {string} id @param {string} text */
async function paste(bench, id, text) {
  await bench.get(id).focus();
  await bench.page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await bench.page.keyboard.press("ControlOrMeta+v");
}

/** Opens the dialog, and pastes. @param {Bench} bench @param {string} text @param {string} [answer] */
async function open(bench, text, answer) {
  await bench.get("import").click();
  await paste(bench, "import-text", text);
  if (answer !== undefined) await paste(bench, "import-answer", answer);
}

/** @param {Bench} bench */
async function use(bench) {
  await bench.get("import-use").click();
  await bench.get("import-dialog").waitFor({ state: "hidden" });
  await bench.ready();
  await bench.get("problems").filter({ hasText: "No problem found." }).waitFor();
}

const LOGIN = `curl -X POST ${SERVER}/login -H 'Content-Type: application/json' -d '{"email":"a@b.example","password":"hush-hush-1843"}'`;
const ANSWER = '{"access_token":"tkn-0a1b2c3d4e5f6071","refresh_token":"ref-99887766554433","expires_in":600,"token_type":"Bearer"}';
const UNKNOWN = '{"ok":true,"payload":{"a1":"Zm9vYmFyYmF6cXV4","n":600,"note":"welcome"}}';

scenario("a call with its answer becomes a flow that signs in at the embedded server, with the reason for each part", async (bench) => {
  await bench.open();
  const form =
    "-d grant_type=password -d client_id=playground -d 'scope=openid offline_access' -d username=a@b.example -d password=hush-hush-1843";
  await open(bench, `curl ${SERVER}/token ${form}\n\n${ANSWER}\n\ncurl ${SERVER}/api/me -H 'Authorization: Bearer tkn-0a1b2c3d4e5f6071'\n`);
  await bench.get("import-status").filter({ hasText: "2 requests: the sign-in, who is signed in." }).waitFor();
  const reasons = await bench.get("import-reasons").innerText();
  for (const said of [
    /flows\.signin POST \/token signs in: password is the password, username who it is/,
    /flows\.refresh It was not pasted: at a token endpoint, RFC 6749/,
    /flows\.check GET \/api\/me tells/,
    /tokens\.accessToken access_token of the answer is it/,
  ]) {
    assert.match(reasons, said);
  }
  assert.match(await bench.get("import-outcomes").innerText(), /it signs in, for 10 minutes[^]*The refresh was not tried/);
  assert.equal(await bench.get("import-misses").count(), 0);
  await use(bench);
  const { flows } = await draftOf(bench);
  assert.deepEqual(Object.keys(flows), ["signin", "check", "refresh"]);
  assert.equal(flows.signin.form.username, "{{ inputs.email }}");
  await bench.get("demo-user").click();
  await bench.run(/It works: 1 step/);
  await bench.get("host").selectOption("appsmith");
  assert.match((await bench.get("code").textContent()) ?? "", /grant_type: "refresh_token"/);
});

scenario("secrets are masked as soon as they stand there, and are in no draft, no link and no storage", async (bench) => {
  await bench.open();
  const sent = /** @type {string[]} */ ([]);
  bench.page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
  await open(bench, `${LOGIN}\n${ANSWER}`);
  const shown = await bench.get("import-text").inputValue();
  assert.match(shown, /"password":"\[redacted 1\]"/);
  await bench.get("import-status").filter({ hasText: "3 secrets masked." }).waitFor();
  await use(bench);
  const everything = await bench.page.evaluate(async () =>
    JSON.stringify([
      document.documentElement.outerHTML,
      window.workbench.editor.text(),
      { ...localStorage },
      { ...sessionStorage },
      location.href,
    ]),
  );
  for (const secret of ["hush-hush-1843", "tkn-0a1b2c3d4e5f6071", "ref-99887766554433"]) {
    assert.ok(!shown.includes(secret) && !everything.includes(secret) && !sent.join().includes(secret), secret);
  }
  assert.ok(
    sent.every((line) => line.startsWith(world.site.url)),
    "nothing leaves the page",
  );
  await bench.get("import").click();
  assert.equal(await bench.get("import-text").inputValue(), "", "what was read is forgotten");
});

scenario("the token of an unknown answer is chosen by a click", async (bench) => {
  await bench.open();
  await open(bench, LOGIN, UNKNOWN);
  await bench.get("import-misses").filter({ hasText: "Choose the one that is." }).waitFor();
  assert.match(await bench.get("import-outcomes").innerText(), /does not sign in/);
  await bench.get("value-payload.a1").click();
  await bench.get("import-outcomes").filter({ hasText: "it signs in." }).waitFor();
  assert.equal(await bench.get("import-misses").count(), 0);
  assert.equal(await bench.get("value-payload.a1").getAttribute("aria-pressed"), "true");
  await bench.get("import-kind").selectOption("expiresIn");
  await bench.get("value-payload.n").click();
  await bench.get("import-outcomes").filter({ hasText: "it signs in, for 10 minutes." }).waitFor();
  assert.ok(!(await bench.get("import-chooser").innerText()).includes("Zm9v"), "no value is shown");
  assert.match(await bench.get("import-answer").inputValue(), /"a1":"\[redacted 2\]"/, "what is the token is masked");
  await use(bench);
  assert.deepEqual((await draftOf(bench)).tokens, { accessToken: "payload.a1", expiresIn: "payload.n" });
});

scenario("what can't be read, or is not there, is told with what to do, and nothing is replaced", async (bench) => {
  await bench.open();
  const before = await draftOf(bench);
  await bench.get("import").click();
  await bench.get("import-status").filter({ hasText: "Nothing is pasted yet." }).waitFor();
  await bench.get("import-use").click();
  await bench.get("import-error").filter({ hasText: "Paste the request that signs in" }).waitFor();
  await paste(bench, "import-text", "curl 'https://a.example");
  await bench.get("import-error").filter({ hasText: "quote that is not closed" }).waitFor();
  assert.equal(await bench.get("import-text").getAttribute("aria-invalid"), "true");
  assert.deepEqual(await bench.axe(), []);
  await bench.get("import-text").fill("curl https://a.example/items");
  await bench.get("import-misses").filter({ hasText: "No request here signs in" }).waitFor();
  await bench.get("import-use").click();
  await bench.get("import-error").filter({ hasText: "No request here signs in" }).waitFor();
  await bench.page.keyboard.press("Escape");
  await bench.get("import-dialog").waitFor({ state: "hidden" });
  assert.deepEqual(await draftOf(bench), before);
});

scenario("a file is read, and a draft of one's own can be had back", async (bench) => {
  await bench.open();
  const own = [{ request: { url: `${SERVER}/mine` } }];
  await bench.write(own, /No problem found/);
  await bench.get("import").click();
  const entry = {
    request: {
      method: "POST",
      url: `${SERVER}/login`,
      headers: [],
      postData: { text: '{"email":"a@b.example","password":"hush-hush-1843"}' },
    },
    response: { status: 200, headers: [], content: { text: ANSWER } },
  };
  const har = JSON.stringify({ log: { entries: [entry], comment: "x".repeat(200_000) } });
  await bench.get("import-file").setInputFiles({ name: "a.har", mimeType: "application/json", buffer: Buffer.from(har) });
  await bench.get("import-status").filter({ hasText: "1 request in a HAR: the sign-in." }).waitFor();
  await use(bench);
  assert.equal((await draftOf(bench)).flows.signin.url, `${SERVER}/login`);
  await bench.get("back").click();
  await bench.ready();
  assert.deepEqual(await draftOf(bench), own);
});

scenario("it is done with the keyboard alone", async (bench) => {
  await bench.open();
  const { keyboard } = bench.page;
  const focused = () => bench.page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
  const tabTo = async (/** @type {string} */ id, most = 12) => {
    for (let pressed = 0; (await focused()) !== id; pressed++) {
      assert.ok(pressed < most, `${id} is near`);
      await keyboard.press("Tab");
    }
  };
  await bench.get("import").focus();
  await keyboard.press("Enter");
  assert.equal(await focused(), "import-text", "one begins where one pastes");
  await paste(bench, "import-text", LOGIN);
  await keyboard.press("Tab");
  await paste(bench, "import-answer", UNKNOWN);
  await bench.get("import-chooser").waitFor();
  await tabTo("value-payload.a1");
  await keyboard.press("Enter");
  await bench.get("import-outcomes").filter({ hasText: "it signs in." }).waitFor();
  await bench.page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "value-payload.a1", undefined, {
    timeout: 10_000,
  });
  await keyboard.press("Shift+Tab");
  await tabTo("import-use", 30);
  await keyboard.press("Enter");
  await bench.get("import-dialog").waitFor({ state: "hidden" });
  await bench.ready();
  assert.deepEqual((await draftOf(bench)).tokens, { accessToken: "payload.a1" });
  await bench.get("import").focus();
  await keyboard.press("Enter");
  await keyboard.press("Escape");
  await bench.get("import-dialog").waitFor({ state: "hidden" });
  assert.equal(await focused(), "import");
});

scenario("the dialog tells when what reads can't be loaded", async (bench) => {
  await bench.open();
  await bench.page.route("**/import/libraries.mjs", (route) => route.abort());
  await open(bench, LOGIN);
  await bench.get("import-error").filter({ hasText: "could not load what reads it" }).waitFor();
});

for (const [name, viewport] of Object.entries({ phone: PHONE, "wide screen": WIDE })) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    scenario(
      `on a ${name}, ${colorScheme}: axe finds nothing, and it is all in reach`,
      async (bench) => {
        await bench.open();
        assert.deepEqual(await bench.axe(), []);
        await bench.get("import").click();
        assert.equal(await bench.page.evaluate(() => document.activeElement?.id), "import-text", "also where the dialog scrolls");
        assert.deepEqual(await bench.axe(), [], "empty");
        await paste(bench, "import-text", LOGIN);
        await paste(bench, "import-answer", UNKNOWN);
        await bench.get("import-outcomes").waitFor();
        assert.deepEqual(await bench.axe(), [], "filled");
        await bench.get("value-payload.a1").click();
        await bench.get("import-outcomes").filter({ hasText: "it signs in." }).waitFor();
        assert.deepEqual(await bench.axe(), [], "chosen");
        const shots = process.env.DOORKEY_SHOTS;
        if (shots) await bench.page.screenshot({ path: `${shots}/import-${viewport.width}-${colorScheme}.png` });
        const button = await bench.get("import-use").boundingBox();
        assert.ok(button && button.y + button.height <= viewport.height && button.x + button.width <= viewport.width);
        const isWide = (/** @type {Element} */ dialog) =>
          [dialog, ...dialog.children].some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
        assert.equal(await bench.get("import-dialog").evaluate(isWide), false, "nothing scrolls sideways");
      },
      { viewport, colorScheme },
    );
  }
}
