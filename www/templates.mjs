// @ts-check
// The templates of a package as data for the page that shows them: each host's README as HTML, its files as they are pasted, with the
// package's own version where one belongs.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { marked } from "marked";

/** Names that are not just the folder's with a capital. @type {Record<string, string>} */
const NAMES = { dronahq: "DronaHQ", nocobase: "NocoBase", tooljet: "ToolJet", uibakery: "UI Bakery", weweb: "WeWeb" };

/** @param {string} packageDir the unpacked package */
export async function readTemplates(packageDir) {
  const root = join(packageDir, "templates");
  const { version } = JSON.parse(await readFile(join(packageDir, "package.json"), "utf8"));
  const hosts = (await readdir(root)).sort();
  return Promise.all(
    hosts.map(async (host) => {
      const paths = (await readdir(join(root, host), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(join(root, host).length + 1))
        .sort();
      const read = async (/** @type {string} */ path) =>
        (await readFile(join(root, host, path), "utf8")).replaceAll("@<version>", `@${version}`);
      const files = paths.filter((path) => path !== "README.md");
      return {
        host,
        name: NAMES[host] ?? host[0].toUpperCase() + host.slice(1),
        readme: marked.parse(await read("README.md"), { async: false }),
        files: await Promise.all(files.map(async (path) => ({ path, code: await read(path) }))),
      };
    }),
  );
}
