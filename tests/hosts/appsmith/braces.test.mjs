// Texts with braces in every direction: Appsmith makes a binding of the parameters of a query, and ends it where its braces are
// even, whatever stands in quotes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startGuide } from "./guide.mjs";

let guide;
before(async () => (guide = await startGuide()));
after(() => guide?.stop());

const braces = "x}}}{{ Math.harmed = 1 }}{{{";
/** Run as a person's own code is, which may hold no two braces for the test's sake alone. */
const spelt = `[${[...braces].map((letter) => letter.charCodeAt(0))}].map((code) => String.fromCharCode(code)).join("")`;

const isUnharmed = async (tab) => assert.equal(await tab.send("INSPECT", "typeof Math.harmed"), "undefined");
const failed = (tab, code) => tab.run(`(async () => (${code}))().then(() => "done", (error) => error.code)`);

test("appsmith: the harness runs what braces in a query's own call hold, as Appsmith does", async () => {
  const tab = await (await guide.newApp()).open();
  await tab.run(`sign_in.run({ email: ${spelt} }).catch(() => {})`);
  assert.equal(await tab.send("INSPECT", "typeof Math.harmed"), "number");
});

test("appsmith: braces in the parameters of a query are refused, and never run", async () => {
  const tab = await (await guide.newApp()).open();
  const adapter = "Doorkey.hosts.appsmith()";
  for (const params of [`{ email: ${spelt} }`, `{ deep: [{ email: ${spelt} }] }`, `{ [${spelt}]: 1 }`]) {
    assert.equal(await failed(tab, `${adapter}.run("sign_in", ${params})`), "ERR_INVALID_VALUE");
    assert.equal(await failed(tab, `${adapter}.run(sign_in, ${params})`), "ERR_INVALID_VALUE");
  }
  await isUnharmed(tab);
});

test("appsmith: braces that a person types, a server says or a script stores never run", async () => {
  const app = await guide.newApp();
  const tab = await app.open();
  await guide.signIn(tab, { email: braces, password: braces });
  assert.match((await tab.toasts())[0].message, /may run as code/);
  await isUnharmed(tab);
  await guide.server.fail({ path: "/token", status: 400, body: { error: "invalid_grant", error_description: braces } });
  await guide.signIn(tab);
  assert.match((await tab.toasts()).at(-1).message, /Math\.harmed/);
  await guide.server.reset();
  await guide.signIn(tab);
  await tab.run(`Doorkey.storeValue(${spelt}, ${spelt})`);
  await tab.reload();
  assert.equal(await tab.run(`Doorkey.getValue(${spelt})`), braces);
  await tab.run(`Doorkey.removeValue(${spelt})`);
  await tab.run(`Doorkey.hosts.appsmith().navigateTo("Orders", { id: ${spelt} })`);
  await tab.shows("Orders");
  await isUnharmed(tab);
});
