// @ts-check
// The presets of a package as data for the workbench: what their types and their table in docs/providers say of each.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** @typedef {import("./workbench/servers.js").Field} Field  @typedef {import("./workbench/servers.js").Preset} Preset */

/** @param {string} packageDir the unpacked package @param {string} docs the folder of the documents @returns {Promise<Preset[]>} */
export async function readProviders(packageDir, docs) {
  const types = await readFile(join(packageDir, "dist/doorkey.d.ts"), "utf8");
  const table = await readFile(join(docs, "providers/README.md"), "utf8");
  const presets = new Map(
    [
      ...between(types, "export const providers: {\n", "\n};").matchAll(
        / {2}\/\*\* (.+) \*\/\n {2}(\w+)\(options: ([\w |]+)\): Provider;/g,
      ),
    ].map(([, about, name, interfaces]) => [name, { about, interfaces: interfaces.split(" | ") }]),
  );
  // In the order of the table.
  return [...table.matchAll(/^\| \[`(\w+)`\]\(([\w-]+)\.md\) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|/gm)].flatMap(
    ([, name, page, server, byItself, byOthers]) => {
      const preset = presets.get(name);
      if (!preset) return [];
      const fields = joined(preset.interfaces.map((of) => fieldsOf(types, of)));
      return { name, server, page: `/docs/providers/${page}.html`, about: plain(preset.about), byItself, byOthers, fields };
    },
  );
}

/** The members of an interface that a form can ask for: its own, then those that it extends. @param {string} types @param {string} name @returns {Field[]} */
function fieldsOf(types, name) {
  const found = new RegExp(`export interface ${name}(?: extends (\\w+))? \\{\\n([^]*?)\\n\\}`).exec(types);
  if (!found) return [];
  const own = [...found[2].matchAll(/(?: {2}\/\*\* (.+) \*\/\n)? {2}(\w+)(\??): (.+);/g)].flatMap(([, about = "", member, mark, type]) => {
    const literals = [...type.matchAll(/"(\w+)"/g)].map(([, word]) => word);
    const choices = type === "boolean" ? ["true", "false"] : literals.length > 0 ? literals : undefined;
    if (!choices && type !== "string") return [];
    return { name: member, about: plain(about), isRequired: mark === "", choices };
  });
  const others = found[1] ? fieldsOf(types, found[1]) : [];
  return [...own, ...others.filter((other) => own.every((field) => field.name !== other.name))];
}

/** Of one that takes either of several: needed is what all of them need. @param {Field[][]} lists @returns {Field[]} */
function joined(lists) {
  const all = new Map(lists.flat().map((field) => [field.name, field]));
  for (const field of lists[0]) all.set(field.name, field); // it says most
  const isNeeded = (/** @type {string} */ name) => lists.every((list) => list.some((field) => field.name === name && field.isRequired));
  return [...all.values()]
    .map((field) => ({ ...field, isRequired: isNeeded(field.name) }))
    .sort((a, b) => Number(b.isRequired) - Number(a.isRequired));
}

/** Text without the marks of Markdown. @param {string} text */
const plain = (text) => text.replaceAll("`", "");

/** @param {string} text @param {string} begin @param {string} end */
const between = (text, begin, end) => text.split(begin)[1]?.split(end)[0] ?? "";
