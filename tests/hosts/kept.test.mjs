// What ends with the page comes back after a reload: bindings show it again, and null is a value like any other.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { useStorage } from "./lib/memory.mjs";
import { unpackPackage } from "./lib/package.mjs";

useStorage();

const files = unpackPackage();
after(() => files.remove());

/** @type {Record<string, { host: (hosts: any, state: any) => any, state: () => any }>} */
const builders = {
  uibakery: {
    state: () => {
      const state = { theme: "", accesstoken: "" };
      return Object.defineProperty(state, "setValue", {
        value: (/** @type {string} */ name, /** @type {unknown} */ value) => void Object.assign(state, { [name]: value }),
      });
    },
    host: (hosts, state) => hosts.uibakery({ state }),
  },
  windmill: { state: () => ({}), host: (hosts, state) => hosts.windmill({ state }) },
  lowdefy: {
    state: () => ({}),
    host: (hosts, state) =>
      hosts.lowdefy({
        methods: {
          setGlobal: (/** @type {object} */ more) => void Object.assign(state, more),
          getGlobal: (/** @type {string} */ key) => state[key] ?? null,
        },
        globals: { window: { localStorage } },
      }),
  },
};

/** @param {string} builder @param {any} shown */
async function made(builder, shown) {
  const { createAuth, hosts } = await import(`${files.path("dist/doorkey.mjs")}?${builder}${Math.random()}`);
  const signin = () => ({ access_token: "canary-access", refresh_token: "canary-refresh", expires_in: 3600 });
  const host = builders[builder].host(hosts, shown);
  return createAuth({ name: `kept-${builder}`, host, flows: { signin }, expose: { accessToken: "accesstoken" } });
}

for (const [name, { state }] of Object.entries(builders)) {
  test(`${name}: after a reload bindings show what persists, also null`, async () => {
    const before = await made(name, state());
    await before.signin("a", "b");
    await before.storeValue("theme", "dark");
    await before.storeValue("nothing", null);
    before.dispose();

    const shown = state();
    const auth = await made(name, shown);
    await auth.accessToken();
    await new Promise((done) => setTimeout(done));
    assert.deepEqual([shown.theme, shown.accesstoken], ["dark", "canary-access"]);
    assert.equal(auth.getValue("nothing"), null);
    await auth.logout();
    assert.deepEqual(auth.values(), {});
    auth.dispose();
    const last = await made(name, state());
    await last.check();
    assert.deepEqual(last.values(), {});
    last.dispose();
  });

  test(`${name}: what the browser has no room for is told as that, and changes nothing`, async () => {
    const shown = state();
    const auth = await made(name, shown);
    await auth.signin("a", "b");
    await auth.storeValue("theme", "dark");
    const { setItem } = localStorage;
    localStorage.setItem = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
    try {
      await assert.rejects(auth.storeValue("theme", "light"), { code: "ERR_STORAGE_FULL", message: /quota/ });
    } finally {
      localStorage.setItem = setItem;
    }
    assert.deepEqual([auth.getValue("theme"), shown.theme], ["dark", "dark"]);
    await auth.logout();
    auth.dispose();
  });
}
