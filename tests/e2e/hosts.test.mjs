// @ts-check
/** Hosts whose members throw, reject with something odd, or never settle. */

import assert from "node:assert/strict";

import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** How a member of the host goes wrong. Each is made in the page by `misbehave`. */
const WAYS = ["throws an Error", "throws a string", "rejects with a string", "rejects with undefined", "never settles"];

/** Defines `kit.misbehave(way)`: a function that goes wrong in that way. */
function defineMisbehaviour() {
  globalThis.misbehave = (way) => () => {
    switch (way) {
      case "throws an Error":
        throw new Error("the host is broken");
      case "throws a string":
        throw "the host is broken";
      case "rejects with a string":
        return Promise.reject("the host is broken");
      case "rejects with undefined":
        return Promise.reject(undefined);
      default:
        return new Promise(() => {});
    }
  };
}

/**
 * Opens a tab for each way in which `member` ("navigateTo", "store.set", "flows.signin", …) goes wrong, each with a session of its own.
 * A member that never settles has 3 s; no request of five tabs at once may take so long, and where none hangs the limit is the usual one.
 */
function openBroken(world, member, ways = WAYS) {
  const open = (way, index) =>
    world.openTab({
      before: defineMisbehaviour,
      options: { name: `way${index}`, ...(way === "never settles" && { timeoutSeconds: 3 }) },
      complete: (options, kit, { member: [owner, name], how }) => {
        const values = new Map();
        const store = {
          get: (key) => values.get(key),
          set: (key, value) => void values.set(key, value),
          remove: (key) => void values.delete(key),
        };
        const host = { ...kit.recordingHost, ...(owner === "store" && { store }) };
        const whole = { ...options, host, flows: { ...options.flows } };
        const place = name ? { store, flows: whole.flows }[owner] : host;
        place[name ?? owner] = globalThis.misbehave(how);
        return whole;
      },
      data: { member: member.split("."), how: way },
    });
  return Promise.all(ways.map(open));
}

/** Runs `body` in all tabs at once; a call that does not end at its limit hangs. A failure says which way it was. */
function inEachWay(tabs, body) {
  return Promise.all(tabs.map((tab, index) => body(tab, WAYS[index]).catch((error) => assert.fail(`${WAYS[index]}: ${error.message}`))));
}

/** The code of a host call that goes wrong in this way. */
const codeOf = (way) => (way === "never settles" ? "ERR_TIMEOUT" : "ERR_HOST");

const EVERY_WAY = "throws, rejects with a string or never settles";

scenario(`navigateTo ${EVERY_WAY}: sign-in, guard and logout do their work and say navigated: false`, async (world) => {
  await inEachWay(await openBroken(world, "navigateTo"), async (tab) => {
    assert.equal(await tab.ok("guard", "protected"), false);
    const signin = await tab.ok("signin", world.user);
    assert.deepEqual({ ok: signin.ok, navigated: signin.navigated }, { ok: true, navigated: false });
    assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
    assert.deepEqual(await tab.ok("logout"), { ok: true, revoked: true, navigated: false });
    assert.equal((await tab.status()).signedIn, false);
  });
});

scenario(`navigateTo ${EVERY_WAY}: the end of the session is told all the same`, async (world) => {
  const tabs = await openBroken(world, "navigateTo");
  await inEachWay(tabs, (tab) => tab.ok("signin", world.user));
  await world.server.revokeAll();
  await world.expire();
  await inEachWay(tabs, async (tab) => {
    await tab.fails("ERR_REFRESH_REJECTED", "accessToken");
    await tab.event("expired");
  });
});

scenario(`storeValue of the host ${EVERY_WAY}: storeValue fails clearly, and nothing is half written`, async (world) => {
  await inEachWay(await openBroken(world, "store.set"), async (tab, way) => {
    const error = await tab.fails(codeOf(way), "storeValue", "theme", "dark");
    assert.ok(error.message.length > 0);
    assert.equal(await tab.evaluate(() => globalThis.auth.getValue("theme")), undefined);
    assert.deepEqual(await tab.evaluate(() => globalThis.auth.values()), {});
  });
});

scenario(
  `storeValue of the host ${EVERY_WAY} at sign-in: signed in from memory and said so, or a clear error and signed out`,
  async (world) => {
    await inEachWay(await openBroken(world, "store.set"), async (tab, way) => {
      const { value, error } = await tab.call("signin", world.user);
      if (value) {
        assert.equal((await tab.fetch(`${world.server.url}/api/me`)).status, 200);
        await tab.event("failed");
      } else {
        assert.equal(error.code, codeOf(way));
        assert.deepEqual(await tab.navigations(), []);
      }
      assert.equal((await tab.status()).signedIn, Boolean(value));
    });
  },
);

scenario(`the host's store cannot be read (${EVERY_WAY}): the page starts, and every call is answered`, async (world) => {
  await inEachWay(await openBroken(world, "store.get"), async (tab) => {
    assert.equal((await tab.status()).signedIn, false);
    await tab.call("guard", "protected");
    const { value, error } = await tab.call("signin", world.user);
    assert.ok(value || error.isAuthError, error?.message);
    assert.equal((await tab.status()).signedIn, Boolean(value));
  });
});

scenario(`the host's store cannot remove (${EVERY_WAY}): logout signs out all the same`, async (world) => {
  await inEachWay(await openBroken(world, "store.remove"), async (tab) => {
    await tab.ok("signin", world.user);
    await tab.call("logout");
    assert.equal((await tab.status()).signedIn, false);
    await tab.fails("ERR_SIGNED_OUT", "accessToken");
  });
});

scenario(`a query ${EVERY_WAY}: run fails clearly, and the session lives`, async (world) => {
  await inEachWay(await openBroken(world, "run"), async (tab, way) => {
    await tab.ok("signin", world.user);
    const error = await tab.fails(codeOf(way), "run", "getOrders");
    assert.ok(error.message.length > 0);
    assert.equal((await tab.status()).signedIn, true);
  });
  assert.equal(await world.refreshes(), 0);
});

scenario(`a sign-in function ${EVERY_WAY}: a clear error, nothing stored, no navigation`, async (world) => {
  const tabs = await openBroken(world, "flows.signin");
  await inEachWay(tabs, async (tab, way) => {
    const error = await tab.fails(codeOf(way), "signin", world.user);
    assert.ok(error.message.length > 0);
    assert.deepEqual(await tab.navigations(), []);
  });
  assert.deepEqual(await tabs[0].stored(), {});
});

scenario(`a refresh function ${EVERY_WAY}: a clear error, and the session lives`, async (world) => {
  const tabs = await openBroken(world, "flows.refresh");
  await inEachWay(tabs, (tab) => tab.ok("signin", world.user));
  await world.expire();
  await inEachWay(tabs, async (tab, way) => {
    await tab.fails(codeOf(way), "accessToken");
    assert.equal((await tab.status()).signedIn, true);
    assert.ok(!(await tab.events()).includes("expired"));
  });
});

scenario(`a revoke function ${EVERY_WAY}: signed out all the same, revoked: false`, async (world) => {
  await inEachWay(await openBroken(world, "flows.revoke"), async (tab) => {
    await tab.ok("signin", world.user);
    assert.deepEqual(await tab.ok("logout"), { ok: true, revoked: false, navigated: true });
  });
});

scenario("a query that rejects with a string: the string is the message, and the cause", async (world) => {
  const [tab] = await openBroken(world, "run", ["rejects with a string"]);
  const error = await tab.fails("ERR_HOST", "run", "getOrders");
  assert.match(error.message, /the host is broken/);
  assert.match(error.cause, /the host is broken/);
});

scenario("a refresh function that says 401 ends the session; one that says 503 does not", async (world) => {
  const open = (status) =>
    world.openTab({
      options: { name: `says-${status}` },
      complete: (options, _kit, code) => ({
        ...options,
        flows: { ...options.flows, refresh: () => Promise.reject({ status: code, message: "no" }) },
      }),
      data: status,
    });
  const [refused, down] = [await open(401), await open(503)];
  await refused.ok("signin", world.user);
  await down.ok("signin", world.user);
  await world.expire();
  await refused.fails("ERR_REFRESH_REJECTED", "accessToken");
  await down.fails("ERR_UNREACHABLE", "accessToken");
  assert.equal((await refused.status()).signedIn, false);
  assert.equal((await down.status()).signedIn, true);
});

scenario("a host whose members are getters that throw does no lasting harm", async (world) => {
  const tab = await world.openTab({ start: false });
  await tab.evaluate((options) => {
    const host = Object.defineProperty({}, "navigateTo", {
      enumerable: true,
      get() {
        throw new Error("a getter");
      },
    });
    try {
      globalThis.kit.another({ ...options, name: "other", host });
    } catch {
      // Which error this is, is not doorkey's affair.
    }
  }, tab.start.options);
  await tab.startAuth();
  await tab.ok("signin", world.user);
});
