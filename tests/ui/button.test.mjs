// @ts-check
// <doorkey-button> with sessions of the real auth server.
import assert from "node:assert/strict";
import { suite } from "../e2e/lib/suite.mjs";

const scenario = suite();

/** The default button of a page, once it shows this. @param {import("../e2e/lib/tab.mjs").Tab} tab @param {string} name */
const shows = (tab, name) => tab.page.getByRole("button", { name, exact: true }).waitFor();

/** Options of a sign-in that asks nobody. @param {import("../e2e/lib/world.mjs").World} world */
function signsIn(world) {
  const { email, password } = world.user;
  const signin = world.server.options().flows.signin;
  return { flows: { signin: { ...signin, form: { ...signin.form, username: email, password } } } };
}

/** A tab with the elements, and a sign-in that needs nothing typed. @param {import("../e2e/lib/world.mjs").World} world @param {object} [how] */
async function openTab(world, how = {}) {
  const tab = await world.openTab({ options: signsIn(world), ...how });
  await tab.evaluate(`import("/pkg/dist/doorkey.ui.mjs").then((ui) => { globalThis.ui = ui; })`);
  return tab;
}

/** Adds a button. @param {import("../e2e/lib/tab.mjs").Tab} tab @param {string} [html] */
const addButton = (tab, html = "<doorkey-button></doorkey-button>") =>
  tab.evaluate((text) => {
    document.body.insertAdjacentHTML("beforeend", text);
    for (const button of document.querySelectorAll("doorkey-button")) if (!button.hasAttribute("auth")) button.auth = globalThis.auth;
  }, html);

scenario("R15: the sign-in button signs in, and then out", async (world) => {
  const tab = await openTab(world);
  await addButton(tab);
  await shows(tab, "Sign in");
  await tab.page.click("doorkey-button");
  await shows(tab, "Sign out");
  assert.equal((await tab.status()).signedIn, true);
  assert.equal(await tab.page.locator("doorkey-button").getAttribute("signed-in"), "");
  await tab.page.click("doorkey-button");
  await shows(tab, "Sign in");
  assert.equal((await tab.status()).signedIn, false);
  assert.equal(await tab.page.locator("doorkey-button").getAttribute("signed-in"), null);
});

scenario("R15: the button follows what happens elsewhere: calls, other tabs, a reload, the session's end on the server", async (world) => {
  const [tab, other] = [await openTab(world), await openTab(world)];
  for (const each of [tab, other]) await addButton(each);
  await tab.ok("signin");
  for (const each of [tab, other]) await shows(each, "Sign out");
  await other.page.click("doorkey-button");
  for (const each of [tab, other]) await shows(each, "Sign in");
  await tab.page.click("doorkey-button");
  for (const each of [tab, other]) await shows(each, "Sign out");

  await other.reload();
  await other.evaluate(`import("/pkg/dist/doorkey.ui.mjs").then(() => undefined)`);
  await addButton(other);
  await shows(other, "Sign out");

  await world.server.revokeAll();
  await tab.call("refreshAccessToken", { force: true });
  for (const each of [tab, other]) await shows(each, "Sign in");
});

scenario("R15: busy while it runs, and clicked twice it asks once", async (world) => {
  const tab = await openTab(world);
  await addButton(tab);
  await world.server.fail({ path: "/token", mode: "hold", times: 1 });
  await tab.page.focus("doorkey-button");
  await tab.page.keyboard.press("Enter");
  const busy = tab.page.getByRole("button", { name: "Please wait…" });
  await busy.waitFor();
  assert.equal(await busy.isDisabled(), true);
  assert.equal(await busy.getAttribute("aria-busy"), "true");
  await tab.page.keyboard.press("Enter");
  await world.untilHeld();
  await world.server.release();
  await shows(tab, "Sign out");
  assert.equal((await world.requests("/token")).length, 1);
});

scenario("R15: what went wrong stands beneath the button, until the next try", async (world) => {
  const tab = await openTab(world);
  await addButton(tab);
  await world.server.fail({
    path: "/token",
    status: 400,
    body: { error: "invalid_grant", error_description: "Wrong email or password." },
    times: 1,
  });
  await tab.page.click("doorkey-button");
  await tab.page.getByRole("alert").getByText("Wrong email or password.").waitFor();
  await shows(tab, "Sign in");
  await tab.page.click("doorkey-button");
  await shows(tab, "Sign out");
  assert.equal(await tab.page.getByRole("alert").textContent(), "");
});

scenario("what went wrong is over once another tab has signed in", async (world) => {
  const tab = await openTab(world);
  await addButton(tab);
  await world.server.fail({ path: "/token", status: 400, body: { message: "Wrong password." }, times: 1 });
  await tab.page.click("doorkey-button");
  await tab.page.getByRole("alert").getByText("Wrong password.").waitFor();
  await (await openTab(world)).ok("signin");
  await shows(tab, "Sign out");
  assert.equal(await tab.page.getByRole("alert").textContent(), "");
});

scenario("the words are attributes, and slots take more than words", async (world) => {
  const tab = await openTab(world);
  await addButton(tab, `<doorkey-button text-signin="Log in" text-signout="Log out" label="Shop"></doorkey-button>`);
  await shows(tab, "Log in Shop");
  await tab.page.click("doorkey-button");
  await shows(tab, "Log out Shop");
  await tab.evaluate(() => document.querySelector("doorkey-button").setAttribute("text-signout", "Bye"));
  await shows(tab, "Bye Shop");
  await addButton(tab, `<doorkey-button id="own"><b slot="signin">Enter</b><b slot="signout">Leave</b></doorkey-button>`);
  await shows(tab, "Leave");
});

scenario("signin-only: no way out", async (world) => {
  const tab = await openTab(world);
  await addButton(tab, `<doorkey-button signin-only></doorkey-button>`);
  await tab.page.click("doorkey-button");
  await shows(tab, "Signed in");
  await tab.page.getByRole("button", { name: "Signed in" }).click({ force: true });
  assert.equal((await tab.status()).signedIn, true);
});

scenario("the attribute auth names a global, and one that comes later is found", async (world) => {
  const tab = await openTab(world);
  await addButton(tab, `<doorkey-button auth="later"></doorkey-button>`);
  await shows(tab, "Sign in");
  await tab.page.click("doorkey-button");
  await tab.page.getByRole("alert").getByText("There is no session").waitFor();
  await tab.ok("signin");
  await tab.evaluate(() => (globalThis.later = globalThis.kit.auth) && undefined);
  await shows(tab, "Sign out");
});

scenario("the attribute auth calls nothing of a foreign object, however it is named", async (world) => {
  const tab = await openTab(world);
  await tab.evaluate(() => {
    const told = (globalThis.told = []);
    const call = (name) => (told.push(name), { signedIn: false });
    const foreign = () => Object.fromEntries(["signin", "logout", "status", "on", "auth"].map((name) => [name, () => call(name)]));
    Object.assign(globalThis, { sdk: foreign(), Doorkey: foreign(), trap: new Proxy({}, { get: () => told.nothing.here }) });
  });
  for (const name of ["sdk", "Doorkey", "document", "location", "nothing", "__proto__", "trap"]) {
    await addButton(tab, `<doorkey-button id="${name}-button" auth="${name}"></doorkey-button>`);
    await tab.page.click(`#${name}-button`);
    await tab.page.locator(`#${name}-button`).getByRole("alert").getByText("There is no session").waitFor();
  }
  await addButton(tab, `<form id="clobbered"><input name="signin"></form><doorkey-button id="last" auth="clobbered"></doorkey-button>`);
  await tab.page.click("#last");
  await tab.page.locator("#last").getByRole("alert").getByText("There is no session").waitFor();
  assert.deepEqual(await tab.evaluate(() => globalThis.told), []);
});

scenario("a session that a script gives need not be doorkey's own object", async (world) => {
  const tab = await openTab(world);
  await addButton(tab);
  await tab.evaluate(() => {
    const { signin, logout, status, on } = globalThis.auth;
    document.querySelector("doorkey-button").auth = { signin: () => signin(), logout: () => logout(), status, on };
  });
  await tab.page.click("doorkey-button");
  await shows(tab, "Sign out");
});

scenario("a sign-in that another one supersedes shows no alert", async (world) => {
  const tab = await openTab(world);
  await addButton(tab);
  await world.server.fail({ path: "/token", mode: "hold", times: 1 });
  await tab.page.click("doorkey-button");
  await tab.page.getByRole("button", { name: "Please wait…" }).waitFor();
  await world.untilHeld();
  const { email, password } = world.user;
  await tab.evaluate(([email, password]) => void globalThis.auth.signin(email, password), [email, password]);
  await tab.event("signedIn");
  await world.server.release();
  await shows(tab, "Sign out");
  assert.equal(await tab.page.getByRole("alert").textContent(), "");
});

scenario("a double click on the button signs in once, and shows no alert", async (world) => {
  const tab = await openTab(world);
  await addButton(tab);
  await world.server.fail({ path: "/token", mode: "hold", times: 1 });
  await tab.page.dblclick("doorkey-button");
  await world.untilHeld();
  await world.server.release();
  await shows(tab, "Sign out");
  assert.equal(await tab.page.getByRole("alert").textContent(), "");
  assert.equal((await world.requests("/token")).length, 1);
});

scenario("the module itself is the default session, also when it is configured later", async (world) => {
  const tab = await openTab(world);
  await addButton(tab, `<doorkey-button auth="Doorkey"></doorkey-button>`);
  await tab.evaluate(() => (globalThis.Doorkey = globalThis.kit.doorkey) && undefined);
  await shows(tab, "Sign in");
  await tab.evaluate(
    (options) => void globalThis.kit.doorkey.configure({ ...options, host: globalThis.kit.recordingHost }),
    tab.start.options,
  );
  await tab.page.click("doorkey-button");
  await shows(tab, "Sign out");
  await tab.evaluate(() => globalThis.kit.doorkey.logout().then(() => undefined));
  await shows(tab, "Sign in");
});

scenario("a session in a storage that takes its time is seen after a reload", async (world) => {
  const tab = await openTab(world, { options: { ...signsIn(world), storage: "vault" } });
  await tab.ok("signin");
  await tab.page.reload();
  await tab.evaluate(`import("/pkg/dist/doorkey.ui.mjs").then(() => {})`);
  await tab.startAuth();
  await addButton(tab);
  await shows(tab, "Sign out");
});

scenario("a button that was taken away hears of nothing, and put back it looks again", async (world) => {
  const tab = await openTab(world);
  await addButton(tab);
  await tab.evaluate(() => {
    globalThis.button = document.querySelector("doorkey-button");
    globalThis.button.remove();
  });
  await tab.ok("signin");
  assert.equal(await tab.evaluate(() => globalThis.button.hasAttribute("signed-in")), false);
  await tab.evaluate(() => document.body.append(globalThis.button));
  await shows(tab, "Sign out");
});

scenario("a property that was set before the element was known is kept", async (world) => {
  const tab = await world.signedIn();
  await tab.evaluate(() => {
    const button = document.createElement("doorkey-button");
    button.auth = globalThis.auth;
    document.body.append(button);
  });
  await tab.evaluate(`import("/pkg/dist/doorkey.ui.mjs").then(() => undefined)`);
  await shows(tab, "Sign out");
});
