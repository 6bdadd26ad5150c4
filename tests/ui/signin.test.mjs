// @ts-check
// Flows with form steps, through the dialog, against the real auth server. The elements and the session come from the tarball.
import assert from "node:assert/strict";
import { suite } from "../e2e/lib/suite.mjs";

const scenario = suite();

/** @typedef {import("../e2e/lib/world.mjs").World} World  @typedef {import("../e2e/lib/tab.mjs").Tab} Tab */

/** The sign-in of the auth server with what a form gave. @param {World} world @param {string} email @param {string} password */
function request(world, email = "{{ form1.email }}", password = "{{ form1.password }}") {
  const { signin } = world.server.options().flows;
  return { request: { ...signin, form: { ...signin.form, username: email, password } } };
}

/**
 * A tab whose sign-in asks in the dialog. What the page's own host would navigate is recorded.
 * @param {World} world @param {object[]} [steps] @param {{ ui?: boolean }} [how]
 */
async function openTab(world, steps = [{ form: { title: "Sign in to Shop" } }, request(world)], { ui = true } = {}) {
  const tab = await world.openTab({
    options: { flows: { signin: steps } },
    complete: (options, kit) => ({ ...options, host: { ...kit.doorkey.hosts.browser(), ...kit.recordingHost } }),
  });
  if (ui) await tab.evaluate(`import("/pkg/dist/doorkey.ui.mjs").then((ui) => { globalThis.ui = ui; })`);
  return tab;
}

/** Begins a call; its outcome is waited for later. @param {Tab} tab @param {string} name @param {any[]} args */
const begin = (tab, name, ...args) => tab.call(name, ...args);

/** @param {Tab} tab @param {string} title */
const dialog = (tab, title = "Sign in to Shop") => tab.page.getByRole("dialog", { name: title });

/** @param {Tab} tab @param {{ email?: string, password: string }} values */
async function fillIn(tab, { email, password }) {
  if (email) await tab.page.fill("[name=email]", email);
  await tab.page.fill("[name=password]", password);
  await tab.page.keyboard.press("Enter");
}

/** @param {Tab} tab */
const isGone = (tab) => tab.until(() => !document.querySelector("doorkey-form"));

scenario("R2: a form step asks in the dialog, by default for email and password, and signs in", async (world) => {
  const tab = await openTab(world);
  const outcome = begin(tab, "signin");
  await dialog(tab).waitFor();
  await fillIn(tab, world.user);
  const { value } = await outcome;
  assert.equal(value.ok, true);
  await isGone(tab);
  assert.deepEqual(await tab.navigations(), ["Dashboard"]);
  assert.equal(await tab.ok("check"), true);
  assert.equal(JSON.stringify(await tab.stored()).includes(world.user.password), false);
});

scenario("a double click on the dialog's button signs in once, and nothing is told", async (world) => {
  const tab = await openTab(world);
  const outcome = begin(tab, "signin");
  await dialog(tab).waitFor();
  await world.server.fail({ path: "/token", mode: "hold", times: 1 });
  await tab.page.fill("[name=email]", world.user.email);
  await tab.page.fill("[name=password]", world.user.password);
  await dialog(tab).getByRole("button", { name: "Sign in" }).dblclick();
  await world.untilHeld();
  await world.server.release();
  assert.equal((await outcome).value.ok, true);
  await isGone(tab);
  assert.equal((await world.requests("/token")).length, 1);
  assert.deepEqual(await tab.evaluate(() => globalThis.kit.record.notifications), []);
});

scenario("R11: a wrong password: the server's text in the dialog, the address kept, and the second try signs in", async (world) => {
  const tab = await openTab(world);
  const outcome = begin(tab, "signin");
  await fillIn(tab, { email: world.user.email, password: "not-her-password" });
  await dialog(tab).getByRole("alert").getByText("Wrong email or password.").waitFor();
  assert.equal(await tab.page.inputValue("[name=email]"), world.user.email);
  assert.equal(await tab.page.inputValue("[name=password]"), "");
  assert.equal((await tab.status()).signedIn, false);
  await fillIn(tab, { password: world.user.password });
  assert.equal((await outcome).value.ok, true);
  await isGone(tab);
  assert.deepEqual(await tab.evaluate(() => globalThis.kit.record.notifications), [], "the form has shown it");
});

for (const [what, body] of /** @type {[string, object][]} */ ([
  ["400 of Django REST framework", { email: ["Enter a valid email address."] }],
  ["422 of Laravel", { message: "The given data was invalid.", errors: { email: ["Enter a valid email address."] } }],
])) {
  scenario(`R11: errors of fields land on their fields: ${what}`, async (world) => {
    const tab = await openTab(world);
    await world.server.fail({ path: "/token", status: Number(what.slice(0, 3)), body, times: 1 });
    const outcome = begin(tab, "signin");
    await fillIn(tab, world.user);
    await dialog(tab).getByText("Enter a valid email address.").first().waitFor();
    assert.equal(await tab.page.locator("[name=email]").getAttribute("aria-invalid"), "true");
    assert.equal(await tab.page.locator("#field-0-error").textContent(), "Enter a valid email address.");
    assert.equal(await tab.page.locator("[name=password]").getAttribute("aria-invalid"), null);
    await fillIn(tab, world.user);
    assert.equal((await outcome).value.ok, true);
  });
}

scenario("what is said of the password's field stands there, but for the password", async (world) => {
  const tab = await openTab(world);
  const { password } = world.user;
  const errors = { password: ["Too short.", "Too old."], email: [`Not with ${password}.`] };
  await world.server.fail({ path: "/token", status: 422, body: { message: "The given data was invalid.", errors }, times: 1 });
  const outcome = begin(tab, "signin");
  await fillIn(tab, world.user);
  await dialog(tab).getByText("Too short.").first().waitFor();
  assert.equal(await tab.page.locator("#field-0-error").textContent(), "Not with [redacted].");
  assert.equal(await tab.page.locator("#field-1-error").textContent(), "Too short.");
  await fillIn(tab, world.user);
  assert.equal((await outcome).value.ok, true);
});

scenario("cancelled: ERR_CANCELLED, no request, nobody is bothered, and the next sign-in asks again", async (world) => {
  const tab = await openTab(world);
  for (const again of [false, true]) {
    const failed = tab.fails("ERR_CANCELLED", "signin");
    await dialog(tab).waitFor();
    assert.equal(await tab.page.inputValue("[name=email]"), "", `nothing is left of the first time (again: ${again})`);
    await tab.page.keyboard.type("ada@");
    await tab.page.keyboard.press("Escape");
    await failed;
    await isGone(tab);
  }
  assert.deepEqual(await world.requests("/token"), []);
  assert.deepEqual(await tab.evaluate(() => globalThis.kit.record.notifications), []);
  assert.deepEqual(await tab.stored(), {});
});

scenario("cancelled after a wrong password: ERR_CANCELLED", async (world) => {
  const tab = await openTab(world);
  const failed = tab.fails("ERR_CANCELLED", "signin");
  await fillIn(tab, { email: world.user.email, password: "not-her-password" });
  await dialog(tab).getByRole("alert").getByText("Wrong").waitFor();
  await tab.page.getByRole("button", { name: "Cancel" }).click();
  await failed;
  await isGone(tab);
});

scenario("cancelled while the server thinks: the dialog goes, and a refusal does not bring it back", async (world) => {
  const tab = await openTab(world);
  await world.server.fail({ path: "/token", mode: "hold", times: 1 });
  const failed = tab.fails("ERR_CANCELLED", "signin");
  await fillIn(tab, { email: world.user.email, password: "not-her-password" });
  await tab.page.getByRole("button", { name: "Please wait…" }).waitFor();
  await tab.page.keyboard.press("Escape");
  await isGone(tab);
  await world.untilHeld();
  await world.server.release();
  await failed;
  assert.equal(await tab.page.locator("doorkey-form").count(), 0);
  const outcome = begin(tab, "signin");
  await fillIn(tab, world.user);
  assert.equal((await outcome).value.ok, true, "the next sign-in is its own");
});

scenario("a failure that is no refusal closes the dialog", async (world) => {
  const tab = await openTab(world);
  await world.server.fail({ path: "/token", status: 503, times: Infinity });
  const failed = tab.call("signin");
  await fillIn(tab, world.user);
  assert.match((await failed).error?.code ?? "", /^ERR_(SERVER|UNREACHABLE)$/);
  await isGone(tab);
});

scenario("dispose closes the dialog", async (world) => {
  const tab = await openTab(world);
  const failed = tab.fails("ERR_DISPOSED", "signin");
  await dialog(tab).waitFor();
  await tab.evaluate(() => globalThis.auth.dispose());
  await failed;
  await isGone(tab);
});

scenario("R2: fields of each type reach the flow with their types", async (world) => {
  const fields = [
    { name: "tenant", value: "{{ inputs.tenant }}" },
    { name: "seats", type: "number" },
    { name: "region", type: "select", options: ["eu", { value: "us", label: "United States" }] },
    { name: "keep", type: "checkbox" },
    { name: "client", type: "hidden", value: "c-1" },
    { name: "code", type: "one-time-code" },
    { name: "email", type: "email" },
    { name: "password", type: "password" },
  ];
  const tab = await openTab(world, [{ form: { fields } }, { define: { SEEN: "{{ json(form1) }}" } }, request(world)]);
  const outcome = begin(tab, "signin", { tenant: "acme" });
  await tab.page.getByLabel("Tenant").waitFor();
  assert.equal(await tab.page.inputValue("[name=tenant]"), "acme");
  await tab.page.fill("[name=seats]", "3");
  await tab.page.locator("[name=region]").selectOption({ label: "United States" });
  await tab.page.check("[name=keep]");
  await tab.page.fill("[name=code]", "123 456");
  await fillIn(tab, world.user);
  assert.equal((await outcome).value.ok, true);
  const trace = await tab.evaluate(() => globalThis.auth.trace().find(({ kind }) => kind === "form").scope.form1);
  const { email, password, ...rest } = trace;
  assert.deepEqual(rest, { tenant: "acme", seats: 3, region: "us", keep: true, client: "c-1", code: "[redacted]" });
  assert.deepEqual([email, password], [world.user.email, "[redacted]"]);
});

scenario("R2: two forms of one flow are two steps in one dialog", async (world) => {
  const code = { form: { title: "Your code", fields: [{ name: "code", type: "one-time-code", required: true }] } };
  const tab = await openTab(world, [{ form: {} }, code, request(world)]);
  const outcome = begin(tab, "signin");
  await dialog(tab, "Sign in").waitFor();
  await tab.evaluate(() => (globalThis.first = document.querySelector("doorkey-form")) && undefined);
  await fillIn(tab, world.user);
  await dialog(tab, "Your code").waitFor();
  assert.equal(await tab.evaluate(() => globalThis.first === document.querySelector("doorkey-form")), true);
  await tab.page.keyboard.type("123456");
  await tab.page.keyboard.press("Enter");
  assert.equal((await outcome).value.ok, true);
  await isGone(tab);
});

scenario("without doorkey/ui a form step says what is missing", async (world) => {
  const tab = await openTab(world, undefined, { ui: false });
  const error = await tab.fails("ERR_HOST", "signin");
  assert.match(`${error.message} ${error.cause}`, /load doorkey\/ui/);
});

scenario("two sessions that ask at once: one dialog after the other", async (world) => {
  const tab = await openTab(world);
  await tab.evaluate(
    (options) => {
      const { kit } = globalThis;
      globalThis.stock = kit.another({ ...options, name: "stock", host: { ...kit.doorkey.hosts.browser(), ...kit.recordingHost } });
    },
    { ...tab.start.options, flows: { ...world.server.options().flows, signin: [{ form: { title: "Sign in to Stock" } }, request(world)] } },
  );
  const [shop, stock] = [begin(tab, "signin"), tab.evaluate(() => globalThis.stock.signin())];
  await dialog(tab).waitFor();
  assert.equal(await tab.page.locator("dialog[open]").count(), 1);
  await fillIn(tab, { email: world.user.email, password: "not-her-password" });
  await dialog(tab).getByRole("alert").getByText("Wrong").waitFor();
  await fillIn(tab, { password: world.user.password });
  assert.equal((await shop).value.ok, true);
  await dialog(tab, "Sign in to Stock").waitFor();
  assert.equal(await tab.page.locator("dialog[open]").count(), 1);
  await fillIn(tab, world.user);
  assert.equal((await stock).ok, true);
  await isGone(tab);
});

scenario("R13: the prompt for several sessions gives way to each one's form, and comes back", async (world) => {
  const tab = await openTab(world);
  await tab.evaluate((options) => {
    const { kit, ui, auth } = globalThis;
    globalThis.stock = kit.another({ ...options, name: "stock", host: { ...kit.doorkey.hosts.browser(), ...kit.recordingHost } });
    globalThis.prompted = ui.signinPrompt(
      [
        { auth, label: "Shop" },
        { auth: globalThis.stock, label: "Stock" },
      ],
      { title: "Your data" },
    );
  }, tab.start.options);
  for (const label of ["Shop", "Stock"]) {
    await tab.page.getByRole("button", { name: `Sign in ${label}` }).click();
    await dialog(tab).waitFor();
    await fillIn(tab, world.user);
    if (label === "Shop") await tab.page.getByRole("button", { name: "Signed in Shop" }).waitFor();
  }
  assert.equal((await tab.evaluate(() => globalThis.prompted)).ok, true);
  await isGone(tab);
});

scenario("R15: the button asks in the dialog; cancelled, it says nothing", async (world) => {
  const tab = await openTab(world);
  await tab.evaluate(() => {
    const button = document.createElement("doorkey-button");
    button.auth = globalThis.auth;
    document.body.append(button);
  });
  await tab.page.click("doorkey-button");
  await dialog(tab).waitFor();
  await tab.page.keyboard.press("Escape");
  await tab.page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  assert.equal(await tab.page.getByRole("alert").textContent(), "");
  assert.equal(await tab.evaluate(() => document.activeElement.localName), "doorkey-button");
  await tab.page.keyboard.press("Enter");
  await fillIn(tab, world.user);
  await tab.page.getByRole("button", { name: "Sign out" }).waitFor();
});
