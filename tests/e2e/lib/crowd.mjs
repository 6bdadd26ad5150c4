// @ts-check
/** Many places of one session at once: frames of a tab, each with the module, its timers and its calls. */

import assert from "node:assert/strict";

/** @typedef {import("./world.mjs").World} World */

/** Runs in the page: opens frames, each with a session of its own making, and lets each fetch now and then. */
async function crowded(/** @type {{ count: number, options: any, url: string, forMs: number, everyMs: number }} */ given) {
  const { count, options, url, forMs, everyMs } = given;
  const wait = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));
  const opened = async () => {
    const frame = document.createElement("iframe");
    frame.src = "/app.html";
    document.body.append(frame);
    await new Promise((done) => frame.addEventListener("load", done, { once: true }));
    const window = /** @type {any} */ (frame.contentWindow);
    while (!window.kit) await wait(10);
    window.auth = window.kit.start(options);
    return window;
  };
  const windows = await Promise.all(Array.from({ length: count }, opened));
  /** @type {Record<string, number>} */
  const seen = {};
  const until = Date.now() + forMs;
  const visit = async (/** @type {any} */ { auth }, /** @type {number} */ at) => {
    await wait((everyMs * at) / count);
    for (; Date.now() < until; await wait(everyMs)) {
      const outcome = await auth.fetch(url).then(
        (/** @type {Response} */ { status }) => status,
        (/** @type {any} */ { code }) => code,
      );
      seen[outcome] = (seen[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(windows.map(visit));
  // One may ask just before a refresh, and another just after it.
  let tokens = 0;
  for (let tries = 0; tokens !== 1 && tries < 40; tries += 1) {
    tokens = new Set(await Promise.all(windows.map(({ auth }) => auth.accessToken()))).size;
    await wait(250);
  }
  const events = windows.flatMap(({ kit }) => kit.record.events.map((/** @type {{ type: string }} */ { type }) => type));
  return { seen, tokens, ended: events.filter((type) => type !== "refreshed" && type !== "signedIn") };
}

/**
 * A crowd in a signed-in tab: each lifetime of a token costs one refresh, which the server counts, and nobody is signed out by a
 * server that takes a used refresh token for theft.
 * @param {World} world @param {{ count: number, forSeconds: number, everySeconds: number }} how
 */
export async function assertCrowd(world, { count, forSeconds, everySeconds }) {
  const tab = await world.signedIn();
  await world.server.reset();
  const given = {
    count,
    options: tab.start.options,
    url: `${world.server.url}/api/me`,
    forMs: forSeconds * 1000,
    everyMs: everySeconds * 1000,
  };
  const { seen, tokens, ended } = await tab.page.evaluate(crowded, given);
  // On a busy machine a token may be past its time before it arrives; the next 401 within 30 s is handed on.
  assert.deepEqual(
    Object.keys(seen).filter((outcome) => outcome !== "401"),
    ["200"],
    JSON.stringify(seen),
  );
  assert.deepEqual(ended, []);
  assert.equal(tokens, 1, "all have the same token");
  const refreshes = (await world.requests("/token")).filter(({ grant }) => grant === "refresh_token");
  assert.ok(refreshes.length > 0, "the time was too short for a refresh");
  assert.deepEqual([...new Set(refreshes.map(({ status }) => status))], [200]);
  // As the server saw them: no two within a lifetime, less the margin before its end.
  const gaps = refreshes.slice(1).map(({ at }, index) => at - refreshes[index].at);
  const shortest = world.accessTtl * 1000 * 0.7;
  assert.ok(
    gaps.every((gap) => gap > shortest),
    `refreshes after ${gaps} ms, of tokens that live ${world.accessTtl} s`,
  );
}

/** Runs in the page: so many calls in one turn. Gives how often each outcome was. */
async function called(/** @type {{ times: number, url: string }} */ { times, url }) {
  const { auth } = /** @type {any} */ (globalThis);
  const calls = [
    () => auth.accessToken().then(() => "token"),
    () => auth.fetch(url).then((/** @type {Response} */ { status }) => status),
    () => auth.headers().then(() => "headers"),
    () => auth.refreshAccessToken().then(() => "refresh"),
    () => auth.check().then((/** @type {boolean} */ is) => `check ${is}`),
  ];
  /** @type {Record<string, number>} */
  const seen = {};
  const outcomes = await Promise.all(
    Array.from({ length: times }, (_, at) => calls[at % calls.length]().catch((/** @type {any} */ { code }) => code)),
  );
  for (const outcome of outcomes) seen[outcome] = (seen[outcome] ?? 0) + 1;
  return seen;
}

/** A thousand calls in one turn, with a token past its time: all settle, and one refresh is sent. @param {World} world */
export async function assertThousand(world) {
  const tab = await world.signedIn();
  await world.expire();
  const before = await world.refreshes();
  const seen = await tab.page.evaluate(called, { times: 1000, url: `${world.server.url}/api/me` });
  assert.deepEqual(seen, { token: 200, 200: 200, headers: 200, refresh: 200, "check true": 200 });
  assert.equal((await world.refreshes()) - before, 1);
}
