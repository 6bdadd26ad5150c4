// @ts-check
/** Loads doorkey as its users get it: from the packed tarball, unpacked into a node_modules folder of its own. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const PKG = fileURLToPath(new URL("../../pkg", import.meta.url));

/** The tarball that DOORKEY_TARBALL names, else the newest one that was packed here. */
export function findTarball() {
  const given = process.env.DOORKEY_TARBALL;
  if (given) {
    if (existsSync(given)) return resolve(given);
    throw new Error(`DOORKEY_TARBALL names ${given}, which is not there`);
  }
  const [newest] = (existsSync(PKG) ? readdirSync(PKG) : [])
    .filter((name) => /^doorkey-.*\.tgz$/.test(name))
    .map((name) => join(PKG, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (newest) return newest;
  throw new Error('there is no packed doorkey-*.tgz yet: run "npm run pack" first, or set DOORKEY_TARBALL');
}

/** Unpacks the tarball and imports `doorkey` from it. The folder is removed when the process ends. */
export async function importPackage() {
  const tarball = findTarball();
  const dir = mkdtempSync(join(tmpdir(), "doorkey-package-"));
  process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
  const home = join(dir, "node_modules/doorkey");
  mkdirSync(home, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", home, "--strip-components=1"]);
  // A file in that folder imports by name, so that the package's own `exports` decide.
  writeFileSync(join(dir, "entry.mjs"), 'export * from "doorkey";\n');
  const doorkey = await import(pathToFileURL(join(dir, "entry.mjs")).href);
  await doorkey.ready;
  return { doorkey, tarball, dir };
}
