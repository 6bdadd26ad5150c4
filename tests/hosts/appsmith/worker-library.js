// How Appsmith installs a custom JS library and loads it again with the app.

import { tree } from "./worker-tree.js";

const load = self.importScripts.bind(self);

/** The libraries that are there: [{ url, accessor: [names] }]. */
let libraries = [];

export const accessors = () => libraries.flatMap((library) => library.accessor);

class ImportError extends Error {
  constructor(url) {
    super(`The script at ${url} cannot be installed.`);
  }
}

/** The library's own names on the global scope, from how the scope changed while it loaded. */
export async function install({ url, takenNames, takenAccessors }) {
  const isTaken = (name) => takenNames.includes(name) || takenAccessors.includes(name);
  const hidden = hideTree();
  const installed = Object.fromEntries(takenAccessors.map((name) => [name, self[name]]));
  try {
    const before = Object.keys(self);
    const unset = before.filter((key) => self[key] === undefined);
    let names = [];
    let imported = false;
    try {
      load(url);
      moveDefault(url, before, isTaken);
      const changed = takenAccessors.filter((name) => self[name] !== installed[name]);
      const revived = unset.filter((key) => self[key] !== undefined);
      names = [...added(before), ...changed, ...revived].map((name) => rehome(name, isTaken));
    } catch {
      imported = true;
      names = [await importModule(url, uniqueAccessor(url, isTaken))];
    }
    if (names.length === 0) throw new Error("Unable to determine a unique accessor");
    const started = performance.now();
    const defs = names.map((name) => definitions(self[name]));
    const definitionMs = performance.now() - started;
    Object.assign(self, installed);
    libraries.push({ url, accessor: names });
    return { success: true, accessor: names, imported, definitionMs, definitions: defs };
  } catch (error) {
    Object.assign(self, hidden, installed);
    return { success: false, message: error.message };
  }
}

/** Every start of the app: one library after the other, under the names that the server remembers. */
export async function loadAll(list) {
  for (const name of accessors()) remove(name);
  libraries = [];
  /** The globals that the files made, by their own names: a second copy of a library takes the name of the first. */
  const made = {};
  for (const { url, accessor } of list) {
    const before = Object.keys(self);
    try {
      load(url);
      if ("default" in self && !before.includes("default")) {
        self[accessor[0]] = self.default;
        delete self.default;
      }
      // By sorted position, as Appsmith does it: a library whose globals differ from the first time changes names.
      const names = [...added(before), ...Object.keys(made).filter((name) => made[name] !== self[name])].sort();
      const wanted = [...accessor].sort();
      names.forEach((name, at) => {
        self[wanted[at]] = self[name];
        made[name] = self[name];
      });
    } catch {
      try {
        await importModule(url, accessor[0]);
        made[accessor[0]] = self[accessor[0]];
      } catch (error) {
        return { success: false, message: error.message };
      }
    }
    libraries.push({ url, accessor });
  }
  return { success: true };
}

export function uninstall(url) {
  const library = libraries.find((one) => one.url === url);
  library?.accessor.forEach(remove);
  libraries = libraries.filter((one) => one !== library);
  return { success: Boolean(library) };
}

function remove(name) {
  try {
    delete self[name];
  } catch {
    self[name] = undefined;
  }
}

const added = (before) => Object.keys(self).filter((key) => !before.includes(key));

function hideTree() {
  const hidden = {};
  for (const name of Object.keys(tree)) {
    hidden[name] = self[name];
    delete self[name];
  }
  return hidden;
}

/** A UMD build without a name leaves its exports, `default` among them, on the scope: they move under one name. */
function moveDefault(url, before, isTaken) {
  if (!added(before).includes("default")) return;
  const name = uniqueAccessor(url, isTaken);
  const rest = added(before).filter((key) => key !== "default");
  const main = self.default;
  delete self.default;
  self[name] = main;
  for (const key of rest) {
    self[name][key] = self[key];
    delete self[key];
  }
}

function rehome(name, isTaken) {
  if (!isTaken(name)) return name;
  const free = numbered(name, isTaken);
  self[free] = self[name];
  return free;
}

async function importModule(url, name) {
  try {
    self[name] = flatten(await import(/* @vite-ignore */ url));
    return name;
  } catch {
    throw new ImportError(url);
  }
}

/** A default export alone is the library; else the named exports are copied over an object that inherits from it. */
function flatten(module) {
  const keys = Object.keys(module);
  if (keys.length === 1 && keys[0] === "default") return module.default;
  const library = Object.create(module.default ?? {});
  for (const key of keys) if (key !== "default") library[key] = module[key];
  return library;
}

/** The name of an ES module: from its address, letters only. */
export function uniqueAccessor(url, isTaken) {
  const parts = url.split("/").filter(Boolean);
  const last = parts.at(-1).includes("+esm") ? parts.at(-2) : parts.at(-1);
  const name = last.replace(/[^a-zA-Z]/g, "_").replace(/_+$/, "");
  return isTaken(name) ? numbered(name, isTaken) : name;
}

function numbered(name, isTaken) {
  for (let count = 1; count < 100; count += 1) {
    const candidate = `${name}_${count}`;
    if (!isTaken(candidate) && !(candidate in self)) return candidate;
  }
  throw new Error("Unable to generate a unique accessor");
}

/** Walks all that a library exports, as the autocompletion does: getters run, and 5000 steps are the limit. */
function definitions(root) {
  const skipped = new Set(["constructor", "WINDOW", "window", "self", "arguments", "caller", "length", "name"]);
  const queue = [root];
  let steps = 0;
  while (queue.length && steps < 5000) {
    steps += 1;
    const value = queue.shift();
    if (value === null || !["object", "function"].includes(typeof value)) continue;
    const prototype = Object.getPrototypeOf(value);
    const names = Object.getOwnPropertyNames(value);
    if (prototype && prototype !== Object.prototype && prototype !== Function.prototype)
      names.push(...Object.getOwnPropertyNames(prototype));
    for (const name of names) {
      if (skipped.has(name)) continue;
      try {
        queue.push(value[name]);
      } catch {
        // A getter that throws is passed over.
      }
    }
  }
  return steps;
}
