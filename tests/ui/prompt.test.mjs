// @ts-check
// signinPrompt: one prompt for the sessions of a page, with the real auth server.
import assert from "node:assert/strict";
import { suite } from "../e2e/lib/suite.mjs";

const scenario = suite();

/**
 * A tab with two sessions, `shop` and `stock`, each with a sign-in that needs nothing typed.
 * @param {import("../e2e/lib/world.mjs").World} world @param {object} [more] options
 */
async function openTab(world, more = {}) {
  const { email, password } = world.user;
  const { signin, refresh, check } = world.server.options().flows;
  const flows = { signin: { ...signin, form: { ...signin.form, username: email, password } }, refresh, check };
  const tab = await world.openTab({ start: false });
  await tab.evaluate(
    async ([options]) => {
      const { kit } = globalThis;
      const sessions = Object.fromEntries(
        ["shop", "stock"].map((name) => [name, kit.another({ ...options, name, host: kit.recordingHost })]),
      );
      Object.assign(globalThis, { ...sessions, ui: await import("/pkg/dist/doorkey.ui.mjs") });
    },
    [{ flows, ...more }],
  );
  return tab;
}

/** Calls the prompt; what comes of it is kept. @param {import("../e2e/lib/tab.mjs").Tab} tab @param {object} [options] */
const prompt = (tab, options = {}) =>
  tab.evaluate((given) => {
    const { shop, stock, ui } = globalThis;
    const entry = (globalThis.prompted = { result: undefined });
    void ui
      .signinPrompt(
        [
          { auth: shop, label: "Shop" },
          { auth: stock, label: "Stock" },
        ],
        given,
      )
      .then((result) => (entry.result = result));
  }, options);

/** What the prompt gave, once it has. @param {import("../e2e/lib/tab.mjs").Tab} tab */
const result = (tab) =>
  tab.until(
    () =>
      globalThis.prompted.result && {
        ...globalThis.prompted.result,
        results: globalThis.prompted.result.results.map(({ error, ...rest }) => ({ ...rest, ...(error && { error: error.code }) })),
      },
  );

/** @param {import("../e2e/lib/tab.mjs").Tab} tab @param {string} name */
const click = (tab, name) => tab.page.getByRole("button", { name, exact: true }).click();

/** @param {import("../e2e/lib/tab.mjs").Tab} tab */
const dialogs = (tab) => tab.page.locator("dialog[open]").count();

const BOTH = {
  ok: true,
  results: [
    { label: "Shop", ok: true },
    { label: "Stock", ok: true },
  ],
};

scenario("R13: one prompt offers to sign in to every session that is not, and closes when all are", async (world) => {
  const tab = await openTab(world);
  await prompt(tab, { title: "Your data" });
  await tab.page.getByRole("dialog", { name: "Your data" }).waitFor();
  await click(tab, "Sign in Stock");
  await tab.page.getByRole("button", { name: "Signed in Stock" }).waitFor();
  assert.equal(await tab.evaluate(() => globalThis.shop.status().signedIn), false);
  await click(tab, "Sign in Shop");
  assert.deepEqual(await result(tab), BOTH);
  assert.equal(await dialogs(tab), 0);
});

scenario("R13: nothing is shown when all are signed in, and only who is not when some are", async (world) => {
  const tab = await openTab(world);
  await tab.evaluate(() => globalThis.shop.signin().then(() => undefined));
  await prompt(tab);
  await tab.page.getByRole("button", { name: "Sign in Stock" }).waitFor();
  assert.equal(await tab.page.getByRole("button", { name: "Shop" }).count(), 0);
  await click(tab, "Sign in Stock");
  assert.deepEqual(await result(tab), BOTH);
  await prompt(tab);
  assert.deepEqual(await result(tab), BOTH);
  assert.equal(await dialogs(tab), 0);
});

scenario("R13: the prompt asks the server, not the store: a session that was ended there is offered", async (world) => {
  const tab = await openTab(world);
  await tab.evaluate(() => Promise.all([globalThis.shop.signin(), globalThis.stock.signin()]).then(() => undefined));
  await world.server.revokeAll();
  await prompt(tab);
  await tab.page.getByRole("button", { name: /Sign/ }).first().waitFor();
  assert.equal(await tab.page.locator("doorkey-button").count(), 2);
  await tab.page.keyboard.press("Escape");
  assert.equal((await result(tab)).results.length, 2);
});

scenario("R13: cancelled, it says who is not signed in, and the focus is where it was", async (world) => {
  const tab = await openTab(world);
  await tab.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", "<button id=opener>Open</button>");
    document.querySelector("#opener").focus();
  });
  await prompt(tab);
  await click(tab, "Sign in Shop");
  await tab.page.getByRole("button", { name: "Signed in Shop" }).waitFor();
  await tab.page.keyboard.press("Escape");
  assert.deepEqual(await result(tab), {
    ok: false,
    results: [
      { label: "Shop", ok: true },
      { label: "Stock", ok: false },
    ],
  });
  assert.equal(await tab.evaluate(() => document.activeElement.id), "opener");
  assert.equal(await tab.page.locator("doorkey-form").count(), 0);
});

scenario("R13: a sign-in that fails says so in its row, and the prompt stays", async (world) => {
  const tab = await openTab(world);
  await world.server.fail({ path: "/token", status: 503, times: 1 });
  await prompt(tab);
  await click(tab, "Sign in Shop");
  await tab.until(
    () =>
      [...document.querySelectorAll("doorkey-form")][0].shadowRoot.querySelector("doorkey-button").shadowRoot.querySelector("[role=alert]")
        .textContent,
  );
  assert.equal(await dialogs(tab), 1);
  await click(tab, "Sign in Shop");
  await tab.page.getByRole("button", { name: "Signed in Shop" }).waitFor();
  await tab.page.keyboard.press("Escape");
  await result(tab);
});

scenario("R13: signed in by another tab, the prompt closes", async (world) => {
  const [tab, other] = [await openTab(world), await openTab(world)];
  await prompt(tab);
  await tab.page.getByRole("button", { name: "Sign in Shop" }).waitFor();
  await other.evaluate(() => Promise.all([globalThis.shop.signin(), globalThis.stock.signin()]).then(() => undefined));
  assert.deepEqual(await result(tab), BOTH);
});

scenario("R13: two prompts come one after the other, and a form hides the prompt beneath it", async (world) => {
  const tab = await openTab(world);
  await prompt(tab, { title: "First" });
  await prompt(tab, { title: "Second" });
  await tab.page.getByRole("dialog", { name: "First" }).waitFor();
  assert.equal(await dialogs(tab), 1);
  await tab.evaluate(() => void globalThis.ui.DoorkeyForm.ask({ title: "Form" }));
  await tab.page.getByRole("dialog", { name: "Form" }).waitFor();
  const opacities = () =>
    [...document.querySelectorAll("doorkey-form")].map(({ shadowRoot }) => getComputedStyle(shadowRoot.querySelector("dialog")).opacity);
  await tab.until(`(${opacities})().join() === "0,1"`);
  for (const name of ["Form", "First", "Second"]) {
    await tab.page.getByRole("dialog", { name }).waitFor();
    await tab.page.keyboard.press("Escape");
  }
  assert.equal((await result(tab)).ok, false);
});

scenario("R14: silent mode signs in to each that is not, one after another, and shows nothing", async (world) => {
  const tab = await openTab(world);
  await world.server.fail({ path: "/token", mode: "delay", delayMs: 200, times: 2 });
  await prompt(tab, { silent: true });
  assert.equal(await dialogs(tab), 0);
  assert.deepEqual(await result(tab), BOTH);
  const [first, second] = await world.requests("/token");
  assert.ok(second.at - first.at >= 200, "one after another");
  await prompt(tab, { silent: true });
  assert.deepEqual(await result(tab), BOTH);
  assert.equal((await world.requests("/token")).length, 2, "who is signed in is not signed in again");
});

scenario("R14: in silent mode one that fails is told, and does not keep the next from trying", async (world) => {
  const tab = await openTab(world);
  await world.server.fail({ path: "/token", status: 503, times: 1 });
  await prompt(tab, { silent: true });
  const { ok, results } = await result(tab);
  assert.equal(ok, false);
  assert.match(results[0].error, /^ERR_/);
  assert.deepEqual(results[1], { label: "Stock", ok: true });
});

scenario("a session that ends while another is still asked is in the prompt", async (world) => {
  const tab = await openTab(world);
  await tab.evaluate(async () => {
    const { shop, stock, ui } = globalThis;
    await Promise.all([shop.signin(), stock.signin()]);
    const endsOnceAsked = async () => {
      const isSignedIn = await shop.check();
      await shop.logout();
      return isSignedIn;
    };
    void ui.signinPrompt([{ auth: Object.create(shop, { check: { value: endsOnceAsked } }), label: "Shop" }, stock]);
  });
  await tab.page.getByRole("button", { name: "Sign in Shop" }).waitFor();
});

scenario("onEnd: the login times out, and the prompt comes back, until the signal ends it", async (world) => {
  const tab = await openTab(world, { maxAgeSeconds: 6 });
  await tab.evaluate(() => {
    globalThis.ending = new AbortController();
    return Promise.all([globalThis.shop.signin(), globalThis.stock.signin()]).then(() => undefined);
  });
  await tab.evaluate(() => {
    const { shop, stock, ui, ending } = globalThis;
    void ui.signinPrompt([{ auth: shop, label: "Shop" }, stock], { onEnd: true, signal: ending.signal });
  });
  assert.equal(await dialogs(tab), 0);
  for (const name of ["Sign in Shop", "Sign in Session 2"]) await tab.page.getByRole("button", { name }).waitFor();
  assert.equal(await dialogs(tab), 1, "two that end at once are one prompt");
  await tab.page.keyboard.press("Escape");
  await tab.until(() => !document.querySelector("doorkey-form"));
  await tab.evaluate(() => globalThis.shop.signin().then(() => undefined));
  await tab.page.getByRole("button", { name: "Sign in Shop" }).waitFor();
  await tab.evaluate(() => globalThis.ending.abort());
  assert.equal(await dialogs(tab), 0);
});
