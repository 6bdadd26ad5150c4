// @ts-check
// Each type of field: what is seen, what a password manager and a screen reader are told, and what value comes out.
import assert from "node:assert/strict";
import { suite } from "./kit.mjs";

const scenario = suite();

/** @param {import("./kit.mjs").Kit} kit */
const submit = ({ page }) => page.keyboard.press("Enter");

/** The attributes of a control. @param {import("./kit.mjs").Kit} kit @param {string} name */
const attributes = ({ page }, name) =>
  page
    .locator(`[name=${name}]`)
    .evaluate((element) => Object.fromEntries([...element.attributes].map((attribute) => [attribute.name, attribute.value])));

scenario("without fields a form asks for email and password", async (kit) => {
  await kit.ask({});
  await kit.page.getByRole("dialog", { name: "Sign in" }).waitFor();
  await kit.page.getByLabel("Email").fill("ada@example.com");
  await kit.page.getByLabel("Password", { exact: false }).first().fill("secret");
  await submit(kit);
  assert.deepEqual(await kit.answer(), { email: "ada@example.com", password: "secret" });
});

scenario("email and password are what a password manager fills in", async (kit) => {
  await kit.ask({});
  const [email, password] = [await attributes(kit, "email"), await attributes(kit, "password")];
  assert.deepEqual([email.type, email.autocomplete, email.inputmode], ["email", "username", "email"]);
  assert.deepEqual([password.type, password.autocomplete], ["password", "current-password"]);
  assert.equal(await kit.page.locator("form [name=email]").count(), 1, "they stand in a real form");
});

scenario("a text field that names the user is the username, and a second address is an email", async (kit) => {
  await kit.ask({ fields: [{ name: "tenant" }, { name: "username" }, { name: "password", type: "password" }] });
  assert.deepEqual(
    [(await attributes(kit, "tenant")).autocomplete, (await attributes(kit, "username")).autocomplete],
    [undefined, "username"],
  );
  await kit.page.keyboard.press("Escape");
  await kit.ask({
    fields: [
      { name: "email", type: "email" },
      { name: "copy", type: "email" },
    ],
  });
  assert.deepEqual([(await attributes(kit, "email")).autocomplete, (await attributes(kit, "copy")).autocomplete], ["username", "email"]);
});

scenario("text keeps what was typed, blanks and all", async (kit) => {
  await kit.ask({ fields: [{ name: "tenant", label: "Organisation", type: "text", value: "acme" }] });
  await kit.page.getByLabel("Organisation").fill(" Acme & sons ");
  await submit(kit);
  assert.deepEqual(await kit.answer(), { tenant: " Acme & sons " });
});

scenario("number gives a number, and null when it is empty", async (kit) => {
  await kit.ask({
    fields: [
      { name: "seats", type: "number", value: 3 },
      { name: "rate", type: "number" },
      { name: "none", type: "number" },
    ],
  });
  assert.equal((await attributes(kit, "rate")).inputmode, "decimal");
  await kit.page.fill("[name=rate]", "2.5");
  await submit(kit);
  assert.deepEqual(await kit.answer(), { seats: 3, rate: 2.5, none: null });
});

scenario("select gives the option's own value, and null when nothing is chosen", async (kit) => {
  const options = ["eu", { value: 2, label: "United States" }];
  await kit.ask({
    fields: [
      { name: "region", type: "select", options },
      { name: "zone", type: "select", options, value: 2 },
      { name: "none", type: "select", options },
    ],
  });
  assert.deepEqual(await kit.page.locator("[name=region] option").allTextContents(), ["Choose…", "eu", "United States"]);
  await kit.page.locator("[name=region]").selectOption({ label: "eu" });
  await kit.page.locator("[name=zone]").focus();
  await kit.page.getByRole("button", { name: "Sign in" }).click();
  assert.deepEqual(await kit.answer(), { region: "eu", zone: 2, none: null });
});

scenario("checkbox gives true or false", async (kit) => {
  await kit.ask({
    fields: [
      { name: "keep", label: "Keep me signed in", type: "checkbox" },
      { name: "news", type: "checkbox", value: true },
      { name: "terms", type: "checkbox" },
    ],
  });
  await kit.page.getByLabel("Keep me signed in").check();
  await submit(kit);
  assert.deepEqual(await kit.answer(), { keep: true, news: true, terms: false });
});

scenario("hidden gives its value back as it was, and is not in the page", async (kit) => {
  await kit.ask({
    fields: [
      { name: "flow", type: "hidden", value: { id: "f-1" } },
      { name: "email", type: "email", value: "a@b.c" },
    ],
  });
  assert.equal(await kit.page.locator("[name=flow]").count(), 0);
  await submit(kit);
  assert.deepEqual(await kit.answer(), { flow: { id: "f-1" }, email: "a@b.c" });
});

scenario("a one-time code comes from the phone's keyboard or its messages, and loses its blanks", async (kit) => {
  await kit.ask({ fields: [{ name: "code", label: "Code", type: "one-time-code", required: true }] });
  const { type, inputmode, autocomplete } = await attributes(kit, "code");
  assert.deepEqual({ type, inputmode, autocomplete }, { type: "text", inputmode: "numeric", autocomplete: "one-time-code" });
  await kit.page.keyboard.type("123 456");
  await submit(kit);
  assert.deepEqual(await kit.answer(), { code: "123456" });
});

scenario("a label defaults to the name with a capital, and help belongs to its field", async (kit) => {
  await kit.ask({ fields: [{ name: "tenant", help: "As in your address." }] });
  await kit.page.getByLabel("Tenant").waitFor();
  const described = await kit.page.locator("[name=tenant]").evaluate((element) => {
    const root = /** @type {ShadowRoot} */ (element.getRootNode());
    return (element.getAttribute("aria-describedby") ?? "").split(" ").map((id) => root.getElementById(id)?.textContent);
  });
  assert.deepEqual(described, ["As in your address."]);
});

for (const [what, field, typed] of /** @type {const} */ ([
  ["required text", { name: "x", required: true }, ""],
  ["a required checkbox", { name: "x", type: "checkbox", required: true }, ""],
  ["a required select", { name: "x", type: "select", required: true, options: ["a"] }, ""],
  ["an address without @", { name: "x", type: "email" }, "ada"],
  ["a number that is none", { name: "x", type: "number" }, "1e"],
])) {
  scenario(`what is not valid is said at its field and not answered: ${what}`, async (kit) => {
    await kit.ask({ fields: [{ name: "first", value: "filled" }, field] });
    await kit.page.locator("[name=x]").focus();
    if (typed) await kit.page.keyboard.type(typed);
    await kit.page.locator("[name=first]").focus();
    await submit(kit);
    const control = kit.page.locator("[name=x]");
    assert.equal(await control.getAttribute("aria-invalid"), "true");
    assert.equal(await kit.focused(), "x");
    const message = await kit.page.locator("#field-1-error").textContent();
    assert.ok(message && message.length > 5, `the browser's own words: ${message}`);
    assert.match((await control.getAttribute("aria-describedby")) ?? "", /field-1-error/);
    assert.equal(await kit.page.getByRole("alert").textContent(), "Please correct what is marked.");
    assert.equal(await kit.isSettled(), false);
  });
}

scenario("an error goes when its field is corrected, and then the form is answered", async (kit) => {
  await kit.ask({ fields: [{ name: "email", type: "email", required: true }] });
  await submit(kit);
  await kit.page.keyboard.type("ada@example.com");
  assert.equal(await kit.page.locator("[name=email]").getAttribute("aria-invalid"), null);
  await submit(kit);
  assert.deepEqual(await kit.answer(), { email: "ada@example.com" });
  assert.equal(await kit.page.getByRole("alert").textContent(), "");
});

scenario("a password can be looked at, and is covered again when the form is sent", async (kit) => {
  await kit.ask({});
  await kit.page.fill("[name=email]", "a@b.c");
  await kit.page.fill("[name=password]", "secret");
  await kit.page.getByRole("button", { name: "Show: Password" }).click();
  assert.equal((await attributes(kit, "password")).type, "text");
  await kit.page.getByRole("button", { name: "Hide: Password" }).waitFor();
  await kit.page.locator("[name=password]").press("Enter");
  await kit.answer();
  assert.equal((await attributes(kit, "password")).type, "password");
});
