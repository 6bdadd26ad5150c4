// @ts-check
// Whether a dependency is known to be weak, and whether the crates keep to deny.toml. The packages themselves depend on nothing;
// what is asked about are the crates in the wasm and what builds and tests it.
//
//   npm test -- audit
//
// Asks npm's registry for each lock file that is here, and the advisories of RustSec by cargo-audit and cargo-deny (`cargo install cargo-audit cargo-deny`), which
// fetch them. Without a network: DOORKEY_ADVISORY_DB names a checkout of RustSec's advisory-db. What could not be asked has shown
// nothing, and is no green run.
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const { DOORKEY_ADVISORY_DB: database } = process.env;

/** What says that nobody was asked, rather than that something is weak. */
const UNASKED =
  /no such command|audit endpoint|ENOTFOUND|ECONNREFUSED|EAI_AGAIN|couldn't fetch|failed to fetch|couldn't open|failed to download/i;

/** Where lock files of npm are: our own, and those of what is built, measured or tested against. */
const { stdout: locks } = spawnSync("git", ["ls-files", "package-lock.json", "*/package-lock.json"], { cwd: ROOT, encoding: "utf8" });
const folders = locks.trim().split("\n").map(dirname);

const CHECKS = {
  ...Object.fromEntries(
    folders.map((folder) => [
      `npm packages, ${folder === "." ? "here" : folder}`,
      ["npm", "audit", "--package-lock-only", "--audit-level=moderate", `--prefix=${folder}`],
    ]),
  ),
  "crates, by advisories": ["cargo", "audit", "--deny=warnings", ...(database ? ["--db", database, "--no-fetch"] : [])],
  "crates, by licence and source": ["cargo", "deny", "--locked", "check", "bans", "licenses", "sources"],
};

let isGreen = true;
for (const [what, [command, ...args]] of Object.entries(CHECKS)) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: ROOT, encoding: "utf8" });
  const told = `${stdout ?? ""}${stderr ?? ""}${error ?? ""}`.trim();
  const verdict = status === 0 ? "ok" : UNASKED.test(told) ? "not asked" : "WEAK";
  isGreen &&= verdict === "ok";
  console.log(`${verdict.padEnd(10)} ${what}: ${[command, ...args].join(" ")}`);
  if (verdict !== "ok") console.log(told.replace(/^/gm, "           "));
}
process.exitCode = isGreen ? 0 : 1;
