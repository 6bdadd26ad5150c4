// Where the guide's sign-out and its protection go wrong, and that doorkey comes out right. One test for each defect.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startGuide } from "./guide.mjs";

let guide;
before(async () => (guide = await startGuide()));
after(() => guide?.stop());

async function signedIn(changes) {
  const app = await guide.newApp(changes);
  const tab = await app.open();
  await guide.signIn(tab);
  // The page's own check navigates too, where it finds the session at its end.
  await tab.returned("Guard.protectedPage");
  return { app, tab };
}

test("defect 25: sign-out clears before it navigates, spares the builder's keys, and no failure stops it", async () => {
  const { app, tab } = await signedIn();
  await tab.run("storeValue('theme', 'dark')");
  app.answers("revokeAPI", () => ({ status: 500, body: { message: "down" } }));
  const from = (await tab.steps()).length;
  assert.deepEqual(await tab.run("Auth.logout()"), { ok: true, revoked: false, navigated: true });
  await tab.shows("LoginPage");
  await tab.page.waitForTimeout(200);
  assert.equal(await tab.current(), "LoginPage", "the login page's own check must not bounce back");
  const steps = (await tab.steps()).slice(from);
  const isStore = (step) => /VALUE|CLEAR_STORE/.test(step);
  assert.ok(steps.some(isStore));
  assert.ok(steps.findLastIndex(isStore) < steps.indexOf("NAVIGATE_TO"), String(steps));
  assert.ok(!steps.includes("CLEAR_STORE"));
  const { theme, accesstoken } = await tab.persisted();
  assert.deepEqual([theme, accesstoken], ["dark", undefined]);
  assert.equal((await tab.run("Auth.logout()")).revoked, false, "a second call does nothing");
  assert.equal(app.runs.filter(({ name }) => name === "revokeAPI").length, 1);
});

test("defect 26: after sign-out no query or function holds a token, and other tabs are signed out", async () => {
  const { app, tab } = await signedIn();
  const second = await app.open("Dashboard");
  await second.run("Doorkey.refreshAccessToken({ force: true })");
  const token = (await second.persisted()).accesstoken;
  await tab.run("Auth.logout()");
  await tab.shows("LoginPage");
  const everything =
    "JSON.stringify([sign_in.data, refreshAPI.data, revokeAPI.data, Auth.signin.data, Auth.refreshAccessToken.data, Auth.logout.data, appsmith.store])";
  assert.ok(!(await tab.run(everything)).includes(token));
  await second.shows("LoginPage");
  assert.equal(await second.run("Doorkey.status().signedIn"), false);
  assert.ok(!(await second.run(everything)).includes(token));
  assert.match(guide.template("README.md"), /`logoutUser\(\)`, are something else/);
});

test("defect 27: Hide protects nothing; the API does, and the page's content waits for the guard", async () => {
  assert.match(guide.template("README.md"), /\*\*Hide is no protection\.\*\*/);
  const app = await guide.newApp();
  const tab = await app.open("Dashboard");
  await tab.bind("Container1", "Guard.protectedPage.data === true");
  await tab.shows("LoginPage");
  const shown = (await tab.log()).filter(({ method }) => method === "BINDINGS").map(({ payload }) => payload.Container1.value);
  assert.ok(!shown.includes(true));
  assert.match(guide.template("README.md"), /\{\{Guard\.protectedPage\.data === true\}\}/);
  const refused = await tab.run("orders.run().catch(() => 'refused')");
  assert.equal(refused, "refused");
  assert.equal(app.runs.at(-1).status, "401 UNAUTHORIZED");
});

test("defect 28: the home page is the login page only for those who need it", async () => {
  const { app } = await signedIn();
  const tab = await app.open();
  await tab.shows("Dashboard");
  await tab.run("Auth.logout()");
  await tab.shows("LoginPage");
  const later = await app.open();
  await later.page.waitForTimeout(200);
  assert.equal(await later.current(), "LoginPage");
});

test("defect 29: page names stand in one place, and the templates and the walkthrough agree on them", () => {
  const walkthrough = guide.template("README.md");
  for (const file of ["Auth.js", "Auth-http.js"]) {
    const pages = [...guide.template(file).matchAll(/pages: \{ home: "(\w+)", login: "(\w+)" \}/g)];
    assert.equal(pages.length, 1, file);
    assert.deepEqual(pages[0].slice(1), ["Dashboard", "LoginPage"]);
    assert.doesNotMatch(guide.template(file), /navigateTo/);
  }
  assert.match(walkthrough, /`LoginPage`/);
  assert.match(walkthrough, /Page names are matched exactly/);
});
