// What Appsmith makes of each shape of library: the harness must accept and refuse what Appsmith accepts and refuses.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { fixtures } from "./fixtures.mjs";
import { startAppsmith } from "./harness.mjs";

let appsmith;
let app;
before(async () => {
  appsmith = await startAppsmith({ fixtures, withPackage: false });
  app = await appsmith.newApp({ mode: "EDIT", libraries: [] });
});
after(() => appsmith?.stop());

const refused = (path) => ({ message: `The script at ${path} cannot be installed.` });
const noAccessor = { message: "Unable to determine a unique accessor" };

/** A tab in which a file of the CDN was installed: `outcome` is the accessors, or the message of the refusal. */
async function installed(path, { cdn = "cors", libraries = [] } = {}) {
  app.libraries.splice(0, Infinity, ...libraries);
  const tab = await app.open();
  const { success, accessor, message, definitionMs } = await tab.install(appsmith.cdn[cdn] + path);
  return { tab, definitionMs, outcome: success ? accessor : { message: message.replace(appsmith.cdn[cdn], "") } };
}

/** A test that installs one file and looks at what came of it. */
function fixture(name, path, expected, more = async () => {}, options) {
  test(`fixture ${name}`, async () => {
    const { tab, outcome, definitionMs } = await installed(path, options);
    assert.deepEqual(outcome, expected);
    await more(tab, definitionMs);
    await tab.page.close();
  });
}

fixture("umd: one global, and it works on the next line", "/umd.js", ["AppAuth"], async (tab) => {
  assert.equal(await tab.run("AppAuth.version"), "1");
});

test("fixture umd-taken: the name gets a number", async () => {
  const { tab } = await installed("/umd.js", { cdn: "plain" });
  const again = await tab.install(`${appsmith.cdn.plain}/umd.js?again`);
  assert.deepEqual(again.accessor, ["AppAuth_1"]);
  assert.equal(await tab.run("AppAuth_1.version"), "1");
  await tab.page.close();
});

fixture("toplevel-const: what Appsmith can't see is refused, though it is there", "/toplevel-const.js", noAccessor, async (tab) => {
  assert.equal(await tab.send("INSPECT", "typeof Hidden"), "object");
});

fixture("toplevel-var: accepted, and can't be taken back", "/toplevel-var.js", ["Sticky"], async (tab) => {
  await tab.send("UNINSTALL_LIBRARY", `${appsmith.cdn.cors}/toplevel-var.js`);
  assert.deepEqual(await tab.send("INSPECT", "['Sticky' in self, typeof Sticky]"), [true, "undefined"]);
});

fixture("two-globals: both are accessors, the last names the library", "/two-globals.js", ["B1", "A1"]);

fixture("root-default: exports on the scope move under the address's name", "/root-default.js", ["root_default_js"], async (tab) => {
  assert.deepEqual(await tab.run("[root_default_js.main, root_default_js.signin(), typeof self.signin]"), [true, "in", "undefined"]);
});

fixture("throws: refused", "/throws.js", refused("/throws.js"));

fixture(
  "partial-then-throws: refused, and what it left is gone at the next event",
  "/partial-then-throws.js",
  refused("/partial-then-throws.js"),
  async (tab) => {
    assert.equal(await tab.send("INSPECT", "typeof Half"), "object");
    assert.equal(await tab.run("typeof Half"), "undefined");
  },
);

fixture("frozen: accepted", "/frozen.js", ["Frozen"], async (tab) => assert.equal(await tab.run("Frozen.add(2, 3)"), 5));

fixture("getter-spy: the walk for autocompletion runs getters, and survives one that throws", "/getter-spy.js", ["Spy"], async (tab) => {
  assert.equal(await tab.run("Spy.hits"), 1);
});

fixture("big-typed-array: accepted, and freezes the editor", "/big-typed-array.js", ["Big"], async (_, definitionMs) => {
  assert.ok(definitionMs > 100, `walked in ${definitionMs} ms`);
});

fixture("esm-named: installed through import, without live bindings", "/esm-named.mjs", ["esm_named_mjs"], async (tab) => {
  assert.deepEqual(await tab.run("[esm_named_mjs.inc(), esm_named_mjs.counter]"), [1, 0]);
});

fixture("esm-named without CORS: refused", "/esm-named.mjs", refused("/esm-named.mjs"), undefined, { cdn: "plain" });

fixture("esm-mixed-fn: a function with named exports beside it can't be called", "/esm-mixed-fn.mjs", ["esm_mixed_fn_mjs"], async (tab) => {
  assert.deepEqual(await tab.run("[typeof esm_mixed_fn_mjs, esm_mixed_fn_mjs.a]"), ["object", 1]);
});

fixture("esm-prim: refused", "/esm-prim.mjs", refused("/esm-prim.mjs"));

fixture("esm-tla: awaited", "/esm-tla.mjs", ["esm_tla_mjs"], async (tab) => assert.equal(await tab.run("esm_tla_mjs.late"), "waited"));

fixture("wrong-mime: refused", "/wrong-mime.js", refused("/wrong-mime.js"));

fixture("404: refused", "/missing.js", refused("/missing.js"));

fixture("wasm-nomodules-raw: refused, the document has no currentScript", "/wasm-nomodules-raw.js", refused("/wasm-nomodules-raw.js"));

for (const cdn of ["cors", "plain"]) {
  fixture(
    `wasm-umd-sync on the CDN ${cdn}: works at once, in events and in data fields`,
    "/wasm-umd-sync.js",
    ["AppAuth"],
    async (tab) => {
      assert.equal(await tab.run("AppAuth.add(2, 3)"), 5);
      assert.deepEqual(await tab.field("AppAuth.add(2, 3)"), { result: 5 });
    },
    { cdn },
  );
}

test("fixture wasm-umd-async: installs, and whether it works is a race that needs CORS", async () => {
  const cors = await installed("/wasm-umd-async.js");
  assert.deepEqual(cors.outcome, ["AppAuth"]);
  await cors.tab.page.waitForTimeout(300);
  assert.equal(await cors.tab.run("AppAuth.add(2, 3)"), 5);
  const plain = await installed("/wasm-umd-async.js", { cdn: "plain" });
  await plain.tab.page.waitForTimeout(300);
  assert.match((await plain.tab.trigger("AppAuth.add(2, 3)")).errors[0].message, /Cannot read properties of undefined \(reading 'add'\)/);
  await Promise.all([cors.tab.page.close(), plain.tab.page.close()]);
});

for (const kind of ["sync", "tla"]) {
  fixture(`wasm-esm-${kind}: works, with CORS`, `/wasm-esm-${kind}.mjs`, [`wasm_esm_${kind}_mjs`], async (tab) => {
    assert.equal(await tab.run(`wasm_esm_${kind}_mjs.add(2, 3)`), 5);
  });
}

fixture(
  "wasm-web-raw: installs, and nothing works until the hidden default is called",
  "/wasm-web-raw.mjs",
  ["wasm_web_raw_mjs"],
  async (tab) => {
    assert.match((await tab.trigger("wasm_web_raw_mjs.add(2, 3)")).errors[0].message, /Cannot read properties of undefined/);
    assert.equal(await tab.run("Object.getPrototypeOf(wasm_web_raw_mjs)().then(() => wasm_web_raw_mjs.add(2, 3))"), 5);
  },
);

fixture("wasm-bundler: refused, a browser imports no wasm file", "/wasm-bundler.mjs", refused("/wasm-bundler.mjs"));
