// @ts-check
// The reference, made of the types by TypeDoc: a page for each interface, function and type.

import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { root } from "./pages.mjs";
import { run } from "./programs.mjs";

const TYPES = join(root, "pkg-template/package/types");
/** What of it is a page: the folder that TypeDoc names it by, and the heading over it. */
const KINDS = { functions: "Functions", variables: "Members", classes: "Classes", interfaces: "Interfaces", "type-aliases": "Types" };

/**
 * @param {string} out where the pages go @param {string} modules where TypeDoc is installed
 * @returns {Promise<{ text: string, items: { text: string, link: string }[] }[]>} what stands in the sidebar
 */
export async function makeReference(out, modules) {
  await mkdir(out, { recursive: true });
  const compilerOptions = {
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["es2022", "dom"],
    skipLibCheck: true,
    types: [],
  };
  const files = [join(TYPES, "doorkey.d.ts")];
  await writeFile(join(out, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const options = {
    plugin: [join(modules, "node_modules/typedoc-plugin-markdown/dist/index.js")],
    entryPoints: files,
    tsconfig: join(out, "tsconfig.json"),
    out,
    readme: "none",
    name: "Reference",
    cleanOutputDir: false,
    disableSources: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    entryFileName: "index",
    useCodeBlocks: true,
    parametersFormat: "table",
    excludeNotDocumented: false,
    treatWarningsAsErrors: true,
    validation: { invalidLink: true, notExported: false, notDocumented: false },
  };
  await writeFile(join(out, "typedoc.json"), JSON.stringify(options));
  await run("typedoc", ["--options", join(out, "typedoc.json")]);
  const groups = [];
  for (const [folder, text] of Object.entries(KINDS)) {
    const names = (await readdir(join(out, folder)).catch(() => [])).filter((name) => name.endsWith(".md")).sort();
    const items = names.map((name) => ({ text: name.slice(0, -3), link: `/reference/${folder}/${name.slice(0, -3)}` }));
    if (items.length) groups.push({ text, items });
  }
  return groups;
}
