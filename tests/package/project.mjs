// @ts-check
// A project that has the packed tarball installed, as a user's would. Every test of this folder works on it.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const execute = promisify(execFile);
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** The tarball under test. */
export async function tarball() {
  if (process.env.DOORKEY_TARBALL) return process.env.DOORKEY_TARBALL;
  const pkg = join(root, "pkg");
  const names = (await readdir(pkg).catch(() => [])).filter((name) => /^doorkey-.*\.tgz$/.test(name));
  const found = await Promise.all(names.map(async (name) => ({ path: join(pkg, name), at: (await stat(join(pkg, name))).mtimeMs })));
  if (found.length === 0) throw new Error("there is no tarball: run `npm run pack` first");
  return found.sort((a, b) => b.at - a.at)[0].path;
}

/** @param {string} name a program of the repository's node_modules */
export const program = (name) => join(root, "node_modules/.bin", name);

/**
 * Installs the tarball in a new folder.
 * @param {Record<string, string>} [files] more files of the project, by path
 */
export async function makeProject(files = {}) {
  const dir = await realpath(await mkdtemp(join(tmpdir(), "doorkey-package-")));
  await writeFile(join(dir, "package.json"), JSON.stringify({ name: "project", private: true, type: "module" }));
  await execute("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", await tarball()], { cwd: dir });
  const project = {
    dir,
    /** The installed package. */
    installed: join(dir, "node_modules/doorkey"),
    /** @param {string} path in `dist` of the package */
    dist: (path) => readFile(join(dir, "node_modules/doorkey/dist", path)),
    /** @param {string} path @param {string | Uint8Array} content */
    async write(path, content) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), content);
      return join(dir, path);
    },
    /** Runs a module in a Node of its own, and gives what it prints as JSON. @param {string} source @param {string} [name] */
    async node(source, name = "main.mjs") {
      const { stdout } = await execute(process.execPath, [await project.write(name, source)], { cwd: dir });
      return JSON.parse(stdout);
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
  for (const [path, content] of Object.entries(files)) await project.write(path, content);
  return project;
}
