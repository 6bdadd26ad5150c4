// @ts-check
/**
 * node www/docs/build.mjs [--out folder] [--base /docs/] [--workbench address]        (npm run docs installs what it needs first)
 *
 * Builds the documents as a site of static files, by VitePress: docs, SECURITY, CHANGELOG, the walkthroughs of the templates, and a
 * reference that TypeDoc makes of the types. Where nothing has changed since, it builds nothing.
 *
 * --out        where the files go; default target/docs/site, where `npm start` serves them from
 * --base       the path that they will be served at
 * --workbench  where "Open in workbench" leads: an address, by default the workbench beside the site, or "none" for no such links
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { withLinks } from "./flows.mjs";
import { asPage, readPages, root, titleOf } from "./pages.mjs";
import { installed, run } from "./programs.mjs";
import { makeReference } from "./reference.mjs";
import { sidebars } from "./sidebar.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Where the site is unless another place is named. */
export const SITE = join(root, "target/docs/site");

/**
 * @param {{ out?: string, base?: string, workbench?: string }} [where]
 * @returns {Promise<boolean>} whether there was anything to do
 */
export async function buildDocs({ out = SITE, base = "/docs/", workbench = "../workbench/" } = {}) {
  if (!/^\/(.*\/)?$/.test(base)) throw new Error(`--base begins and ends with a slash, and ${base} does not`);
  const stamp = await stampOf(base, workbench);
  if (existsSync(join(out, "index.html")) && (await readFile(join(out, ".stamp"), "utf8").catch(() => "")) === stamp) return false;
  const work = `${out}.${process.pid}.work`; // another process may build the same
  try {
    await make(work, base, workbench);
    await rm(out, { recursive: true, force: true });
    await rename(join(work, ".vitepress/dist"), out);
    await writeFile(join(out, ".stamp"), stamp);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return true;
}

/**
 * Puts the pages together in a folder, and builds them there.
 * @param {string} work @param {string} base @param {string} workbench
 */
async function make(work, base, workbench) {
  const modules = installed();
  await mkdir(join(work, "public"), { recursive: true });
  await symlink(join(modules, "node_modules"), join(work, "node_modules"));
  const pages = await readPages();
  const titles = new Map(await Promise.all([...pages.keys()].map(async (path) => /** @type {const} */ ([path, await titleOf(path)]))));
  for (const [path, page] of pages) {
    const text = asPage(path, await readFile(join(root, path), "utf8"), pages, titles);
    // The address of the workbench is beside that of the site, however deep the page is.
    const address = workbench.startsWith(".") ? "../".repeat(page.split("/").length - 1) + workbench : workbench;
    await write(join(work, page), workbench === "none" ? text : await withLinks(text, address));
  }
  await cp(join(root, "docs/pictures"), join(work, "pictures"), { recursive: true });
  await cp(join(root, "www/icon.svg"), join(work, "public/icon.svg"));
  const reference = await makeReference(join(work, "reference"), modules);
  await cp(join(here, "site"), join(work, ".vitepress"), { recursive: true });
  const { version } = JSON.parse(await readFile(join(root, "pkg-template/package/package.json"), "utf8"));
  const given = { base, version, sidebar: await sidebars(pages, reference) };
  await write(join(work, ".vitepress/given.json"), JSON.stringify(given));
  await run("vitepress", ["build", work]);
}

/** @param {string} path @param {string} text */
async function write(path, text) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** Of all that the site is made of. @param {string[]} words */
async function stampOf(...words) {
  const hash = createHash("sha256").update(JSON.stringify(words));
  const folders = [
    "docs",
    "www/docs",
    "www/workbench/link.js",
    "www/workbench/flow.js",
    "www/workbench/secrets.js",
    "pkg-template/package/types",
    "pkg-template/package/templates",
    "pkg-template/package/providers",
  ];
  for (const folder of [...folders, "SECURITY.md", "CHANGELOG.md", "pkg-template/package/package.json"]) {
    const names = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => undefined);
    const files = names?.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)) ?? [join(root, folder)];
    for (const file of files.sort()) hash.update(file.slice(root.length)).update(await readFile(file));
  }
  return hash.digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = /** @type {const} */ ({ type: "string" });
  const { out, ...rest } = parseArgs({ options: { out: text, base: text, workbench: text } }).values;
  const folder = out === undefined ? SITE : resolve(out);
  try {
    const isNew = await buildDocs({ out: folder, ...rest });
    console.log(`docs: ${folder}${isNew ? "" : " (nothing has changed)"}`);
  } catch (error) {
    console.error(`doorkey: ${/** @type {Error} */ (error).message}`);
    process.exitCode = 1;
  }
}
