// @ts-check
// What `npm run release -- --dry` says is wrong of a release: .ci/release-checks.mjs.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { changelog, lastTag, provenance, sizes, version, wherever } from "../../.ci/release-checks.mjs";
import { execute, root } from "./project.mjs";

/** @param {string[]} problems @param {RegExp} [pattern] */
function says(problems, pattern) {
  if (!pattern) return assert.deepEqual(problems, []);
  assert.equal(problems.length, 1, problems.join("\n"));
  assert.match(problems[0], pattern);
}

test("the version is that of the crate, and later than each tag", () => {
  says(version({ package: "0.2.0", crate: "0.2.0", tags: ["v0.1.0", "v0.1.9"] }));
  says(version({ package: "0.2.0", crate: "0.1.0", tags: [] }), /package is 0.2.0 and the crate 0.1.0/);
  says(version({ package: "0.2.0", crate: "0.2.0", tags: ["v0.2.0"] }), /released already/);
  says(version({ package: "0.9.0", crate: "0.9.0", tags: ["v0.10.0"] }), /v0.10.0 is later/);
  assert.equal(lastTag(["v0.9.0", "v0.10.0", "v0.2.0", "vote"], "0.11.0"), "v0.10.0");
  assert.equal(lastTag(["v0.11.0"], "0.11.0"), undefined);
});

test("the changelog begins with the version, says something, and a break raises a number", () => {
  const text = (/** @type {string} */ words) => `# Changes\n\n## 0.2.0\n\n${words}\n\n## 0.1.0\n\nThe first version.\n`;
  const words = "- **New**: something that users of the package see.";
  says(changelog(text(words), "0.2.0", "v0.1.0"));
  says(changelog(text(words), "0.3.0", "v0.1.0"), /begins with "## 0.2.0"/);
  says(changelog(text(""), "0.2.0", undefined), /says nothing/);
  const breaking = text(`${words} **BREAKING**: write it otherwise.`);
  says(changelog(breaking, "0.2.0", "v0.1.0"));
  says(changelog(breaking.replaceAll("0.2.0", "0.1.1"), "0.1.1", "v0.1.0"), /raise the second number/);
  says(changelog(breaking.replaceAll("0.2.0", "1.4.0"), "1.4.0", "v1.3.0"), /raise the first number/);
});

test("sizes are kept, and growth since the last tag is told", () => {
  const given = { now: { a: 10_000 }, kept: { a: 10_010 }, told: "", then: { a: 9_900 }, last: "v0.1.0" };
  says(sizes(given));
  says(sizes({ ...given, kept: { a: 9_000 } }), /out of date \(a\)/);
  says(sizes({ ...given, kept: null }), /out of date/);
  says(sizes({ ...given, then: null }), /v0.1.0 has no/);
  says(sizes({ ...given, then: { a: 9_000 } }), /grown from 9000 to 10000/);
  says(sizes({ ...given, then: { a: 9_000 }, told: "The size of a has grown." }));
  says(sizes({ ...given, then: undefined, last: undefined }));
});

test("provenance needs its flags, a repository, and a workflow that may prove who it is", async () => {
  const manifest = { repository: { url: "git+https://example.com/doorkey.git" }, publishConfig: { access: "public", provenance: true } };
  const workflow = await readFile(join(root, ".github/workflows/release.yml"), "utf8");
  says(provenance(manifest, workflow));
  says(provenance({ ...manifest, repository: undefined }, workflow), /no "repository"/);
  says(provenance({ ...manifest, publishConfig: {} }, workflow), /publishConfig/);
  says(provenance(manifest, workflow.replace("id-token: write", "id-token: none")), /id-token/);
  const { publishConfig } = JSON.parse(await readFile(join(root, "pkg-template/package/package.json"), "utf8"));
  assert.deepEqual(publishConfig, manifest.publishConfig);
});

test("a document that names another version is found", () => {
  says(wherever("README.md", "https://cdn.example/npm/doorkey@0.1.0/dist/x.js", "0.1.0"));
  says(wherever("README.md", "https://cdn.example/npm/doorkey@0.1.0/dist/x.js", "0.2.0"), /README.md names doorkey@0.1.0/);
});

test("the crate holds its sources and what stands beside them, and nothing of other folders", async () => {
  const { stdout } = await execute("cargo", ["package", "--list", "--allow-dirty", "--package", "doorkey"], { cwd: root });
  const others = stdout
    .trim()
    .split("\n")
    .filter((path) => !path.startsWith("src/"));
  const made = [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml", "Cargo.toml.orig"];
  assert.deepEqual(others.sort(), [...made, "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"].sort());
});

test("the workflows call what is there", async () => {
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const workflow = (/** @type {string} */ name) => readFile(join(root, `.github/workflows/${name}.yml`), "utf8");
  const texts = await Promise.all(["ci", "docs", "release"].map(workflow));
  for (const name of texts.flatMap((text) => [...text.matchAll(/npm run (\w+)/g)].map(([, name]) => name))) assert.ok(scripts[name], name);
  assert.match(texts[0], /run: \.ci\/run$/m);
  assert.match(texts[2], /run: \.ci\/run$/m);
});
