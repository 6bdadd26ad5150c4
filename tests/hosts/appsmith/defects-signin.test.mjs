// Where the guide's sign-in goes wrong, and that the shipped templates come out right. One test for each defect.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { tokensIn } from "../lib/gateway.mjs";
import { startGuide } from "./guide.mjs";
import { parseJsObject } from "./js-object.mjs";

let guide;
before(async () => (guide = await startGuide()));
after(() => guide?.stop());

const templates = { Auth: "Auth.js", AuthHttp: "Auth-http.js", Guard: "Guard.js", Orders: "Orders.js", Login: "package/Login.js" };

const snippet = `   signin: () =>{
      return sign_in.run()
        .then(data => {
         storeValue(key, user.data[key]);
        })
      })
        .then(() => navigateTo('Dashboard'));
    },`;

test("defect 1: the guide's snippet does not parse, every shipped object does", () => {
  assert.throws(() => parseJsObject("Auth", snippet));
  assert.throws(() => parseJsObject("Auth", `export default {\n${snippet}\n}`));
  for (const [name, file] of Object.entries(templates)) {
    const text = guide.template(file);
    assert.ok(text.startsWith("export default {"), file);
    const { functions, variables } = parseJsObject(name, text);
    assert.ok(functions.length > 0, file);
    assert.deepEqual(variables, [], `${file} has functions only: anything else would be a data field`);
  }
});

/** Signs in with an answer of our own in place of the server's. */
async function signInWith(answer, changes) {
  const app = await guide.newApp(changes);
  app.answers("sign_in", () => answer);
  const tab = await app.open();
  return { tab, outcome: await guide.signIn(tab) };
}

test("defect 2: an answer without a token is stored nowhere and leads nowhere", async () => {
  const answers = [{ error: "invalid_grant", error_description: "no such user" }, "welcome", null, [], { access_token: "" }];
  for (const body of answers) {
    const { tab, outcome } = await signInWith({ status: 200, body });
    assert.equal(outcome.ok, false, JSON.stringify(body));
    assert.deepEqual(await tab.persisted(), {});
    assert.equal(await tab.current(), "LoginPage");
    await tab.page.close();
  }
});

test("defect 3: a wrong password is told in the server's words", async () => {
  const { tab, outcome } = await signInWith({
    status: 400,
    body: { error: "invalid_grant", error_description: "Wrong e-mail or password" },
  });
  assert.deepEqual(
    (await tab.toasts()).map(({ kind, message }) => [kind, message]),
    [["error", "Wrong e-mail or password"]],
  );
  assert.equal(outcome.ok, false);
});

test("defect 4: a misspelt page does not undo the sign-in, and is reported", async () => {
  const Auth = guide.template("Auth.js").replace('home: "Dashboard"', 'home: "Dashbord"');
  const tab = await (await guide.newApp({ objects: { Auth } })).open();
  const outcome = await guide.signIn(tab).catch((error) => error);
  assert.equal(await tab.run("Doorkey.status().signedIn"), true);
  assert.equal(await tab.current(), "LoginPage");
  assert.ok(outcome instanceof Error || outcome.navigated === false);
  assert.equal(await tab.run("Auth.signin.data.navigated"), false);
});

test("defect 5: who has a session and opens the login page is sent on", async () => {
  const tab = await (await guide.newApp()).open();
  await guide.signIn(tab);
  await tab.visit("LoginPage");
  await tab.shows("Dashboard");
});

const withUser = {
  status: 200,
  body: {
    access_token: "access-token-of-the-answer",
    refresh_token: "refresh-token-of-the-answer",
    expires_in: 60,
    user: { email: "ada@example.com", ssn: "secret-of-ada" },
  },
};

test("defect 6: what the app does not need of the answer is kept nowhere", async () => {
  const { tab, outcome } = await signInWith(withUser);
  assert.equal(outcome.ok, true);
  assert.doesNotMatch(JSON.stringify(await tab.persisted()), /secret-of-ada/);
  await tab.visit("LoginPage");
  const entities = await tab.run("JSON.stringify([sign_in.data, appsmith.store])");
  assert.doesNotMatch(entities, /secret-of-ada/);
});

test("defect 7: the answer's keys do not spill over the builder's own", async () => {
  const app = await guide.newApp();
  app.answers("sign_in", () => ({ status: 200, body: { ...withUser.body, theme: "light", id: 7, message: "hello", error: null } }));
  const tab = await app.open();
  await tab.run("storeValue('theme', 'dark')");
  await guide.signIn(tab);
  const { theme, accesstoken, doorkey, ...others } = await tab.persisted();
  assert.equal(theme, "dark");
  assert.equal(accesstoken, "access-token-of-the-answer");
  assert.notEqual(doorkey, undefined, "the session is one value under its name");
  assert.deepEqual(others, {});
});

test("defect 8: a lifetime becomes a moment that survives a reload", async () => {
  const started = Date.now();
  const { tab } = await signInWith(withUser);
  const { expiresAt } = await tab.run("Doorkey.status()");
  assert.ok(expiresAt >= started + 60_000 && expiresAt <= Date.now() + 60_000, `${expiresAt - started} ms`);
  await tab.reload();
  assert.equal(await tab.run("Doorkey.status().expiresAt"), expiresAt);
});

test("defect 9: every store write is on its way before the page changes", async () => {
  const { tab } = await signInWith(withUser);
  const steps = await tab.steps();
  assert.ok(steps.includes("STORE_VALUE"));
  assert.ok(steps.lastIndexOf("STORE_VALUE") < steps.indexOf("NAVIGATE_TO"), String(steps));
});

test("defect 10: signin takes one object, or an e-mail address and a password", async () => {
  for (const call of ["Doorkey.signin({ email: 'a@b.c', password: 'p w' })", "Doorkey.signin('a@b.c', 'p w')"]) {
    const app = await guide.newApp();
    app.answers("sign_in", () => withUser);
    const tab = await app.open();
    await tab.run(call);
    assert.deepEqual(app.runs[0].params, { email: "a@b.c", password: "p w" });
  }
});

test("defect 11: no password stays in the form, and no token where the editor shows it", async () => {
  const tab = await (await guide.newApp()).open();
  const { email, password } = guide.server.user;
  await guide.signIn(tab, { email, password: "wrong-password" });
  assert.equal(await tab.run("inp_password.text"), "");
  await guide.signIn(tab);
  const { accesstoken } = await tab.persisted();
  assert.deepEqual(tokensIn(await tab.run("Auth.signin.data")), []);
  assert.equal(await tab.run("sign_in.data ?? 'cleared'"), "cleared");
  // What the editor lists beside the store and the run of the query itself.
  const shown = (await tab.log()).filter(({ method, type }) => method !== "PROCESS_STORE_UPDATES" && type !== "RUN_PLUGIN_ACTION");
  for (const secret of [accesstoken, password]) assert.ok(!JSON.stringify(shown).includes(secret));
});
