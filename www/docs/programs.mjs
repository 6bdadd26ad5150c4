// @ts-check
// The programs that build the site: set-up installs them in a folder of the user's cache.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The folder, by the rule of set-up: named after the lock file. */
export function installed() {
  const lock = readFileSync(new URL("package-lock.json", import.meta.url));
  const hash = createHash("sha256").update(lock).digest("hex").slice(0, 16);
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "doorkey", `docs-${hash}`);
  if (existsSync(join(folder, ".ok"))) return folder;
  throw new Error(`${folder} is not there: run "npm run docs", or "npm run setup"`);
}

/** Runs one of them. @param {string} name @param {string[]} args */
export async function run(name, args) {
  const program = join(installed(), "node_modules/.bin", name);
  await execute(program, args, { env: { ...process.env, NO_COLOR: "1" }, maxBuffer: 1e8 }).catch(({ stdout, stderr, message }) => {
    throw new Error(`${name} has failed: ${[stdout, stderr].join("\n").trim() || message}`);
  });
}
