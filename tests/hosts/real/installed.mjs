// Builders that are published as packages. Set-up installs each from its lock file into the user's cache.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The folder whose node_modules holds a builder, by the rule of set-up: named after what its lock file says.
 * @param {string} name a folder beside this file
 */
export function installed(name) {
  const lock = readFileSync(new URL(`${name}/package-lock.json`, import.meta.url));
  const hash = createHash("sha256").update(lock).digest("hex").slice(0, 16);
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "doorkey", `${name}-${hash}`);
  if (existsSync(join(folder, ".ok"))) return folder;
  throw new Error(`${name} is not installed in ${folder}: run "cargo xtask setup"`);
}
