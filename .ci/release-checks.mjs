// @ts-check
// What must hold of a release: each check gives what is wrong, and what to do about it.

const VERSION = /^(\d+)\.(\d+)\.(\d+)(?:-[\w.]+)?$/;
/** By how much a size may differ from what is kept: brotli's differ a little between versions of Node. */
const NEWS = 64;
/** By which part a file may grow from one release to the next before CHANGELOG.md has to say so, by the word "size". */
const GROWTH = 0.02;

/** @param {string} text */
const parts = (text) => (VERSION.exec(text) ?? []).slice(1, 4).map(Number);

/** Whether a version comes before another. @param {string} a @param {string} b */
function isBefore(a, b) {
  const [one, other] = [parts(a), parts(b)];
  const at = one.findIndex((part, index) => part !== other[index]);
  return at >= 0 && one[at] < other[at];
}

/** The release before this version. @param {string[]} tags @param {string} version */
export function lastTag(tags, version) {
  const before = tags.filter((tag) => VERSION.test(tag.slice(1)) && isBefore(tag.slice(1), version));
  return before.sort((a, b) => (isBefore(a.slice(1), b.slice(1)) ? -1 : 1)).at(-1);
}

/** @param {{ package: string, crate: string, tags: string[] }} given */
export function version({ package: npm, crate, tags }) {
  const found = [];
  if (!VERSION.test(npm)) found.push(`"${npm}" is no version`);
  if (npm !== crate)
    found.push(`the package is ${npm} and the crate ${crate}: make pkg-template/package/package.json and Cargo.toml equal`);
  if (tags.includes(`v${npm}`)) found.push(`v${npm} is released already: raise the version`);
  const later = tags.find((tag) => isBefore(npm, tag.slice(1)));
  if (later) found.push(`${later} is later than ${npm}: raise the version`);
  return found;
}

/** @param {string} text @param {string} version @param {string | undefined} last */
export function changelog(text, version, last) {
  const [heading, body] = newest(text);
  if (heading !== version) return [`CHANGELOG.md begins with "## ${heading}": write what is new under "## ${version}"`];
  const found = [];
  if (body.trim().length < 40) found.push(`CHANGELOG.md says nothing under "## ${version}"`);
  if (!last || !body.includes("**BREAKING**")) return found;
  const [now, before] = [parts(version), parts(last.slice(1))];
  const raised = now[0] > before[0] || (now[0] === 0 && now[1] > before[1]);
  if (!raised) found.push(`something breaks since ${last}: raise the ${now[0] === 0 ? "second" : "first"} number`);
  return found;
}

/** Where a document names a version to install, it is this one. @param {string} path @param {string} text @param {string} version */
export function wherever(path, text, version) {
  const named = [...text.matchAll(/npm\/doorkey@([^/\s]+)\//g)].map(([, at]) => at);
  return [...new Set(named)].filter((at) => at !== version).map((at) => `${path} names doorkey@${at}: write ${version}`);
}

/** What CHANGELOG.md says of its newest version. @param {string} text */
export const newest = (text) => /^## (\S+)\n([^]*?)(?=^## |$(?![^]))/m.exec(text)?.slice(1, 3) ?? ["", ""];

/**
 * @param {{ now: Record<string, number>, told: string, kept: Record<string, number> | null, then: Record<string, number> | null | undefined, last: string | undefined }} given
 *   told: what CHANGELOG.md says of this version; kept: what .ci/sizes.json says; then: what it said at the last release
 */
export function sizes({ now, told, kept, then, last }) {
  const found = [];
  const names = [...new Set([...Object.keys(now), ...Object.keys(kept ?? {})])];
  const differing = names.filter((name) => !(Math.abs((now[name] ?? 0) - (kept?.[name] ?? 0)) <= NEWS));
  if (differing.length) found.push(`.ci/sizes.json is out of date (${differing.join(", ")}): npm run release -- --sizes`);
  if (last && !then) found.push(`${last} has no .ci/sizes.json to compare with`);
  for (const [name, bytes] of Object.entries(now)) {
    const before = then?.[name];
    if (before && bytes > before * (1 + GROWTH) && !/\bsize\b/i.test(told)) {
      found.push(`${name} has grown from ${before} to ${bytes} bytes since ${last}: say so in CHANGELOG.md, under "size"`);
    }
  }
  return found;
}

/** What npm wants before it says where a package was built. @param {any} manifest @param {string} workflow */
export function provenance(manifest, workflow) {
  const found = [];
  const { access, provenance: isAsked } = manifest.publishConfig ?? {};
  if (access !== "public" || isAsked !== true) found.push('package.json: "publishConfig": { "access": "public", "provenance": true }');
  if (!manifest.repository?.url)
    found.push('package.json has no "repository": npm compares it with the repository whose CI publishes, so write its public address');
  if (!/^ +id-token: write$/m.test(workflow)) found.push(".github/workflows/release.yml: the job that publishes needs `id-token: write`");
  return found;
}
