// @ts-check
// Forms as pages have them: react-hook-form and formik hand `auth.signin` more than the values, and browsers give FormData.
import assert from "node:assert/strict";
import { before } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { suite } from "../e2e/lib/suite.mjs";

const scenario = suite();

/** Each makes a form with the fields email, password and roles, whose submit is `onSubmit`, as the library's guide writes it. */
const APP = `
  import { createElement as h } from "react";
  import { createRoot } from "react-dom/client";
  import { useForm } from "react-hook-form";
  import { Formik, Form, Field } from "formik";

  const roles = ["reader", "writer", "admin"].map((role) => h("option", { key: role, value: role }, role));
  const button = h("button", { type: "submit" }, "Sign in");
  const forms = {
    plain: ({ onSubmit }) =>
      h("form", { onSubmit }, h("input", { name: "email" }), h("input", { name: "password", type: "password" }),
        h("select", { name: "roles", multiple: true }, roles), button),
    hook: ({ onSubmit }) => {
      const { register, handleSubmit } = useForm();
      return h("form", { onSubmit: handleSubmit(onSubmit) }, h("input", register("email")),
        h("input", { type: "password", ...register("password") }), h("select", { multiple: true, ...register("roles") }, roles), button);
    },
    formik: ({ onSubmit }) =>
      h(Formik, { initialValues: { email: "", password: "", roles: [] }, onSubmit }, h(Form, null, h(Field, { name: "email" }),
        h(Field, { name: "password", type: "password" }), h(Field, { name: "roles", as: "select", multiple: true }, roles), button)),
  };
  globalThis.show = (name, onSubmit) => {
    const root = document.body.appendChild(document.createElement("div"));
    createRoot(root).render(h(forms[name], { onSubmit }));
  };`;

let script = "";
before(async () => {
  const { outputFiles } = await build({
    stdin: { contents: APP, resolveDir: fileURLToPath(new URL(".", import.meta.url)), loader: "js" },
    bundle: true,
    write: false,
    format: "iife",
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  script = outputFiles[0].text;
});

/** A tab with the library's form, whose submit is `auth.signin` itself. @param {import("../e2e/lib/world.mjs").World} world @param {string} name @param {object} [options] */
async function openForm(world, name, options) {
  const tab = await world.openTab({ options });
  await tab.page.addScriptTag({ content: script });
  await tab.evaluate((form) => globalThis.show(form, globalThis.auth.signin), name);
  await tab.page.locator("input[name=email]").waitFor();
  return tab;
}

/** @param {import("../e2e/lib/tab.mjs").Tab} tab @param {{ email: string, password: string }} user */
async function fill(tab, { email, password }) {
  await tab.page.fill("input[name=email]", email);
  await tab.page.fill("input[name=password]", password);
}

for (const [name, what] of [
  ["plain", "a React form, onSubmit={auth.signin}"],
  ["hook", "react-hook-form, onSubmit={handleSubmit(auth.signin)}"],
  ["formik", "formik, onSubmit={auth.signin}"],
]) {
  scenario(`${what}: signs in with what was typed`, async (world) => {
    const tab = await openForm(world, name);
    await fill(tab, world.user);
    await tab.page.getByRole("button", { name: "Sign in" }).click();
    await tab.event("signedIn");
    assert.equal((await tab.status()).signedIn, true);
    assert.equal(tab.page.url(), `${world.site.origin}/app.html`, "the browser has not sent the form itself");
  });

  scenario(`${what}: a multi-select gives a list`, async (world) => {
    // What the sign-in got is kept as a value, so that it can be looked at.
    const tab = await openForm(world, name, {
      flows: {
        signin: [{ define: { chosen: "{{ inputs.roles }}", accessToken: "a", who: "{{ inputs.email }}" } }],
      },
    });
    await fill(tab, world.user);
    await tab.page.selectOption("select[name=roles]", ["reader", "admin"]);
    await tab.page.getByRole("button", { name: "Sign in" }).click();
    await tab.event("signedIn");
    const steps = await tab.evaluate(() => globalThis.auth.trace());
    const { scope } = steps.find((/** @type {any} */ { kind }) => kind === "define");
    assert.deepEqual([scope.chosen, scope.who], [["reader", "admin"], world.user.email]);
  });
}

scenario("FormData, URLSearchParams and Map are read as inputs, and a name that comes more than once gives a list", async (world) => {
  const tab = await world.openTab({ options: { flows: { signin: [{ define: { accessToken: "a", given: "{{ inputs }}" } }] } } });
  const seen = await tab.evaluate(async () => {
    const pairs = [
      ["email", "a@b.c"],
      ["roles", "reader"],
      ["roles", "admin"],
      ["__proto__", "x"],
    ];
    const data = new FormData();
    for (const [key, value] of pairs) data.append(key, value);
    const all = [];
    for (const given of [
      data,
      new URLSearchParams(pairs),
      new Map([
        ["email", "a@b.c"],
        ["n", 1],
      ]),
    ]) {
      await globalThis.auth.signin(given);
      all.push(globalThis.auth.trace().findLast(({ kind }) => kind === "define").scope.given);
    }
    return JSON.stringify(all);
  });
  const twice = '{"email":"a@b.c","roles":["reader","admin"],"__proto__":"x"}';
  assert.equal(seen, `[${twice},${twice},{"email":"a@b.c","n":1}]`);
});

scenario("two texts are an e-mail address and a password; a second argument of another kind is passed over", async (world) => {
  const tab = await world.openTab();
  const { email, password } = world.user;
  assert.equal((await tab.ok("signin", email, password)).ok, true);
  await tab.ok("logout");
  assert.equal((await tab.ok("signin", world.user, { nativeEvent: {}, deep: {} })).ok, true);
  await tab.ok("logout");
  await tab.evaluate(
    ([email, password]) => {
      const event = new SubmitEvent("submit");
      return globalThis.auth.signin({ email, password }, event).then(() => undefined);
    },
    [email, password],
  );
  assert.equal((await tab.status()).signedIn, true);
});
