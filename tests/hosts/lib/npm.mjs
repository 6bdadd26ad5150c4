// The package as npm installs it, for apps that bundle it.

import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";

import { build } from "esbuild";

/**
 * Bundles an app that imports "doorkey" and "doorkey-templates/<path>", by the package's own `exports`.
 * @param {ReturnType<typeof import("./package.mjs").unpackPackage>} files
 * @param {string} entry
 * @param {{ alias?: Record<string, string>, changes?: Record<string, string>, transform?: Record<string, (text: string) => string>,
 *   options?: import("esbuild").BuildOptions }} [given] `changes`: texts of the templates that the builder puts others in place of;
 *   `transform`: what makes JavaScript of templates in another language, by the end of their names
 */
export async function bundleApp(files, entry, { alias = {}, changes = {}, transform = {}, options } = {}) {
  const modules = files.path("node_modules");
  mkdirSync(modules, { recursive: true });
  try {
    symlinkSync("..", join(modules, "doorkey"));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
  }
  /** @type {import("esbuild").Plugin} */
  const templates = {
    name: "templates",
    setup(build) {
      build.onResolve({ filter: /^doorkey-templates\// }, ({ path }) => ({
        path: files.path(path.replace("doorkey-", "")),
        namespace: "templates",
      }));
      build.onResolve({ filter: /^\./, namespace: "templates" }, ({ path, importer }) =>
        alias[path] ? undefined : { path: join(dirname(importer), path), namespace: "templates" },
      );
      build.onLoad({ filter: /.*/, namespace: "templates" }, ({ path }) => {
        let contents = readFileSync(path, "utf8");
        for (const [text, other] of Object.entries(changes)) contents = contents.replaceAll(text, other);
        const end = extname(path).slice(1);
        return { contents: transform[end]?.(contents) ?? contents, loader: end === "json" ? "json" : "js", resolveDir: dirname(path) };
      });
    },
  };
  /** @type {import("esbuild").Plugin} */
  const aliases = {
    name: "aliases",
    setup: (build) => build.onResolve({ filter: /.*/ }, ({ path }) => (alias[path] ? { path: alias[path] } : undefined)),
  };
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: "iife",
    logLevel: "error",
    nodePaths: [modules, resolve(import.meta.dirname, "../../../node_modules")],
    plugins: [aliases, templates],
    ...options,
    write: false,
  });
  return outputFiles[0].text;
}
