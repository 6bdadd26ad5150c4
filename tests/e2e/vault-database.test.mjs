// @ts-check
/** `storage: "vault"` and `dpop: true` with a database that fails for a moment, is dropped, or is of another version. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";
import { assertSealed, database } from "./lib/vault.mjs";

const scenario = suite();
const vault = { storage: "vault" };

/** Runs in the page: the next `count` opens of IndexedDB end with an error of that name. @param {[string, string, number]} how */
const failing = (how) => `{
  let [way, name, left] = ${JSON.stringify(how)};
  globalThis.failOpens = (count, of = name) => { left = count; name = of; };
  globalThis.opens = 0;
  const { open } = IDBFactory.prototype;
  const { transaction } = IDBDatabase.prototype;
  const error = () => new DOMException("for a moment", name);
  IDBFactory.prototype.open = function (...args) {
    globalThis.opens++;
    if (way === "throws" && left-- > 0) throw error();
    const request = Reflect.apply(open, this, args);
    if (way !== "fails" || left-- <= 0) return request;
    request.onupgradeneeded = () => request.transaction.abort();
    const failed = new EventTarget();
    Object.defineProperty(failed, "error", { value: error() });
    request.onsuccess = () => { request.result.close(); failed.onerror(); };
    request.onerror = () => failed.onerror();
    return failed;
  };
  IDBDatabase.prototype.transaction = function (...args) {
    if (way === "closes" && left-- > 0) this.close();
    const made = Reflect.apply(transaction, this, args);
    if (way === "aborts" && left-- > 0) queueMicrotask(() => made.abort());
    return made;
  };
}`;

for (const [way, name] of [
  ["fails", "UnknownError"],
  ["fails", "AbortError"],
  ["fails", "InvalidStateError"],
  ["throws", "UnknownError"],
  ["closes", "InvalidStateError"],
  ["aborts", "AbortError"],
]) {
  scenario(`a vault whose database ${way} once (${name}) as the page comes up: still signed in`, async (world) => {
    const tab = await world.signedIn({ options: vault });
    const token = await tab.ok("accessToken");
    await tab.page.addInitScript(failing([way, name, 1]));
    await tab.reload();
    assert.equal((await tab.call("accessToken")).value, token);
    await assertSealed(world, tab);
  });
}

scenario("a database that fails now and then: every call and every write is done", async (world) => {
  const tab = await world.signedIn({ options: { ...vault, dpop: true }, before: failing(["aborts", "AbortError", 0]) });
  for (const key of ["a", "b", "c"]) {
    await tab.evaluate(() => globalThis.failOpens(2));
    await tab.ok("storeValue", key, key);
    await tab.evaluate(() => globalThis.failOpens(2));
    await tab.ok("refreshAccessToken", { force: true });
  }
  await tab.reload();
  await tab.evaluate(() => globalThis.failOpens(2));
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  assert.equal(await tab.evaluate(() => globalThis.auth.getValue("c")), "c");
  assert.ok(!(await tab.events()).includes("failed"));
});

for (const name of ["SecurityError", "QuotaExceededError"]) {
  scenario(`a vault whose database says ${name} is asked once, and the session is in memory`, async (world) => {
    const tab = await world.openTab({ options: vault, before: failing(["fails", name, 1]) });
    await tab.event("failed");
    assert.equal(await tab.evaluate(() => globalThis.opens), 1);
    await tab.ok("signin", world.user);
    assert.deepEqual(await tab.stored(), {});
  });
}

scenario("a database that fails for good: in memory after some tries", async (world) => {
  const tab = await world.openTab({ options: vault, before: failing(["fails", "UnknownError", 1000]) });
  await tab.event("failed");
  assert.equal(await tab.evaluate(() => globalThis.opens), 4);
  await tab.ok("signin", world.user);
  assert.deepEqual(await tab.stored(), {});
});

for (const [what, member, ...args] of [
  ["a sign-out", "logout"],
  ["a refresh", "refreshAccessToken", { force: true }],
]) {
  scenario(`${what} that a vault can't store: nothing of what is over comes back`, async (world) => {
    const tab = await world.signedIn({ options: vault, before: failing(["fails", "UnknownError", 0]) });
    await tab.evaluate(() => globalThis.failOpens(1000));
    await tab.ok(/** @type {string} */ (member), ...args);
    assert.deepEqual(await tab.stored(), {});
    await tab.reload();
    await tab.fails("ERR_SIGNED_OUT", "accessToken");
  });
}

/** Runs in the page: a later version of the package has been here. */
const upgrade = () =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open("doorkey", 7);
    opening.onupgradeneeded = () => opening.result.createObjectStore("later");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => resolve(opening.result.close());
  });

scenario("the database is of a later version: pages of this one go on, and come up signed in", async (world) => {
  const [tab, other] = await world.signedInTabs(2, { options: { ...vault, dpop: true } });
  await other.ok("accessToken");
  await tab.evaluate(upgrade);
  await tab.ok("refreshAccessToken", { force: true });
  assert.equal((await other.fetch(`${world.server.url}/api/me`)).status, 200);
  await tab.reload();
  assert.equal(await tab.ok("accessToken"), (await world.newestTokens()).access_token);
  assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  assert.equal((await tab.ok("logout")).revoked, true);
});

scenario("site data are cleared, and the database answers no more (Chromium does that at times): signed out", async (world) => {
  const tab = await world.signedIn({ options: vault });
  await tab.evaluate(() => {
    IDBFactory.prototype.open = () => /** @type {any} */ (new EventTarget());
    localStorage.clear();
    dispatchEvent(new Event("online"));
  });
  await tab.until(() => globalThis.auth.status().signedIn === false);
});

/**
 * After a clearing beside its use Chromium leaves a page, one time in a hundred and with no doorkey in it, without an answer of any
 * database until it is loaded anew: so it is then.
 */
async function revive(/** @type {import("./lib/tab.mjs").Tab} */ tab) {
  const answers = await tab.evaluate(() => {
    const opened = new Promise((resolve) => {
      const opening = indexedDB.open("probe");
      opening.onsuccess = () => resolve(opening.result.close() ?? true);
      opening.onerror = () => resolve(true);
    });
    return Promise.race([opened, new Promise((resolve) => setTimeout(resolve, 5000, false))]);
  });
  if (!answers) await tab.reload();
}

scenario("site data are cleared while sealed and bound pages are in use: signed out in all, and signed in again", async (world) => {
  const tabs = await world.signedInTabs(2, { options: { ...vault, dpop: true } });
  await tabs[1].ok("accessToken");
  const devtools = await world.context.newCDPSession(tabs[0].page);
  const clear = () => devtools.send("Storage.clearDataForOrigin", { origin: world.site.origin, storageTypes: "all" });
  // A page may see that its storage is empty later than it wakes: it is woken until it has.
  const isOut = () => dispatchEvent(new Event("online")) && globalThis.auth.status().signedIn === false;
  // Beside a refresh, which may end either way, or with its page.
  const refreshing = tabs[0].call("refreshAccessToken", { force: true }).catch(() => {});
  await clear();
  for (const tab of tabs) await revive(tab);
  await refreshing;
  await tabs[0].ok("signin", world.user);
  await tabs[1].until(() => globalThis.auth.status().signedIn);
  // With nothing under way.
  await clear();
  for (const tab of tabs) await tab.until(isOut);
  for (const tab of tabs) await revive(tab);
  await tabs[0].ok("signin", world.user);
  await tabs[1].until(() => globalThis.auth.status().signedIn);
  for (const tab of tabs) assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
  await tabs[0].reload();
  await tabs[0].ok("accessToken");
});

for (const storage of ["vault", "local"]) {
  scenario(
    `a worker with dpop and storage ${storage}: says that nothing is stored, works from memory, and leaves no key`,
    async (world) => {
      const tab = await world.openTab({ start: false });
      const given = { ...world.server.options({ storage, dpop: true }) };
      const said = await tab.evaluate(
        (/** @type {any} */ data) => {
          const script = `onmessage = async ({ data: { at, options, user, url } }) => {
          const said = { failed: [] };
          try {
            const { createAuth } = await import(at);
            const auth = createAuth(options);
            auth.on("failed", ({ reason }) => said.failed.push(reason));
            await auth.signin(user);
            said.status = (await auth.fetch(url)).status;
            await auth.refreshAccessToken({ force: true });
            said.again = (await auth.fetch(url)).status;
            said.note = auth.trace().some(({ what, detail }) => JSON.stringify([what, detail]).includes("ERR_STORAGE_DENIED"));
          } catch (error) { said.error = String(error); }
          postMessage(said);
        }`;
          const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
          return new Promise((resolve, reject) => {
            worker.onmessage = (event) => resolve(event.data);
            worker.onerror = (event) => reject(new Error(event.message));
            worker.postMessage(data);
          });
        },
        { at: `${world.site.origin}/pkg/dist/doorkey.mjs`, options: given, user: world.user, url: `${world.server.url}/api/me` },
      );
      assert.deepEqual(said.error, undefined);
      assert.deepEqual([said.failed, said.status, said.again], [["ERR_STORAGE_DENIED"], 200, 200]);
      const databases = await tab.evaluate(async () => (await indexedDB.databases()).length);
      assert.deepEqual(databases ? (await database(tab)).map(({ key }) => key) : [], [], "a key that nobody will find");
    },
  );
}
