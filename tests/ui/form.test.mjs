// @ts-check
// <doorkey-form>: one dialog, from the first ask to the end.
import assert from "node:assert/strict";
import { suite } from "./kit.mjs";

const scenario = suite();
const REFUSED = { error: "Wrong email or password." };

/** Answers the default form by keyboard alone. @param {import("./kit.mjs").Kit} kit */
async function fillIn({ page }, email = "ada@example.com", password = "not-her-password") {
  await page.keyboard.type(email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
}

/** How many dialogs are seen. @param {import("./kit.mjs").Kit} kit */
const seen = ({ page }) => page.locator("dialog[open]").count();

scenario("the keyboard alone is enough, and Tab stays within the form", async (kit) => {
  await kit.ask({});
  assert.equal(await kit.focused(), "email");
  const order = [];
  for (let presses = 0; presses < 4; presses++) {
    await kit.page.keyboard.press("Tab");
    order.push(await kit.focused());
  }
  assert.deepEqual(order, ["password", "Show", "Cancel", "Sign in"]);
  for (let presses = 0; presses < 4; presses++) {
    await kit.page.keyboard.press("Tab");
    assert.notEqual(await kit.focused(), "opener", "what is behind the dialog can't be reached");
  }
  await kit.page.locator("[name=email]").focus();
  await fillIn(kit);
  assert.deepEqual(await kit.answer(), { email: "ada@example.com", password: "not-her-password" });
});

for (const [what, act] of /** @type {[string, (kit: import("./kit.mjs").Kit) => Promise<void>][]} */ ([
  ["Escape", ({ page }) => page.keyboard.press("Escape")],
  ["the button", ({ page }) => page.getByRole("button", { name: "Cancel" }).click()],
  ["taking the element away", ({ page }) => page.evaluate(() => document.querySelector("doorkey-form")?.remove())],
])) {
  scenario(`cancelled by ${what}: null, and the focus is where it was`, async (kit) => {
    await kit.page.focus("#opener");
    await kit.ask({});
    await kit.page.keyboard.type("ada@example.com");
    await act(kit);
    assert.equal(await kit.answer(), null);
    assert.equal(await seen(kit), 0);
    if (what !== "taking the element away") assert.equal(await kit.focused(), "opener");
    assert.equal(await kit.page.locator("doorkey-form").count(), 0, "what was made for it is gone");
  });
}

scenario("Escape works as often as it is pressed", async (kit) => {
  for (let at = 0; at < 4; at++) {
    await kit.ask({});
    await kit.page.keyboard.press("Escape");
    assert.equal(await kit.answer(at), null);
  }
});

scenario("once sent the form stays, busy, and is not sent twice", async (kit) => {
  await kit.page.focus("#opener");
  await kit.ask({});
  await fillIn(kit);
  await kit.answer();
  const submit = kit.page.getByRole("button", { name: "Please wait…" });
  assert.equal(await kit.page.locator("form").getAttribute("aria-busy"), "true");
  assert.equal(await submit.getAttribute("aria-disabled"), "true");
  assert.equal(await submit.isDisabled(), true);
  assert.equal(await kit.page.getByRole("status").textContent(), "Please wait…");
  assert.equal(await kit.focused(), "password", "nobody loses the place");
  await kit.page.keyboard.type("more");
  await kit.page.keyboard.press("Enter");
  await submit.click({ force: true });
  assert.equal(await kit.page.locator("[name=password]").inputValue(), "not-her-password");
  await kit.done();
  assert.equal(await seen(kit), 0);
  assert.equal(await kit.focused(), "opener");
});

scenario("asked again: what was wrong is shown, what was typed stays, but for secrets", async (kit) => {
  await kit.ask({});
  await fillIn(kit);
  await kit.answer();
  const again = await kit.ask(REFUSED);
  assert.equal(await seen(kit), 1);
  assert.equal(await kit.page.getByRole("alert").textContent(), REFUSED.error);
  assert.equal(await kit.page.locator("[name=email]").inputValue(), "ada@example.com");
  assert.equal(await kit.page.locator("[name=password]").inputValue(), "");
  assert.equal(await kit.focused(), "password");
  assert.equal(await kit.page.locator("form").getAttribute("aria-busy"), null);
  await kit.page.keyboard.type("right");
  await kit.page.keyboard.press("Enter");
  assert.deepEqual(await kit.answer(again), { email: "ada@example.com", password: "right" });
  await kit.done();
  assert.equal(await seen(kit), 0);
});

scenario("errors of fields land on their fields, and the first of them has the focus", async (kit) => {
  const fields = [
    { name: "tenant", value: "acme" },
    { name: "email", type: "email", value: "ada@example.com", error: "There is no such user." },
    { name: "password", type: "password", error: "Too short." },
  ];
  await kit.ask({ error: "Please try again.", fields });
  assert.equal(await kit.focused(), "email");
  assert.equal(await kit.page.getByRole("alert").textContent(), "Please try again.");
  for (const [at, { name, error }] of fields.entries()) {
    const control = kit.page.locator(`[name=${name}]`);
    assert.equal(await control.getAttribute("aria-invalid"), error ? "true" : null);
    assert.equal(await control.getAttribute("aria-describedby"), error ? `field-${at}-error` : null);
    assert.equal(await kit.page.locator(`#field-${at}-error`).textContent(), error ?? "");
  }
});

scenario("without an error the next ask is the next step: its own fields in the same dialog", async (kit) => {
  await kit.ask({});
  await fillIn(kit);
  await kit.answer();
  const next = await kit.ask({
    title: "Your code",
    fields: [
      { name: "code", type: "one-time-code" },
      { name: "email", value: "" },
    ],
  });
  await kit.page.getByRole("dialog", { name: "Your code" }).waitFor();
  assert.equal(await seen(kit), 1);
  assert.equal(await kit.page.locator("[name=email]").inputValue(), "");
  await kit.page.locator("[name=code]").fill("123456");
  await kit.page.keyboard.press("Enter");
  assert.deepEqual(await kit.answer(next), { code: "123456", email: "" });
});

scenario("cancelled while it is busy: the next ask of this owner is cancelled too, until it is done", async (kit) => {
  await kit.ask({}, "shop");
  await fillIn(kit);
  await kit.answer();
  await kit.page.keyboard.press("Escape");
  assert.equal(await seen(kit), 0);
  assert.equal(await kit.answer(await kit.ask(REFUSED, "shop")), null);
  assert.equal(await seen(kit), 0);

  const later = await kit.ask({}, "shop");
  await fillIn(kit);
  await kit.answer(later);
  await kit.page.keyboard.press("Escape");
  await kit.done("shop");
  await kit.ask({}, "shop");
  assert.equal(await seen(kit), 1, "a new sign-in asks");
});

scenario("two who ask at once: one dialog after the other", async (kit) => {
  const [first, second] = [await kit.ask({ title: "Shop" }, "shop"), await kit.ask({ title: "Stock" }, "stock")];
  assert.equal(await seen(kit), 1);
  await kit.page.getByRole("dialog", { name: "Shop" }).waitFor();
  await fillIn(kit);
  await kit.answer(first);
  assert.equal(await kit.page.getByRole("dialog", { name: "Shop" }).count(), 1, "the first goes on until it is done");
  await kit.ask({ ...REFUSED, title: "Shop" }, "shop");
  assert.equal(await kit.page.getByRole("alert").textContent(), REFUSED.error, "its owner goes before those that wait");
  await kit.done("shop");
  await kit.page.getByRole("dialog", { name: "Stock" }).waitFor();
  assert.equal(await seen(kit), 1);
  assert.equal(await kit.page.locator("[name=email]").inputValue(), "", "nothing of the first is seen in the second");
  assert.equal(await kit.isSettled(second), false);
  await kit.page.keyboard.press("Escape");
  assert.equal(await kit.answer(second), null);
});

scenario("two asks without an owner: the second waits for done", async (kit) => {
  const [first, second] = [await kit.ask({ title: "First" }), await kit.ask({ title: "Second" })];
  await fillIn(kit);
  await kit.answer(first);
  await kit.page.getByRole("dialog", { name: "First" }).waitFor();
  await kit.done();
  await kit.page.getByRole("dialog", { name: "Second" }).waitFor();
  await kit.page.keyboard.press("Escape");
  assert.equal(await kit.answer(second), null);
});

scenario("a form that can't be shown rejects, and does not stand in the way of the next", async (kit) => {
  const shown = await kit.ask({ title: "Shop" }, "shop");
  await kit.page.evaluate(() => {
    const bad = /** @type {any} */ ({ fields: [null] });
    const { DoorkeyForm } = /** @type {any} */ (globalThis).ui;
    Object.assign(globalThis, { failed: DoorkeyForm.ask(bad, "bad").catch((/** @type {any} */ error) => error.name) });
  });
  const next = await kit.ask({ title: "Stock" }, "stock");
  await kit.page.keyboard.press("Escape");
  assert.equal(await kit.answer(shown), null);
  assert.equal(await kit.page.evaluate("failed"), "TypeError");
  await kit.page.getByRole("dialog", { name: "Stock" }).waitFor();
  assert.equal(await seen(kit), 1);
  assert.equal(await kit.isSettled(next), false);
});

scenario("done before the answer: null, whether it is shown or waits", async (kit) => {
  const [shown, waits] = [await kit.ask({ title: "Shop" }, "shop"), await kit.ask({ title: "Stock" }, "stock")];
  await kit.done("stock");
  assert.equal(await kit.answer(waits), null);
  assert.equal(await kit.isSettled(shown), false);
  await kit.done("nobody");
  assert.equal(await seen(kit), 1);
  await kit.done("shop");
  assert.equal(await kit.answer(shown), null);
  assert.equal(await seen(kit), 0);
});

scenario("a password is in no attribute, and nothing typed is left once the form is closed", async (kit) => {
  const secret = "analytical-engine-1843";
  await kit.page.evaluate(() => document.body.append(document.createElement("doorkey-form")));
  await kit.ask({
    fields: [
      { name: "email", type: "email" },
      { name: "password", type: "password" },
      { name: "code", type: "one-time-code" },
    ],
  });
  await kit.page.evaluate(() => {
    const root = document.querySelector("doorkey-form")?.shadowRoot;
    Object.assign(globalThis, { held: [...(root?.querySelectorAll("input") ?? [])] });
  });
  const html = () => kit.page.evaluate(() => document.querySelector("doorkey-form")?.shadowRoot?.innerHTML ?? "");
  await fillIn(kit, "ada@example.com", secret);
  await kit.answer();
  assert.match(await html(), /name="password"/);
  assert.equal((await html()).includes(secret), false);
  await kit.done();
  assert.doesNotMatch(await html(), /<input/);
  assert.deepEqual(await kit.page.evaluate(() => /** @type {any} */ (globalThis).held.map((/** @type {any} */ input) => input.value)), [
    "",
    "",
    "",
  ]);
});

scenario(
  "a page's own element is used, with its words and slots",
  async (kit) => {
    await kit.ask({});
    await kit.page.getByRole("button", { name: "Log in" }).waitFor();
    await kit.page.getByRole("button", { name: "Not now" }).waitFor();
    await kit.page.getByRole("dialog", { name: "Welcome" }).waitFor();
    assert.equal(await kit.page.getByText("Forgotten?").isVisible(), true);
    await fillIn(kit);
    await kit.page.getByRole("button", { name: "A moment" }).waitFor();
    await kit.done();
    assert.equal(await kit.page.locator("doorkey-form").count(), 1, "it stays in the page");
  },
  {
    body: `<doorkey-form text-title="Welcome" text-submit="Log in" text-cancel="Not now" text-busy="A moment"><a slot="footer" href="#x">Forgotten?</a></doorkey-form>`,
  },
);

scenario("a dialog of the page stays open beneath", async (kit) => {
  await kit.page.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", `<dialog id="own"><button id="inner">In the page's dialog</button></dialog>`);
    /** @type {HTMLDialogElement} */ (document.querySelector("#own")).showModal();
  });
  await kit.ask({});
  assert.equal(await kit.focused(), "email");
  await kit.page.keyboard.press("Escape");
  assert.equal(await kit.answer(), null);
  assert.equal(await kit.focused(), "inner");
  assert.equal(await kit.page.locator("#own").isVisible(), true);
});

/** A page's own element in a part of it, with words by which it is known. */
const own = (/** @type {string} */ before, /** @type {string} */ after = "", attributes = "") =>
  `${before}<doorkey-form text-title="Own" ${attributes}></doorkey-form>${after}`;

for (const [what, body] of [
  ["hidden itself", own("", "", "hidden")],
  ["in a part without display", own(`<section style="display: none"><div>`, "</div></section>")],
  ["in a dialog of the page that is closed", own("<dialog>", "</dialog>")],
  ["in details that are closed", own("<details><summary>More</summary>", "</details>")],
  ["in no slot of what it stands in", own(`<div><template shadowrootmode="open"></template>`, "</div>")],
]) {
  scenario(
    `a page's element that can't be seen is left alone: ${what}`,
    async (kit) => {
      await kit.page.focus("#opener");
      await kit.ask({});
      await kit.page.getByRole("dialog", { name: "Sign in" }).waitFor();
      assert.equal(await kit.focused(), "email");
      await kit.page.keyboard.press("Escape");
      assert.equal(await kit.answer(), null);
      assert.equal(await seen(kit), 0);
      assert.equal(await kit.focused(), "opener");
      assert.equal(await kit.page.locator("doorkey-form").count(), 1, "the page's own");
    },
    { body },
  );
}

for (const [what, body] of [
  ["without a box, as all that it stands in", own(`<div style="display: contents">`, "</div>", `style="display: contents"`)],
  ["without a size", own(`<div style="width: 0; height: 0; overflow: hidden">`, "</div>")],
  ["not visible, in a part that isn't", own(`<div style="visibility: hidden; opacity: 0">`, "</div>")],
  ["the second, behind one that can't be seen", own("<doorkey-form hidden></doorkey-form>")],
]) {
  scenario(
    `a page's element is used whatever its own look: ${what}`,
    async (kit) => {
      await kit.ask({});
      await kit.page.getByRole("dialog", { name: "Own" }).waitFor();
      assert.equal(await kit.focused(), "email");
      await kit.page.keyboard.press("Escape");
      assert.equal(await kit.answer(), null);
    },
    { body },
  );
}
