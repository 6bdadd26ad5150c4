// H9: what a failed query tells in each release of Appsmith, and what doorkey makes of it.
// A tells nothing beyond "failed to execute", B tells the answer's body to an error callback, C tells it always.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { codeFor } from "../../../www/workbench/copy.js";
import { startGuide } from "./guide.mjs";

let guide;
before(async () => (guide = await startGuide()));
after(() => guide?.stop());

const host = { code: "ERR_HOST", retryable: false };
const unreachable = { code: "ERR_UNREACHABLE", retryable: true };
const cancelled = { code: "ERR_CANCELLED", retryable: false };
const noToken = { code: "ERR_INVALID_RESPONSE", retryable: false };
const rejected = { code: "ERR_REFRESH_REJECTED", retryable: false };
const refused = { code: "ERR_INVALID_CREDENTIALS", status: 401, retryable: false };

/** By what the server or Appsmith answers: what sign-in and refresh reject with; where release A differs, that too. */
const cases = {
  "a 401 whose body names it": {
    answer: { status: 401, body: { statusCode: 401, message: "jwt expired" } },
    told: { signin: { ...refused, message: "jwt expired" }, refresh: { ...rejected, status: 401, message: "jwt expired" } },
    untold: { signin: host, refresh: host },
  },
  "a 400 with invalid_grant": {
    answer: { status: 400, body: { error: "invalid_grant" } },
    told: { signin: { code: "ERR_INVALID_CREDENTIALS", retryable: false, message: "invalid_grant" }, refresh: rejected },
    untold: { signin: host, refresh: host },
  },
  "a 500 whose body names it": {
    answer: { status: 500, body: { statusCode: 500, message: "down" } },
    told: { signin: { ...unreachable, status: 500, message: "down" }, refresh: { ...unreachable, status: 500, message: "down" } },
    untold: { signin: host, refresh: host },
  },
  "a 500 that says only a text": {
    answer: { status: 500, body: { message: "down" } },
    told: { signin: { ...host, message: "down" }, refresh: { ...host, message: "down" } },
    untold: { signin: host, refresh: host },
  },
  "a time-out of Appsmith's server": {
    answer: { thrown: "Response not valid" },
    told: { signin: unreachable, refresh: unreachable },
  },
  "a confirmation that was declined": {
    answer: { thrown: "User cancelled action execution" },
    told: { signin: cancelled, refresh: cancelled },
  },
  "a 200 with an error in its body": {
    answer: { status: 200, body: { error: "invalid_grant" } },
    told: { signin: noToken, refresh: rejected },
  },
  "a body of null": { answer: { status: 200, body: null }, told: { signin: noToken, refresh: noToken } },
  "a body that is a text": { answer: { status: 200, body: "maintenance" }, told: { signin: noToken, refresh: noToken } },
};

const failureOf = (call) =>
  `${call}.then(() => "resolved", ({ code, status, retryable, message }) => ({ code, status, retryable, message }))`;

/** Compares what `expected` names; the message only when it is named. */
function same(actual, expected, what) {
  assert.deepEqual({ ...actual, message: expected.message }, { status: undefined, message: undefined, ...expected }, what);
  if (expected.message) assert.equal(actual.message, expected.message, what);
}

for (const variant of ["A", "B", "C"]) {
  for (const [name, { answer, told, untold = told }] of Object.entries(cases)) {
    test(`H9: release ${variant}: ${name}`, async () => {
      const expected = variant === "A" ? untold : told;
      const app = await guide.newApp({ variant });
      const tab = await app.open();
      app.answers("sign_in", () => answer);
      same(await tab.run(`(Auth.setup(), ${failureOf("Doorkey.signin({ email: 'a@b.c', password: 'p' })")})`), expected.signin, "sign-in");
      assert.deepEqual(await tab.persisted(), {}, "nothing is stored");
      app.answers("sign_in");

      await guide.signIn(tab);
      const before = await tab.persisted();
      app.answers("refreshAPI", () => answer);
      same(await tab.run(failureOf("Doorkey.refreshAccessToken({ force: true })")), expected.refresh, "refresh");
      const isOver = expected.refresh.code === "ERR_REFRESH_REJECTED";
      if (isOver) await tab.shows("LoginPage");
      assert.equal(await tab.run("Doorkey.status().signedIn"), !isOver);
      assert.equal((await tab.persisted()).accesstoken, isOver ? undefined : before.accesstoken);
      await app.close();
    });
  }
}

const alertsOf = async (tab) => (await tab.toasts()).map(({ message }) => message);

for (const variant of ["A", "B", "C"]) {
  test(`H9: release ${variant}: the page of a server that has nothing there is not shown to a person`, async () => {
    const app = await guide.newApp({ variant });
    const tab = await app.open();
    app.answers("sign_in", () => ({ status: 404, body: "<!doctype html><title>Not Found</title>" }));
    assert.equal((await guide.signIn(tab)).ok, false);
    const shown = variant === "A" ? /^sign_in failed to execute$/ : /: is the address right\?$/;
    const alerts = await alertsOf(tab);
    assert.equal(alerts.length, 1);
    assert.match(alerts[0], shown);
    assert.doesNotMatch(alerts[0], /</);
    await app.close();
  });
}

test("a page of the options that is not there is told, at sign-in, at a guard and at sign-out", async () => {
  const app = await guide.newApp({
    pages: { Login: {}, Orders: {} },
    home: "Login",
    objects: { Auth: guide.template("Auth.js"), Guard: guide.template("Guard.js") },
  });
  const tab = await app.open();
  const told = "Enter a valid URL or page name";
  assert.equal(await tab.run("Guard.protectedPage()"), false);
  assert.deepEqual(await alertsOf(tab), [told]);
  assert.equal((await guide.signIn(tab).catch(() => undefined)) === undefined, true, "no Dashboard to be seen");
  assert.equal(await tab.run("Doorkey.status().signedIn"), true);
  assert.deepEqual(await alertsOf(tab), [told, told]);
  assert.deepEqual(await tab.run("Auth.logout()"), { ok: true, revoked: true, navigated: false });
  assert.deepEqual(await alertsOf(tab), [told, told, told]);
  await app.close();
});

test("what the workbench copies for Appsmith shows a refusal once", async () => {
  const { flows } = guide.server.options();
  const app = await guide.newApp({
    objects: { Auth: codeFor({ flows }, "appsmith") },
    widgets: { inp_email: guide.server.user.email, inp_username: guide.server.user.email, inp_password: "wrong" },
    pages: { LoginPage: {}, Dashboard: {} },
  });
  const tab = await app.open();
  assert.deepEqual(await tab.run("Auth.signin()"), { ok: false, code: "ERR_INVALID_CREDENTIALS" });
  assert.equal((await alertsOf(tab)).length, 1);
  await app.close();
});
