// @ts-check
/** Stored records that are truncated, newer than this version, or hostile. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** Texts that no doorkey has written. */
const FOREIGN = {
  "the empty text": "",
  null: "null",
  "a number": "1e999",
  "a string": '"signed in"',
  "an array": "[]",
  "an empty object": "{}",
  "no JSON": "not JSON at all",
  "another program's record": '{"access_token":"t","user":{"id":1}}',
  "a record without tokens": '{"v":1}',
  "a generation that is no number": '{"v":1,"generation":"1"}',
  "the largest generation": '{"v":1,"generation":1.7976931348623157e308,"tokens":{}}',
  "members of Object": '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  "50 000 brackets": "[".repeat(50_000),
  "50 000 closed brackets": "[".repeat(50_000) + "]".repeat(50_000),
  "1 MB of text": JSON.stringify("x".repeat(1024 * 1024)),
  "a lone surrogate": '{"v":1,"tokens":{"accessToken":"\ud800"}}',
};

/** What takes the place of each leaf of a real record. */
const POISONS = [null, -1, 1e308, "", "x", true, [], {}, { polluted: true }];

/** Opens a tab with a session of this name on top of a stored text; every call is answered, and sign-in mends all. */
function tryRecords(tab, user, texts) {
  return tab.evaluate(
    async ([options, credentials, records]) => {
      const { kit } = globalThis;
      const failures = [];
      for (const [index, record] of records.entries()) {
        const name = `record${index}`;
        const fail = (what) => failures.push(`${record.slice(0, 300)}: ${what}`);
        localStorage.setItem(name, record);
        const auth = kit.another({ ...options, name, host: kit.recordingHost });
        const status = auth.status();
        if (typeof status?.signedIn !== "boolean") {
          fail("status() says nothing");
        }
        for (const member of ["accessToken", "refreshAccessToken"]) {
          const { error } = await kit.outcome(() => auth[member]());
          if (error && !error.isAuthError) {
            fail(`${member}: ${error.message}`);
          }
        }
        const { error } = await kit.outcome(() => auth.signin(credentials));
        if (error) {
          fail(`signin: ${error.message}`);
        } else if (!auth.status().signedIn || !(await auth.accessToken())) {
          fail("not signed in after signin");
        }
        auth.dispose();
        const again = kit.another({ ...options, name, host: kit.recordingHost });
        if (!again.status().signedIn) {
          fail("the new session was not stored");
        }
        again.dispose();
      }
      return failures;
    },
    [tab.start.options, user, texts],
  );
}

scenario("records that no doorkey has written: signed out or in, never a hang, and sign-in mends all", async (world) => {
  const tab = await world.openTab({ start: false });
  assert.deepEqual(await tryRecords(tab, world.user, Object.values(FOREIGN)), []);
  assert.equal(await tab.evaluate(() => /** @type {any} */ ({}).polluted), undefined);
});

scenario("a record that is truncated at any place: the same", async (world) => {
  const tab = await world.signedIn();
  const { doorkey: record } = await tab.stored();
  const step = Math.max(1, Math.floor(record.length / 25));
  const texts = Array.from({ length: 25 }, (_, index) => record.slice(0, 1 + index * step));
  assert.deepEqual(await tryRecords(tab, world.user, texts), []);
});

scenario("a record in which any one member is poisoned: the same", async (world) => {
  const tab = await world.signedIn();
  const record = JSON.parse((await tab.stored()).doorkey);
  const texts = [...poisoned(record)].map((value) => JSON.stringify(value));
  assert.ok(texts.length >= 20, `only ${texts.length} poisoned records`);
  assert.deepEqual(await tryRecords(tab, world.user, texts), []);
  assert.equal(await tab.evaluate(() => /** @type {any} */ ({}).polluted), undefined);
});

/** The same value with one member replaced, for each member at any depth and each poison. */
function* poisoned(value) {
  if (typeof value !== "object" || value === null) {
    return;
  }
  for (const key of Object.keys(value)) {
    // Another version is no poison: it has a test of its own.
    if (key === "v") {
      continue;
    }
    for (const poison of POISONS) {
      yield { ...value, [key]: poison };
    }
    for (const inner of poisoned(value[key])) {
      yield { ...value, [key]: inner };
    }
  }
}

scenario("a record of a newer version: signed out here, and the record is left as it is", async (world) => {
  const tab = await world.signedIn();
  const { doorkey: record } = await tab.stored();
  const newer = JSON.stringify({ ...JSON.parse(record), v: 999, more: { of: "it" } });
  await tab.evaluate((text) => {
    globalThis.auth.dispose();
    localStorage.setItem("doorkey", text);
  }, newer);
  await tab.reload();
  assert.equal((await tab.status()).signedIn, false);
  await tab.call("accessToken");
  await tab.ok("refreshAccessToken");
  await tab.ok("guard", "login");
  assert.equal((await tab.stored()).doorkey, newer);
});

scenario("a record that becomes rubbish while the page runs: no hang, and the page goes on or says why", async (world) => {
  for (const text of ["", "null", "{", "{}", "[]"]) {
    const tab = await world.signedIn();
    await tab.evaluate((rubbish) => localStorage.setItem("doorkey", rubbish), text);
    await world.expire();
    const { value, error } = await tab.call("accessToken");
    assert.ok(value || error.isAuthError);
    assert.equal((await tab.status()).signedIn, Boolean(value));
    await tab.ok("signin", world.user);
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    await tab.ok("logout");
    await tab.page.close();
  }
});

scenario("a hostile record can't send the token elsewhere", async (world) => {
  const tab = await world.signedIn();
  await tab.evaluate((evil) => {
    const record = JSON.parse(localStorage.getItem("doorkey"));
    const flows = { refresh: { url: `${evil}/steal`, json: { t: "{{ session.refreshToken }}" } } };
    globalThis.auth.dispose();
    localStorage.setItem("doorkey", JSON.stringify({ ...record, flows, options: { flows }, attach: { origins: [evil] } }));
  }, world.site.other);
  await tab.reload();
  await world.expire();
  await tab.call("accessToken");
  await tab.fetch(`${world.site.other}/echo`);
  assert.deepEqual(
    world.site.requests.map(({ path, headers }) => [path, headers.authorization]),
    [["/echo", undefined]],
  );
});
