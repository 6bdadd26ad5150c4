// @ts-check
/** What the registry promises of its servers, and that docs/servers.md has the same ones. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { MATRIX } from "./matrix/registry.mjs";
import { packagesOf, reasons } from "./matrix.mjs";
import { BEHAVIOURS, DEFAULTS } from "./registry.mjs";

const SERVERS = [...DEFAULTS, ...MATRIX];
const DOCUMENT = readFileSync(new URL("../../docs/servers.md", import.meta.url), "utf8");

describe("the registry of servers", () => {
  test("a server is held to each behaviour, or says why not", () => {
    for (const { name, cannot = {}, isRefresh, wrong, missing, refused } of SERVERS) {
      for (const behaviour of Object.keys(cannot)) assert.ok(BEHAVIOURS.includes(/** @type {any} */ (behaviour)), `${name}: ${behaviour}`);
      const can = (/** @type {import("./registry.mjs").Behaviour} */ behaviour) => !cannot[behaviour];
      assert.equal(can("one refresh"), isRefresh !== undefined, name);
      assert.equal(can("wrong password"), wrong !== undefined, name);
      assert.equal(can("field errors"), missing !== undefined, name);
      assert.equal(isRefresh !== undefined, refused !== undefined, name);
    }
  });

  test("no two have one name, and each package has a version that is pinned", () => {
    assert.equal(new Set(SERVERS.map(({ name }) => name)).size, SERVERS.length);
    for (const { name } of SERVERS) assert.doesNotMatch(packagesOf(name), /of no known version/);
  });

  test("docs/servers.md has each of them in its present version, no other, and nothing that fails", () => {
    const table = DOCUMENT.slice(DOCUMENT.indexOf("<!-- matrix: begin -->"), DOCUMENT.indexOf("<!-- matrix: end -->"));
    const rows = table.split("\n").filter((line) => line.startsWith("| "));
    const [, ...kept] = rows.map((row) => row.slice(2, -2).split(" | "));
    assert.deepEqual(
      kept.map(([name, versions]) => [name, versions]),
      SERVERS.map(({ name }) => [name, packagesOf(name)]).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    for (const [name, , ...cells] of kept) {
      const { cannot = {} } = SERVERS.find((server) => server.name === name) ?? {};
      for (const [at, behaviour] of BEHAVIOURS.entries())
        assert.match(cells[at], cannot[behaviour] ? /^-$/ : /^(yes|only .*)$/, `${name}: ${behaviour}`);
    }
    assert.ok(DOCUMENT.includes(reasons()), "the reasons are those of the registry");
  });
});
