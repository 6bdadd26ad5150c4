// A guide's refresh body, `{ "refresh_token": {{appsmith.store.authRefreshToken}} }`: the token under a key of the builder's own.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { refreshes } from "../lib/gateway.mjs";
import { startGuide } from "./guide.mjs";

let guide;
before(async () => (guide = await startGuide()));
after(() => guide?.stop());

/** The text with a part of it changed. @param {string} text @param {RegExp} part @param {string} to */
function change(text, part, to) {
  assert.match(text, part);
  return text.replace(part, to);
}

const withOwnKey = (code) => change(code, /(expose: \{ accessToken: "accesstoken")/, '$1, refreshToken: "authRefreshToken"');

const forms = {
  "a query's body binds the key": () => {
    const body = '{ "refresh_token": {{appsmith.store.authRefreshToken}} }';
    return { objects: { Auth: withOwnKey(guide.template("Auth.js")) }, queries: { refreshAPI: { ...guide.queries.refreshAPI, body } } };
  },
  "an endpoint's template reads the key": () => {
    const Auth = change(withOwnKey(guide.authHttp()), /(refresh: \{[^]*?)session\.refreshToken/, "$1store.authRefreshToken");
    return { objects: { Auth } };
  },
};

for (const [how, changes] of Object.entries(forms)) {
  test(`appsmith: refresh: ${how}: sign-in stores the token there, and each refresh sends the newest`, async () => {
    await guide.server.reset();
    const tab = await (await guide.newApp(changes())).open();
    await guide.signIn(tab);
    const first = (await tab.persisted()).authRefreshToken;
    assert.equal(typeof first, "string");
    for (const count of [1, 2]) {
      assert.equal((await tab.run("Doorkey.refreshAccessToken({ force: true })")).refreshed, true);
      assert.deepEqual(
        (await refreshes(guide.server)).map(({ status }) => status),
        Array(count).fill(200),
      );
    }
    assert.notEqual((await tab.persisted()).authRefreshToken, first);
    await tab.run("Auth.logout()");
    assert.equal("authRefreshToken" in (await tab.persisted()), false);
  });
}
