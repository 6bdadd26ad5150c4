// H16: each snippet of Appsmith's guides, corrected: the shipped object that takes its place, pasted as it is.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startGuide } from "./guide.mjs";

let guide;
before(async () => (guide = await startGuide()));
after(() => guide?.stop());

const { email, password } = { email: "ada@example.com", password: "analytical-engine-1843" };

/** By the guide's snippet: what is called, and what must have happened. */
const snippets = {
  "signin() of the guide and of its older text": { object: "Auth", call: "Auth.signin()", from: "out", page: "Dashboard", token: true },
  "signin({ email, password }) of the packages guide": {
    object: "Login1",
    call: `Login1.signin(${JSON.stringify({ email, password })})`,
    from: "out",
    page: "Home",
    token: true,
  },
  "refreshAccessToken() of the guide and of its older text": {
    object: "Auth",
    call: "Auth.refreshAccessToken()",
    from: "expired",
    page: "Dashboard",
    token: true,
  },
  "refreshAccessToken() of the packages guide": {
    object: "Login1",
    call: "Login1.refreshAccessToken()",
    from: "expired",
    page: "Home",
    token: true,
  },
  "log out users: revoke, clear, navigate": { object: "Auth", call: "Auth.logout()", from: "in", page: "LoginPage", token: false },
  "log out a user of a package": { object: "Login1", call: "Login1.logout()", from: "in", page: "LoginPage", token: false },
};
const files = { Auth: "Auth.js", Login1: "package/Login.js" };

for (const [name, { object, call, from, page, token }] of Object.entries(snippets)) {
  test(`H16: ${name}`, async () => {
    await guide.server.reset();
    const queries = object === "Login1" ? guide.modules : {};
    const pages = { LoginPage: {}, Dashboard: {}, Home: {} };
    const app = await guide.newApp({
      queries,
      objects: { [object]: guide.template(files[object]) },
      pages,
      widgets: { inp_username: email, inp_password: password },
    });
    const tab = await app.open();
    if (from !== "out") await tab.run(object === "Auth" ? "Auth.signin()" : `Login1.signin(${JSON.stringify({ email, password })})`);
    if (from === "expired") await Promise.all([guide.server.shiftTime(61_000), tab.shiftTime(61_000)]);
    const before = (await tab.persisted()).accesstoken;
    const outcome = await tab.run(call);
    assert.equal(outcome.ok, true);
    await tab.shows(page);
    const { accesstoken } = await tab.persisted();
    assert.equal(typeof accesstoken === "string" && accesstoken !== before, token);
    assert.equal(await tab.run("Doorkey.status().signedIn"), token);
    if (from === "in") assert.equal(outcome.revoked, true);
  });
}
