// @ts-check
// What the elements look like: themes, small and mirrored pages, other people's styles; and what axe says in each state.
import assert from "node:assert/strict";
import { suite } from "./kit.mjs";

const scenario = suite();

const FIELDS = [
  { name: "email", label: "Email", type: "email", required: true, help: "The address that you signed up with." },
  { name: "password", label: "Password", type: "password", required: true },
  { name: "seats", label: "Seats", type: "number", value: 3 },
  { name: "region", label: "Region", type: "select", required: true, options: ["eu", { value: "us", label: "United States" }] },
  { name: "code", label: "Code", type: "one-time-code" },
  { name: "keep", label: "Keep me signed in", type: "checkbox" },
];

/** @param {import("./kit.mjs").Kit} kit @param {string} selector @param {string} property */
const style = ({ page }, selector, property) =>
  page
    .locator(selector)
    .first()
    .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  scenario(
    `axe finds nothing in any state, ${colorScheme}`,
    async (kit) => {
      const isDark = (await style(kit, "html", "background-color")) === "rgb(17, 17, 17)";
      assert.equal(isDark, colorScheme === "dark", "the fixture follows the scheme");
      await kit.ask({ title: "Every field", fields: FIELDS });
      await kit.assertAccessible("a new form");
      await kit.page.locator("[name=seats]").press("Enter");
      await kit.assertAccessible("a form with errors");
      await kit.page.fill("[name=email]", "ada@example.com");
      await kit.page.fill("[name=password]", "secret");
      await kit.page.locator("[name=region]").selectOption("1");
      await kit.page.locator("[name=email]").press("Enter");
      await kit.answer();
      await kit.assertAccessible("a busy form");
      await kit.ask({ error: "Wrong email or password.", fields: FIELDS });
      await kit.assertAccessible("a form that was refused");
      await kit.done();
      await kit.page.evaluate(() => {
        const make = (/** @type {object} */ auth) => {
          const button = document.createElement("doorkey-button");
          document.querySelector("main")?.append(button);
          Object.assign(button, { auth: { on: () => () => {}, ...auth } });
          return button.shadowRoot?.querySelector("button");
        };
        make({ status: () => ({ signedIn: false }) });
        make({ status: () => ({ signedIn: true }) });
        make({ status: () => ({ signedIn: true }), logout: () => new Promise(() => {}) })?.click();
        make({ status: () => ({ signedIn: false }), signin: () => Promise.reject(new Error("The server could not be reached.")) })?.click();
      });
      await kit.page.getByText("The server could not be reached.").waitFor();
      await kit.assertAccessible("buttons");
      await kit.page.evaluate(() => {
        const auth = { check: async () => false, status: () => ({ signedIn: false }), on: () => () => {} };
        /** @type {any} */ (globalThis).ui.signinPrompt([
          { auth, label: "Shop" },
          { auth, label: "Stock" },
        ]);
      });
      await kit.page.getByRole("button", { name: "Sign in Stock" }).waitFor();
      await kit.assertAccessible("the prompt");
    },
    {
      context: { colorScheme },
      head: "<style>:root { color-scheme: light dark; background: light-dark(#fff, #111); color: light-dark(#000, #fff) }</style>",
    },
  );
}

for (const [scheme, expected] of [
  ["normal", "rgb(255, 255, 255)"],
  ["dark", "rgb(23, 31, 27)"],
  ["light", "rgb(255, 255, 255)"],
]) {
  scenario(
    `the page's color-scheme decides, not the device's: ${scheme}`,
    async (kit) => {
      await kit.ask({});
      assert.equal(await style(kit, "dialog", "background-color"), expected);
    },
    { head: `<style>:root { color-scheme: ${scheme} }</style>`, context: { colorScheme: scheme === "dark" ? "light" : "dark" } },
  );
}

scenario(
  "each CSS variable does what it says",
  async (kit) => {
    await kit.ask({ error: "Wrong.", fields: FIELDS });
    for (const [selector, property, value] of [
      ["dialog", "background-color", "rgb(1, 1, 1)"],
      [".box", "color", "rgb(2, 2, 2)"],
      ["button.main", "background-color", "rgb(3, 3, 3)"],
      ["button.main", "color", "rgb(4, 4, 4)"],
      [".help", "color", "rgb(5, 5, 5)"],
      ["[name=email]", "border-top-color", "rgb(6, 6, 6)"],
      [".alert", "color", "rgb(7, 7, 7)"],
      [".alert", "background-color", "rgb(8, 8, 8)"],
      ["[name=email]", "border-top-left-radius", "3px"],
      [".box", "font-family", "monospace"],
      [".box", "font-size", "20px"],
      ["dialog", "width", "333px"],
    ]) {
      assert.equal(await style(kit, selector, property), value, `${selector} ${property}`);
    }
    const backdrop = await kit.dialog.evaluate((dialog) => getComputedStyle(dialog, "::backdrop").backgroundColor);
    assert.equal(backdrop, "rgb(9, 9, 9)");
  },
  {
    head: `<style>doorkey-form {
      --doorkey-surface: rgb(1, 1, 1); --doorkey-ink: rgb(2, 2, 2); --doorkey-accent: rgb(3, 3, 3); --doorkey-accent-ink: rgb(4, 4, 4);
      --doorkey-muted: rgb(5, 5, 5); --doorkey-line: rgb(6, 6, 6); --doorkey-error: rgb(7, 7, 7); --doorkey-error-wash: rgb(8, 8, 8);
      --doorkey-backdrop: rgb(9, 9, 9); --doorkey-radius: 3px; --doorkey-font: monospace; --doorkey-font-size: 20px; --doorkey-width: 333px;
    }</style>`,
  },
);

scenario(
  "parts can be styled from the page",
  async (kit) => {
    await kit.ask({ error: "Wrong.", fields: FIELDS });
    const parts = await kit.page.evaluate(() => [
      ...new Set(
        [...(document.querySelector("doorkey-form")?.shadowRoot?.querySelectorAll("[part]") ?? [])].flatMap((element) => [...element.part]),
      ),
    ]);
    assert.deepEqual(parts.sort(), [
      "actions",
      "box",
      "button",
      "cancel",
      "dialog",
      "error",
      "field",
      "field-error",
      "fields",
      "form",
      "help",
      "input",
      "label",
      "submit",
      "title",
      "toggle",
    ]);
    assert.equal(await style(kit, "button.main", "text-transform"), "uppercase");
  },
  { head: "<style>doorkey-form::part(submit) { text-transform: uppercase }</style>" },
);

const HOSTILE = `<style>
  * { letter-spacing: 9px !important; text-transform: uppercase; font: italic 40px/3 cursive; color: red; visibility: visible; text-align: center; white-space: nowrap; cursor: wait; border: 9px solid lime; padding: 40px }
  html { font-size: 62.5% } body > * { opacity: .3; transform: rotate(9deg); filter: blur(3px); pointer-events: none }
  button { display: none } input, label, h2, p, form, dialog, .box, .field, .error { background: red; margin: 99px; display: none }
</style>`;

/** How each element of a form looks. @param {import("./kit.mjs").Kit} kit */
const looks = (kit) =>
  kit.page.evaluate(() => {
    const all = [...(document.querySelector("doorkey-form")?.shadowRoot?.querySelectorAll("dialog *") ?? [])];
    const names = [
      "display",
      "color",
      "background-color",
      "font",
      "letter-spacing",
      "text-transform",
      "text-align",
      "white-space",
      "cursor",
      "border",
      "padding",
      "margin",
      "width",
      "height",
      "visibility",
      "pointer-events",
    ];
    return all
      .filter((element) => element.localName !== "slot")
      .map((element) => [element.localName, ...names.map((name) => getComputedStyle(element).getPropertyValue(name))].join("|"));
  });

/** @type {string[]} */
let untouched;
scenario("no style of the page comes in: on a plain page", async (kit) => {
  await kit.ask({ error: "Wrong.", fields: FIELDS });
  untouched = await looks(kit);
  assert.ok(untouched.length > 30);
});

scenario(
  "no style of the page comes in: on a page that styles everything it looks the same",
  async (kit) => {
    await kit.ask({ error: "Wrong.", fields: FIELDS });
    assert.deepEqual(await looks(kit), untouched);
    await kit.page.getByRole("button", { name: "Cancel" }).click();
    assert.equal(await kit.answer(), null, "and it can be used");
  },
  { head: HOSTILE },
);

scenario(
  "no style goes out to the page",
  async (kit) => {
    const page = () =>
      kit.page.evaluate(() =>
        [...document.querySelectorAll("main, main *")].map((element) => {
          const style = getComputedStyle(element);
          return [
            element.localName,
            ...[...style].filter((name) => !/^--/.test(name)).map((name) => `${name}:${style.getPropertyValue(name)}`),
          ].join("|");
        }),
      );
    const before = await page();
    assert.ok(before.length > 8);
    await kit.ask({ error: "Wrong.", fields: FIELDS });
    assert.deepEqual(await page(), before);
    assert.equal(await kit.page.evaluate(() => document.styleSheets.length + document.adoptedStyleSheets.length), 0);
  },
  {
    body: `<form class="box"><h2>Own</h2><p class="error">x</p><label class="field">A <input></label><select></select><button class="main">Go</button></form>`,
  },
);

scenario("a page that goes from right to left has a form that does", async (kit) => {
  await kit.page.evaluate(() => (document.documentElement.dir = "rtl"));
  await kit.ask({ fields: FIELDS });
  const x = async (/** @type {string} */ selector) => (await kit.page.locator(selector).first().boundingBox())?.x ?? 0;
  assert.ok((await x("[name=keep]")) > (await x("label[for=field-5]")), "the checkbox stands right of its label");
  assert.ok((await x(".line > button")) < (await x("[name=password]")), "the toggle stands left of the password");
  assert.equal(await style(kit, "h2", "direction"), "rtl");
});

for (const [width, height] of [
  [320, 568],
  [568, 320],
]) {
  scenario(
    `everything can be read and reached at ${width} × ${height}`,
    async (kit) => {
      const long = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen";
      await kit.ask({
        title: long,
        error: `The server says: ${long}`,
        fields: [{ ...FIELDS[0], help: long, error: long }, ...FIELDS.slice(1), { name: "long", label: long, type: "checkbox" }],
      });
      const sizes = await kit.dialog.evaluate((dialog) => {
        const { left, right, top, bottom } = dialog.getBoundingClientRect();
        const inner = [...dialog.querySelectorAll("*")].filter((element) => !element.classList.contains("quiet"));
        return {
          left,
          right,
          top,
          bottom,
          scroll: dialog.scrollWidth - dialog.clientWidth,
          overflow: inner.filter((element) => element.getBoundingClientRect().right > right + 1).map((element) => element.outerHTML),
        };
      });
      assert.ok(sizes.left >= 0 && sizes.right <= width && sizes.top >= 0 && sizes.bottom <= height, JSON.stringify(sizes));
      assert.equal(sizes.scroll, 0, "nothing has to be scrolled sideways");
      assert.deepEqual(sizes.overflow, []);
      const small = await kit.dialog.evaluate(
        (dialog) =>
          [...dialog.querySelectorAll("button, input:not([type=checkbox]), select")].filter(
            (element) => element.getBoundingClientRect().height < 44,
          ).length,
      );
      assert.equal(small, 0, "what is touched is 44 pixels high");
      await kit.page.getByRole("button", { name: "Cancel" }).click();
      assert.equal(await kit.answer(), null);
    },
    { context: { viewport: { width, height } } },
  );
}

for (const [reducedMotion, moves] of /** @type {const} */ ([
  ["reduce", "none"],
  ["no-preference", "appear"],
])) {
  scenario(
    `the dialog ${moves === "none" ? "stands still" : "may move"} with prefers-reduced-motion: ${reducedMotion}`,
    async (kit) => {
      await kit.ask({});
      assert.equal(await style(kit, "dialog", "animation-name"), moves);
    },
    { context: { reducedMotion } },
  );
}

scenario(
  "a Content-Security-Policy without 'unsafe-inline' leaves the look as it is",
  async (kit) => {
    await kit.ask({});
    assert.equal(await style(kit, "button.main", "background-color"), "rgb(13, 97, 70)");
  },
  { head: `<meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'self'; img-src data:; style-src 'none'">` },
);
