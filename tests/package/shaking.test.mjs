// @ts-check
// An app that uses one adapter and one preset bundles those alone, whichever bundler it has.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build as esbuild } from "esbuild";
import Minimizer from "minimizer-webpack-plugin";
import { rollup } from "rollup";
import { build as vite } from "vite";
import webpack from "webpack";
import { makeProject } from "./project.mjs";

const OIDC = `({ issuer: "https://id.example", clientId: "shop" })`;
const RETOOL = "({ localStorage: {}, utils: {} })";
/** What the app makes: that shaking has left out nothing of what it uses. */
const USES = (/** @type {string} */ host, /** @type {string} */ provider) => `
  const [host, provider] = [${host}${RETOOL}, ${provider}${OIDC}];
  createAuth({ name: "shaken", storage: "memory", crossTab: "off", host, provider }).dispose();
  export const made = { host: Object.keys(host), provider };`;

/** The same app in each form; `all` names none of them alone. @type {Record<string, string>} */
const APPS = {
  namespaces: `import { createAuth, hosts, providers } from "doorkey"; ${USES("hosts.retool", "providers.oidc")}`,
  names: `import { createAuth } from "doorkey"; import { retool } from "doorkey/hosts"; import { oidc } from "doorkey/providers"; ${USES("retool", "oidc")}`,
  slim: `import { createAuth, hosts, init, providers } from "doorkey/slim"; await init(); ${USES("hosts.retool", "providers.oidc")}`,
  none: `import { createAuth } from "doorkey"; export const made = createAuth({ name: "none", storage: "memory" }).status();`,
  all: `import { hosts, providers } from "doorkey"; export const made = [hosts, providers].map((each) => Object.keys(each));`,
};

/** Bundlers: from an entry to one file that keeps the names of functions. @type {Record<string, (entry: string, out: string) => Promise<unknown>>} */
const BUNDLERS = {
  esbuild: (entry, outfile) => esbuild({ entryPoints: [entry], outfile, bundle: true, format: "esm", target: "es2022", logLevel: "error" }),
  async rollup(input, file) {
    const bundle = await rollup({ input, plugins: [{ name: "installed", resolveId: installed }] });
    await bundle.write({ file, format: "es" });
  },
  vite: (entry, out) =>
    vite({
      root: project.dir,
      configFile: false,
      logLevel: "error",
      build: {
        lib: { entry, formats: ["es"], fileName: () => out.slice(out.lastIndexOf("/") + 1) },
        outDir: join(out, ".."),
        emptyOutDir: false,
        minify: false,
      },
    }),
  webpack: (entry, out) =>
    new Promise((resolve, reject) => {
      const [path, filename] = [join(out, ".."), out.slice(out.lastIndexOf("/") + 1)];
      const done = (/** @type {unknown} */ error, /** @type {webpack.Stats | undefined} */ stats) =>
        error || stats?.hasErrors() ? reject(error ?? new Error(stats?.toString("errors-only"))) : resolve(undefined);
      webpack(
        {
          mode: "production",
          context: project.dir,
          entry,
          experiments: { outputModule: true },
          output: { path, filename, library: { type: "module" } },
          // Its minimizer is what leaves out: it runs as ever, but that functions keep their names and places.
          optimization: { minimizer: [new Minimizer({ minimizerOptions: NAMED, extractComments: false, parallel: false })] },
        },
        done,
      );
    }),
};

const NAMED = { mangle: false, compress: { inline: false, reduce_funcs: false, reduce_vars: false } };

/** rollup alone knows no node_modules; its plugin for that goes by the condition `module`, too. @param {string} name */
function installed(name) {
  const [, entry] = /^doorkey(\/\w+)?$/.exec(name) ?? [];
  if (!name.startsWith("doorkey")) return null;
  const found = manifest.exports[`.${entry ?? ""}`];
  return join(project.installed, found.module ?? found.default);
}

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {any} */
let manifest;
/** @type {any} */
let doorkey;

before(async () => {
  project = await makeProject(Object.fromEntries(Object.entries(APPS).map(([name, text]) => [`${name}.mjs`, text])));
  manifest = JSON.parse((await project.dist("../package.json")).toString());
  doorkey = await import(pathToFileURL(join(project.installed, "dist/doorkey.mjs")).href);
});
after(() => project?.remove());

/** Builds an app, and says which adapters and presets are in it. @param {string} bundler @param {string} app */
async function built(bundler, app) {
  const out = join(project.dir, `out/${bundler}-${app}.mjs`);
  await BUNDLERS[bundler](join(project.dir, `${app}.mjs`), out);
  const code = await readFile(out, "utf8");
  const isThere = (/** @type {string} */ name) => new RegExp(`function ${name}\\(|\\b${name} ?= ?\\(?\\w+\\)? ?=>`).test(code);
  const [hosts, presets] = [doorkey.hosts, doorkey.providers].map((each) => Object.keys(each).filter(isThere));
  return { hosts, presets, run: async () => (await import(pathToFileURL(out).href)).made };
}

for (const bundler of Object.keys(BUNDLERS)) {
  // esbuild follows a namespace only within the file that imports it: there the adapters and presets are named from their entries.
  for (const app of bundler === "esbuild" ? ["names"] : ["namespaces", "names"]) {
    test(`${bundler} takes the one adapter and the one preset that an app uses (${app})`, async () => {
      const { hosts, presets, run } = await built(bundler, app);
      assert.deepEqual({ hosts, presets }, { hosts: ["browser", "retool"], presets: ["oidc"] });
      const { retool } = doorkey.hosts;
      assert.deepEqual(await run(), {
        host: Object.keys(retool({ localStorage: {}, utils: {} })),
        provider: doorkey.providers.oidc({ issuer: "https://id.example", clientId: "shop" }),
      });
    });
  }

  test(`${bundler} takes the page's adapter alone, which is the default, and no preset, where none is named`, async () => {
    const { hosts, presets, run } = await built(bundler, "none");
    assert.deepEqual({ hosts, presets }, { hosts: ["browser"], presets: [] });
    assert.equal((await run()).signedIn, false);
  });

  test(`${bundler} takes all that an app may use: the names are found where they are`, async () => {
    const { hosts, presets, run } = await built(bundler, "all");
    const all = [doorkey.hosts, doorkey.providers].map((each) => Object.keys(each));
    assert.deepEqual([hosts, presets], all);
    assert.deepEqual(
      (await run()).map((/** @type {string[]} */ names) => names.sort()),
      all,
    );
  });
}

for (const bundler of ["rollup", "vite", "webpack"]) {
  test(`${bundler} takes one adapter and one preset of doorkey/slim`, async () => {
    const { hosts, presets } = await built(bundler, "slim");
    assert.deepEqual({ hosts, presets }, { hosts: ["browser", "retool"], presets: ["oidc"] });
  });
}
