// @ts-check
/** The playground's sign-in with the provider, as a person meets it, and what its panel says of it. */

import assert from "node:assert/strict";

import { USER } from "../servers/embedded/account.mjs";
import { startFaulty } from "../servers/faulty.mjs";
import { axe } from "./lib/axe.mjs";
import { Heard, leaks } from "./lib/canary.mjs";
import { playgroundSuite } from "./lib/playground.mjs";
import { PHONE, scrollsSideways, WIDE } from "./lib/served.mjs";

/** @typedef {import("./lib/playground.mjs").App} App  @typedef {import("playwright-core").Page} Page
 *  @typedef {Awaited<ReturnType<typeof startFaulty>>} Faulty
 */

const scenario = playgroundSuite({ start: startFaulty });
const { password } = USER;

/** At the provider's pages: signs in where it asks, and allows. @param {Page} page @param {App} app */
async function approve(page, app) {
  const password = page.locator("input[name=password]");
  const allow = page.getByRole("button", { name: "Allow" });
  await password.or(allow).waitFor();
  if (await password.count()) {
    await password.fill(app.server.user.password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }
  await allow.click();
}

/** Leaves for the provider, from a page of the app that is not yet signed in. @param {Page} page */
async function leave(page) {
  await page.getByTestId("signin-redirect").click();
  await page.waitForURL(/\/interaction\//);
}

/** Signed in by redirect. @param {App} app */
async function signedIn(app) {
  const page = await app.open();
  await leave(page);
  await approve(page, app);
  await page.getByTestId("dashboard").waitFor();
  return page;
}

/** Opens the provider's window. @param {Page} page */
async function openWindow(page) {
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByTestId("signin-popup").click()]);
  await popup.waitForURL(/\/interaction\//);
  return popup;
}

/** The steps of the callback in the panel, each with a mark. @param {Page} page @param {string} last waits for it @param {string} [first] and for this */
async function steps(page, last, first) {
  const step = (/** @type {string} */ name) => page.getByTestId("callback").locator(`[data-step="${name}"]`);
  if (first) await step(first).waitFor();
  await step(last).waitFor();
  return page
    .getByTestId("callback")
    .locator("li")
    .evaluateAll((items) => items.map((item) => `${item.querySelector(".mark")?.textContent} ${item.getAttribute("data-step")}`));
}

/** A transaction in the panel, as names and values. @param {Page} page @param {"waiting" | "answered"} state */
async function transaction(page, state) {
  const item = page.getByTestId("transactions").locator(`[data-state="${state}"]`).first();
  await item.waitFor();
  const pairs = await item.locator("dl > div").evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  return Object.fromEntries(pairs);
}

const WHOLE = ["Address cleaned", "Record taken out", "iss compared", "Code exchanged", "ID token checked", "Session committed"];
const allDone = (/** @type {string[]} */ names) => names.map((name) => `✓ ${name}`);

/** Every secret that goes over the wire. @param {App} app */
const hear = (app) => new Heard(/** @type {Faulty} */ (app.server));

/** That none of them is in the document. @param {Heard} heard @param {Page} page @param {string} where */
async function assertNone(heard, page, where) {
  for (const step of await page.getByTestId("trace").locator("details").all())
    await step.evaluate((/** @type {HTMLDetailsElement} */ details) => (details.open = true));
  const seen = await page.evaluate(() => ({
    document: document.documentElement.outerHTML,
    title: document.title,
    address: location.href,
  }));
  const signatures = heard.secrets.idTokens.map((token) => token.split(".")[2]);
  assert.deepEqual(leaks(seen, [...heard.without(), ...signatures, password]), [], where);
}

scenario("by redirect: to the provider, and back to the page that was asked for; the panel tells how", async (app) => {
  const secrets = hear(app);
  const page = await app.open("/?page=Orders");
  await page.getByTestId("login").waitFor();
  await leave(page);
  await approve(page, app);
  await page.locator("table tbody tr").first().waitFor();
  assert.equal(page.url(), `${app.url}/?page=Orders`);
  assert.deepEqual(await steps(page, "Session committed"), allDone(WHOLE));
  const { Begun, ...told } = await transaction(page, "answered");
  assert.match(Begun, /\d\d:\d\d:\d\d/);
  assert.deepEqual(told, { Mode: "redirect", Issuer: app.server.url, "Comes back to": `${app.url}/` });
  const claims = page.getByTestId("claims");
  await claims.getByText(app.server.user.email).waitFor();
  await claims.getByText(app.server.user.name).waitFor();
  assert.deepEqual(secrets.counts(), { code: 1, verifier: 1, nonce: 1, state: 1, tokens: 2, idTokens: 1 });
  await assertNone(secrets, page, "after the sign-in");

  // What the server said stays with the session, what happened with the page.
  await page.reload();
  await page.locator("table tbody tr").first().waitFor();
  await claims.getByText(app.server.user.email).waitFor();
  assert.equal(await page.getByTestId("callback").isVisible(), false);
  assert.equal((await app.server.log()).filter(({ grant }) => grant === "authorization_code").length, 1);
});

scenario("a sign-in that was left alone waits in the panel, masked, and can still be answered", async (app) => {
  const secrets = hear(app);
  const page = await app.open("/?page=Orders");
  await page.getByTestId("login").waitFor();
  await leave(page);
  const provider = page.url();
  await page.goto(app.url);
  const { Begun, ...told } = await transaction(page, "waiting");
  const masked = "•••••••• kept, not shown";
  assert.deepEqual(told, {
    Mode: "redirect",
    Issuer: app.server.url,
    "Comes back to": `${app.url}/`,
    "Then shows": "/?page=Orders",
    state: masked,
    code_verifier: masked,
    nonce: masked,
  });
  const kept = await page.evaluate(() => {
    const key = Object.keys(sessionStorage).find((name) => name.startsWith("doorkey.signin:"));
    return JSON.parse(sessionStorage.getItem(key ?? "") ?? "{}");
  });
  for (const kind of /** @type {const} */ (["verifier", "nonce"])) secrets.add(kind, kept[kind]);
  assert.deepEqual(secrets.counts(), { code: 0, verifier: 1, nonce: 1, state: 1, tokens: 0, idTokens: 0 });
  assert.equal(secrets.secrets.state[0], kept.id);
  await assertNone(secrets, page, "while it waits");
  await page.goto(provider);
  await approve(page, app);
  await page.locator("table tbody tr").first().waitFor();
  assert.equal((await transaction(page, "answered")).Begun, Begun);
});

scenario("in a window of its own: the page stays, and the panel shows the way", async (app) => {
  const secrets = hear(app);
  const page = await app.open();
  const popup = await openWindow(page);
  await page.getByTestId("login-note").filter({ hasText: "provider’s window" }).waitFor();
  assert.equal((await transaction(page, "waiting")).Mode, "popup");
  await assertNone(secrets, page, "while the window is open");
  const closed = popup.waitForEvent("close");
  await approve(popup, app);
  await closed;
  await page.getByTestId("dashboard").waitFor();
  assert.deepEqual(await steps(page, "Session committed"), allDone(["Answer handed over", ...WHOLE.slice(1)]));
  assert.equal((await transaction(page, "answered")).Mode, "popup");
  await page.getByTestId("claims").getByText(app.server.user.email).waitFor();
  assert.deepEqual(secrets.counts(), { code: 1, verifier: 1, nonce: 1, state: 1, tokens: 2, idTokens: 1 });
  await assertNone(secrets, page, "after the window");
});

scenario("a window that is closed: nobody is signed in, and another way goes on", async (app) => {
  const page = await app.open();
  const popup = await openWindow(page);
  await popup.close();
  await page.getByTestId("login-note").filter({ hasText: "Nobody was signed in: the window was closed." }).waitFor();
  await leave(page);
  await approve(page, app);
  await page.getByTestId("dashboard").waitFor();
});

scenario("a window that is blocked: the page itself goes there, and the panel says why", async (app) => {
  const page = await app.open();
  await page.evaluate(() => {
    window.open = () => null;
  });
  await page.getByTestId("signin-popup").click();
  await page.waitForURL(/\/interaction\//);
  await approve(page, app);
  await page.getByTestId("dashboard").waitFor();
  assert.deepEqual(await steps(page, "Session committed"), allDone(WHOLE));
  assert.equal((await transaction(page, "answered")).Mode, "redirect, as the window was blocked");
});

scenario("the user says no: told without an alarm, and the way is open again", async (app) => {
  const page = await app.open();
  await leave(page);
  await page.getByRole("button", { name: "Cancel" }).click();
  const note = page.getByTestId("login-note").filter({ hasText: "Nobody was signed in: End-User aborted interaction." });
  await note.waitFor();
  assert.equal(await page.getByTestId("login-error").textContent(), "");
  assert.equal(page.url(), `${app.url}/`);
  const refused = ["✓ Address cleaned", "✓ Record taken out", "✓ iss compared", "✗ The provider refused"];
  assert.deepEqual(await steps(page, "The provider refused"), refused);

  // And at the second page, in a window.
  const popup = await openWindow(page);
  await popup.locator("input[name=password]").fill(app.server.user.password);
  await popup.getByRole("button", { name: "Sign in" }).click();
  // What was told of the first time has gone by now.
  await page.getByTestId("login-note").filter({ hasText: "provider’s window" }).waitFor();
  await popup.getByRole("button", { name: "Refuse" }).click();
  await note.waitFor();
  assert.deepEqual(await steps(page, "The provider refused", "Answer handed over"), ["✓ Answer handed over", ...refused.slice(1)]);
  assert.equal(await page.evaluate(() => globalThis.playground.auth.status().signedIn), false);
});

scenario("a wrong password at the provider is the provider's to tell", async (app) => {
  const page = await app.open();
  await leave(page);
  await page.locator("input[name=password]").fill("not-her-password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").filter({ hasText: "Wrong email or password." }).waitFor();
  await approve(page, app);
  await page.getByTestId("dashboard").waitFor();
});

scenario("sign-out goes on at the provider, comes back to a clean address, and the provider knows nobody", async (app) => {
  const page = await signedIn(app);
  await page.getByTestId("logout").click();
  await page.waitForURL(/\/session\/end\?/);
  assert.equal((await app.server.log()).filter(({ path }) => path === "/token/revocation").length, 1);
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await page.getByTestId("login").waitFor();
  assert.equal(page.url(), `${app.url}/`);
  assert.deepEqual(await steps(page, "Record taken out"), ["✓ Address cleaned", "✓ Record taken out"]);
  await page.getByTestId("transactions").getByText("A sign-out that was answered.").waitFor();
  await leave(page);
  await page.locator("input[name=password]").waitFor();
});

scenario("a session by password has no ID token, and ends without the provider", async (app) => {
  const page = await app.signIn();
  await page.getByText("This session has none").waitFor();
  assert.equal(await page.getByTestId("claims").isVisible(), false);
  await page.getByTestId("logout").click();
  await page.getByTestId("login").waitFor();
  assert.deepEqual(
    (await app.server.log()).filter(({ path }) => path === "/session/end"),
    [],
  );
});

scenario("an answer that was used, or is of another server, is told, and signs nobody in", async (app) => {
  const page = await app.open();
  /** @type {string[]} */
  const answers = [];
  page.on("request", (request) => request.url().startsWith(`${app.url}/?code=`) && answers.push(request.url()));
  await leave(page);
  await approve(page, app);
  await page.getByTestId("dashboard").waitFor();

  // Whoever is signed in goes on; whoever is not learns why nothing came of it.
  await page.goto(answers[0]);
  await page.getByTestId("dashboard").waitFor();
  await page.evaluate(() => globalThis.playground.auth.logout({ navigate: false }));
  await page.goto(answers[0]);
  await page.getByTestId("login-note").filter({ hasText: "was used before" }).waitFor();
  assert.equal(page.url(), `${app.url}/?page=LoginPage&note=used`);

  await page.addInitScript(() => {
    const forged = location.href.replace(/iss=[^&]*/, "iss=https%3A%2F%2Fevil.example");
    if (location.search.includes("code=")) history.replaceState(null, "", forged);
  });
  await leave(page);
  await approve(page, app);
  await page.getByTestId("login-error").filter({ hasText: "another server" }).waitFor();
  assert.deepEqual(await steps(page, "iss compared"), ["✓ Address cleaned", "✓ Record taken out", "✗ iss compared"]);
  assert.equal((await app.server.log()).filter(({ grant }) => grant === "authorization_code").length, 1);
});

scenario("the panel tells why an answer's issuer was not compared", async (app) => {
  const page = await app.open();
  const told = await page.evaluate(async () => {
    const { callbackOf } = await import(`${location.origin}/panel/provider/callback.js`);
    const note = (reason, scope) => ({ id: "callback", kind: "note", reason, scope, at: 1, ms: 0 });
    const of = (transaction, compared) => callbackOf([note("record", transaction), note("iss", compared)], [])[1].about;
    const known = { at: 1, mode: "redirect", issuer: "https://a.example" };
    return [of(known, { iss: "https://a.example" }), of(known, {}), of({ at: 1, mode: "redirect" }, {})];
  });
  assert.deepEqual(told, ["https://a.example", "none came, and none was promised", "with nothing: no issuer is known"]);
});

scenario("with the keyboard alone", async (app) => {
  const page = await app.open();
  await page.getByTestId("signin").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  // Each page gives the keyboard to what it is for, a moment after it is there.
  await page.locator("input[name=password]:focus").waitFor();
  await page.keyboard.type(app.server.user.password);
  await page.keyboard.press("Enter");
  await page.locator("button:focus", { hasText: "Allow" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByTestId("dashboard").waitFor();
});

for (const [name, viewport] of Object.entries({ phone: PHONE, "wide screen": WIDE })) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    scenario(
      `on a ${name}, ${colorScheme}: no page of the way scrolls sideways, and axe finds nothing`,
      async (app) => {
        const page = await app.open();
        const look = async (/** @type {string} */ what, shown = page) => {
          assert.deepEqual(await axe(shown), [], what);
          assert.equal(await shown.evaluate(scrollsSideways), false, what);
        };
        await page.getByTestId("login").waitFor();
        await look("the login page, with nothing to tell");
        const popup = await openWindow(page);
        await look("the provider's login page", popup);
        await transaction(page, "waiting");
        await look("the login page while a window is open");
        await popup.getByRole("button", { name: "Cancel" }).click();
        await steps(page, "The provider refused");
        await look("the login page after a no");
        await leave(page);
        await page.locator("input[name=password]").fill(app.server.user.password);
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.getByRole("button", { name: "Allow" }).waitFor();
        await look("the provider's consent page");
        await page.getByRole("button", { name: "Allow" }).click();
        await steps(page, "Session committed");
        await page.getByTestId("me").getByText(app.server.user.email).waitFor();
        await look("the Dashboard");
        await page.getByTestId("logout").click();
        await page.waitForURL(/\/session\/end\?/);
        await look("the provider's sign-out page");
      },
      { viewport, colorScheme },
    );
  }
}
