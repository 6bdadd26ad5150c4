// What is published is what the hosts load: the packed tarball, unpacked.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findTarball } from "../../servers/package.mjs";

export function unpackPackage() {
  const tarball = findTarball();
  const folder = mkdtempSync(join(tmpdir(), "doorkey-host-"));
  execFileSync("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return {
    version,
    /** The path that a CDN has for a file of the package. */
    cdnPath: (/** @type {string} */ path) => `/npm/doorkey@${version}/${path}`,
    read: (/** @type {string} */ path) => readFileSync(join(folder, path), "utf8"),
    path: (/** @type {string} */ path) => join(folder, path),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
