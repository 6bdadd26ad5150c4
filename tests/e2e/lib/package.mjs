// @ts-check
/** Unpacks the packed tarball: what is tested is what would be published. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findTarball } from "../../servers/package.mjs";

/**
 * Unpacks the tarball into a directory of this process, which is removed when the process ends.
 * @returns {string} the directory that holds the package's package.json
 */
export function unpackPackage(tarball = findTarball()) {
  const directory = mkdtempSync(join(tmpdir(), "doorkey-e2e-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  execFileSync("tar", ["-xzf", tarball, "-C", directory, "--strip-components=1"]);
  return directory;
}
