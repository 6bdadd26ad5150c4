// @ts-check
/**
 * node .ci/release.mjs --dry | --sizes        (npm run release packs first)
 *
 * --dry    says what a release would publish, and what is not right for it. It publishes nothing; CONTRIBUTING.md has the recipe.
 *          --tagged: this is the release, so the tag of its version is there, and names this commit
 * --sizes  writes the sizes of the package down, which the next release is compared with
 *
 * The exit status is 0 where nothing is wrong.
 */
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";

import { changelog, lastTag, newest, provenance, sizes, version, wherever } from "./release-checks.mjs";

const execute = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));
const SIZES = ".ci/sizes.json";
/** Where the text names the version that is to be installed. */
const NAMING = ["README.md", "docs/start/builder.md", "docs/start/page.md"];

const read = (/** @type {string} */ path) => readFile(join(root, path), "utf8");
/** @param {string} program @param {string[]} args */
const run = async (program, args) => (await execute(program, args, { cwd: root, maxBuffer: 1e8 })).stdout;
const bin = (/** @type {string} */ name) => join(root, "node_modules/.bin", name);

/** What each file of dist takes after brotli. */
async function measure() {
  const dist = join(root, "pkg/dist");
  /** @type {Record<string, number>} */
  const found = {};
  for (const name of (await readdir(dist)).filter((name) => !/\.d\.m?ts$/.test(name)).sort()) {
    const bytes = await readFile(join(dist, name));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    found[name] = brotliCompressSync(bytes, { params }).length;
  }
  return found;
}

/** Runs a program whose exit status is the verdict. @param {string} program @param {string[]} args */
const verdict = (program, args) =>
  run(program, args).then(
    () => [],
    ({ stdout, stderr, message }) => [String(stdout || stderr || message).trim()],
  );

/** @param {boolean} isTagged */
async function dry(isTagged) {
  const manifest = JSON.parse(await read("pkg-template/package/package.json"));
  const crate = /^\[workspace\.package\][^[]*^version = "([^"]+)"/m.exec(await read("Cargo.toml"))?.[1] ?? "";
  const allTags = (await run("git", ["tag", "--list", "v*"])).split("\n").filter(Boolean);
  const here = (await run("git", ["tag", "--points-at", "HEAD"])).split("\n");
  const own = `v${manifest.version}`;
  const tags = isTagged ? allTags.filter((tag) => tag !== own) : allTags;
  const last = lastTag(tags, manifest.version);
  const tarball = `pkg/doorkey-${manifest.version}.tgz`;
  const then = last && JSON.parse(await run("git", ["show", `${last}:${SIZES}`]).catch(() => "null"));
  const now = await measure();
  const naming = await Promise.all(NAMING.map(async (path) => wherever(path, await read(path), manifest.version)));
  const workflow = await read(".github/workflows/release.yml");
  const changes = (await run("git", ["status", "--porcelain"])).trim();
  /** @type {[string, string[] | Promise<string[]>][]} */
  const checks = [
    ["version", version({ package: manifest.version, crate, tags })],
    ["changelog", changelog(await read("CHANGELOG.md"), manifest.version, last)],
    ["documents", naming.flat()],
    [
      "sizes",
      sizes({ now, told: newest(await read("CHANGELOG.md"))[1], kept: JSON.parse(await read(SIZES).catch(() => "null")), then, last }),
    ],
    ["types", verdict(bin("tsc"), ["--noEmit", "--project", "tests/package/types"])],
    ["publint", verdict(bin("publint"), ["run", "--strict", tarball])],
    ["attw", verdict(bin("attw"), ["--format", "ascii", "--no-emoji", tarball])],
    ["provenance", provenance(manifest, workflow)],
    ["tag", isTagged && !here.includes(own) ? [`this commit has no tag ${own}: the tag and the version differ`] : []],
    ["tree", changes ? [`not committed:\n${changes}`] : []],
  ];
  let isReady = true;
  for (const [name, found] of checks) {
    const problems = await found;
    isReady &&= problems.length === 0;
    console.log(`${problems.length ? "NOT" : "ok "}  ${name}`);
    for (const problem of problems) console.log(problem.replace(/^/gm, "       "));
  }
  console.log(`\nsizes after brotli${last ? `, beside ${last}` : ", no release to compare them with"}:`);
  for (const [name, bytes] of Object.entries(now)) {
    const before = then?.[name];
    console.log(`  ${name.padEnd(24)}${String(bytes).padStart(8)}${before ? `  ${bytes - before >= 0 ? "+" : ""}${bytes - before}` : ""}`);
  }
  const packed = JSON.parse(await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "./pkg"]));
  const [{ files, size }] = Array.isArray(packed) ? packed : Object.values(packed);
  const sources = (await run("cargo", ["package", "--list", "--allow-dirty", "--package", "doorkey"])).trim().split("\n");
  console.log(
    `\nnpm:    doorkey ${manifest.version}, ${files.length} files, ${size} bytes packed: npm publish ${tarball} --provenance --access public`,
  );
  console.log(`crate:  doorkey ${crate}, ${sources.length} files: cargo publish --package doorkey`);
  console.log(`tag:    v${manifest.version}`);
  console.log(isReady ? "\nready. Nothing was published." : "\nnot ready. Nothing was published.");
  process.exitCode = isReady ? 0 : 1;
}

const flag = /** @type {const} */ ({ type: "boolean", default: false });
const { dry: isDry, sizes: isSizes, tagged } = parseArgs({ options: { dry: flag, sizes: flag, tagged: flag } }).values;
if (isDry) await dry(tagged);
else if (isSizes) await writeFile(join(root, SIZES), `${JSON.stringify(await measure(), null, 2)}\n`);
else {
  console.error(
    "doorkey: --dry or --sizes. Publishing is done by .github/workflows/release.yml, when a tag is pushed: CONTRIBUTING.md has the recipe",
  );
  process.exitCode = 1;
}
