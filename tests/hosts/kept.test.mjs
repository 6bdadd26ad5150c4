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

for (const [name, { host, state }] of Object.entries(builders)) {
  test(`${name}: after a reload bindings show what persists, also null`, async () => {
    const made = async (/** @type {any} */ shown) => {
      const { createAuth, hosts } = await import(`${files.path("dist/doorkey.mjs")}?${name}${Math.random()}`);
      const signin = () => ({ access_token: "canary-access", refresh_token: "canary-refresh", expires_in: 3600 });
      return createAuth({ name: `kept-${name}`, host: host(hosts, shown), flows: { signin }, expose: { accessToken: "accesstoken" } });
    };
    const before = await made(state());
    await before.signin("a", "b");
    await before.storeValue("theme", "dark");
    await before.storeValue("nothing", null);
    before.dispose();

    const shown = state();
    const auth = await made(shown);
    await auth.accessToken();
    await new Promise((done) => setTimeout(done));
    assert.deepEqual([shown.theme, shown.accesstoken], ["dark", "canary-access"]);
    assert.equal(auth.getValue("nothing"), null);
    await auth.logout();
    assert.deepEqual(auth.values(), {});
    auth.dispose();
    const last = await made(state());
    await last.check();
    assert.deepEqual(last.values(), {});
    last.dispose();
  });
}
