// @ts-check
// What people have of a server becomes options that work: each of these was written after a server's own documents, with data of
// nobody. createAuth takes the options without an edit, and somebody else signs in and goes on at a server that answers as shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { suggest } from "../../www/workbench/import/options.js";
import { read } from "../../www/workbench/import/read.js";
import { rehearse } from "../../www/workbench/import/rehearse.js";
import { FRAMEWORKS } from "./imports/frameworks.mjs";
import { PLATFORMS } from "./imports/platforms.mjs";
import { doorkey, life, providers, USER } from "./providers/lib.mjs";

const IMPORTS = { ...FRAMEWORKS, ...PLATFORMS };

/** @param {string} url */
const bare = (url) => url.split("?")[0];

/** What a server says, from what was pasted and what the case has beside it. @param {import("./imports/frameworks.mjs").Import} given @param {any[]} exchanges */
function answersOf({ answers = {} }, exchanges) {
  /** @type {Record<string, any[]>} */
  const said = {};
  for (const { method, url, answer } of exchanges) {
    if (answer) (said[`${method} ${bare(url)}`] ??= []).push([answer.status, answer.body, answer.headers]);
  }
  for (const [key, body] of Object.entries(answers)) {
    const [method, url, isMore] = key.split(" ");
    const own = [200, body.body ?? (body.headers ? "" : body), body.headers ?? {}];
    if (isMore) (said[`${method} ${url}`] ??= []).push(own);
    else said[key] = [own];
  }
  return /** @type {any} */ (said);
}

for (const [name, given] of Object.entries(IMPORTS)) {
  test(`${name}: signs in, and goes on`, async () => {
    const reading = read(given.given);
    const { options, misses } = suggest(reading, { providers });
    const session = life(undefined, answersOf(given, reading.exchanges), options);
    try {
      await session.auth.signin(USER);
      assert.deepEqual(session.asked(), given.asked.signin, "sign-in");
      if (given.token !== null) assert.equal(await session.auth.accessToken(), given.token);
      if (given.headers) assert.deepEqual(await session.auth.headers(), given.headers);
      if (given.lives)
        assert.ok(
          Math.abs((session.auth.status().expiresInSeconds ?? 0) - given.lives) <= 5,
          `lives ${session.auth.status().expiresInSeconds} s`,
        );
      assert.equal(options.flows.refresh !== undefined, given.asked.refresh !== undefined, "whether it has a refresh");
      if (given.asked.refresh) {
        const { ok } = await session.auth.refreshAccessToken({ force: true });
        assert.equal(ok, true);
        assert.deepEqual(session.asked(), given.asked.refresh, "refresh");
      }
      assert.deepEqual(misses, [], "nothing is left to do");
    } finally {
      session.end();
    }
  });
}
