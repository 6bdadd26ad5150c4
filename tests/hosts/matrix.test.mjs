import assert from "node:assert/strict";
import { test } from "node:test";

import { CAPABILITIES, Matrix, placeOf, renewed } from "./matrix.mjs";

const dashes = (count) => " - |".repeat(count);

test("a name says its host and its capability, or nothing", () => {
  assert.deepEqual(placeOf("tooljet: two tabs: one refresh for both"), { subject: "tooljet", column: "two tabs" });
  for (const name of ["tooljet: refresh", "tooljet: worker mode: refused", "it works"]) assert.equal(placeOf(name), undefined, name);
});

test("one failure makes a capability a no, and a skip alone is told", () => {
  const matrix = new Matrix();
  for (const [name, outcome] of [
    ["a: sign in: x", "yes"],
    ["a: sign in: y", "no"],
    ["a: sign in: z", "yes"],
    ["a: refresh: x", "skipped"],
    ["a: retry: x", "skipped"],
    ["a: retry: y", "yes"],
  ])
    matrix.add(name, outcome);
  assert.deepEqual(matrix.lines(), [`| a | no | skipped | yes |${dashes(CAPABILITIES.length - 3)}`]);
});

test("a restriction is told in place of a yes, and a failure in place of both", () => {
  const cell = (...tests) => {
    const matrix = new Matrix();
    for (const [name, outcome] of tests) matrix.add(name, outcome);
    return matrix.lines()[0].split(" | ")[1];
  };
  assert.equal(
    cell(["a: sign in: x", "yes"], ["a: sign in: y (only after a reload)", "yes"], ["a: sign in: z", "yes"]),
    "only after a reload",
  );
  assert.equal(cell(["a: sign in: y (only after a reload)", "yes"], ["a: sign in: x", "no"]), "no");
  assert.equal(cell(["a: sign in: y (only after a reload)", "no"]), "no");
});

test("rows of hosts that did not run are kept, and all are in order", () => {
  const row = (host, word) => `| ${[host, ...CAPABILITIES.map(() => word)].join(" | ")} |`;
  const first = renewed("before\n<!-- matrix: begin -->\n<!-- matrix: end -->\nafter", [row("b", "yes"), row("c", "no")]);
  const second = renewed(first, [row("a", "yes"), row("c", "yes")]);
  assert.deepEqual(second.split("\n").slice(4, 7), [row("a", "yes"), row("b", "yes"), row("c", "yes")]);
  assert.ok(second.startsWith("before\n") && second.endsWith("\nafter"));
  assert.equal(renewed(second, [row("a", "yes")]), second);
  assert.equal(renewed(second, [row("a", "-")]), second, "a part of the tests takes nothing away");
  assert.deepEqual(
    renewed(second, [row("a", "-")], true)
      .split("\n")
      .slice(4, 6),
    [row("a", "-"), "<!-- matrix: end -->"],
    "all of them do",
  );
  assert.throws(() => renewed("no marks", []), /no <!-- matrix: begin/);
});
