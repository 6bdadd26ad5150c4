// A Lowdefy app from YAML and plugins, built by the published build and served on a free port of the loopback.

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build as bundle } from "esbuild";

import { installed } from "../installed.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Icons come from a package of 80 MB, and no test looks at one. */
const plainIcons = {
  name: "plain-icons",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^react-icons\// }, ({ path }) => ({ path, namespace: "icons" }));
    onLoad({ filter: /.*/, namespace: "icons" }, () => ({
      contents: "module.exports = new Proxy({ __esModule: true }, { get: (known, name) => known[name] ?? (() => null) });",
    }));
  },
};

/**
 * @param {object} given
 * @param {string} given.yaml `lowdefy.yaml`
 * @param {Record<string, string>} given.packages folders by the name under which the app finds them: plugins, doorkey
 */
export async function startLowdefy({ yaml, packages }) {
  const modules = join(installed("lowdefy"), "node_modules");
  const folder = mkdtempSync(join(tmpdir(), "doorkey-lowdefy-"));
  try {
    const app = await buildApp({ folder, modules, yaml, packages });
    return await serve(app, () => rmSync(folder, { recursive: true, force: true }));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function buildApp({ folder, modules, yaml, packages }) {
  const [config, server, output] = [join(folder, "app"), join(folder, "server"), join(folder, "server/build")];
  mkdirSync(config);
  mkdirSync(join(server, "public_default"), { recursive: true });
  writeFileSync(join(config, "lowdefy.yaml"), yaml);
  writeFileSync(join(server, "package.json"), '{ "dependencies": {} }');
  for (const [name, source] of Object.entries(packages)) cpSync(source, join(folder, "node_modules", name), { recursive: true });

  const load = (path) => import(pathToFileURL(join(modules, path)).href);
  const { default: build, createPluginTypesMap } = await load("@lowdefy/build/dist/index.js");
  const { parse } = createRequire(join(modules, "entry.js"))("yaml");
  const customTypesMap = emptyTypes();
  for (const { name, version } of parse(yaml).plugins ?? []) {
    const types = createRequire(join(folder, "entry.js")).resolve(`${name}/types`);
    const { default: packageTypes } = await import(pathToFileURL(types).href);
    createPluginTypesMap({ packageTypes, typesMap: customTypesMap, packageName: name, version });
  }
  const logger = { debug() {}, info() {}, warn() {}, error: (...told) => console.error(...told) };
  await build({ customTypesMap, directories: { build: output, config, server }, logger });

  const shared = {
    bundle: true,
    write: false,
    logLevel: "error",
    // The repository has a React of its own, and a page must have one.
    alias: { "@app/build": output, react: join(modules, "react"), "react-dom": join(modules, "react-dom") },
    nodePaths: [modules, join(folder, "node_modules")],
    plugins: [plainIcons],
  };
  const define = { "process.env.NODE_ENV": '"production"', global: "globalThis" };
  const client = await bundle({
    ...shared,
    define,
    entryPoints: [here("client.mjs")],
    format: "esm",
    minify: true,
    loader: { ".less": "empty" },
  });
  const requests = await bundle({ ...shared, entryPoints: [here("requests.mjs")], format: "cjs", platform: "node" });
  const script = join(folder, "requests.cjs");
  writeFileSync(script, requests.outputFiles[0].text);
  return { client: client.outputFiles[0].text, ...createRequire(script)(script).createServerSide(output) };
}

const emptyTypes = () => ({
  actions: {},
  auth: { adapters: {}, callbacks: {}, events: {}, providers: {} },
  blocks: {},
  connections: {},
  icons: {},
  operators: { client: {}, server: {} },
  requests: {},
  styles: { packages: {}, blocks: {} },
});

const shell = '<!doctype html><meta charset="utf-8"><div id="root"></div><script type="module" src="/client.js"></script>';

async function serve({ client, config, request }, removeFiles) {
  const json = (response, status, value) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  const server = createServer(async (incoming, response) => {
    const { pathname } = new URL(incoming.url, "http://localhost");
    const [, kind, pageId, requestId] = /^\/(?:(config|api\/request)\/)?([^/]*)(?:\/(.+))?$/.exec(pathname) ?? [];
    if (pathname === "/client.js") return response.writeHead(200, { "content-type": "text/javascript" }).end(client);
    if (kind === "config") {
      const found = await config(pageId);
      return json(response, found ? 200 : 404, found);
    }
    if (kind === undefined) return response.writeHead(200, { "content-type": "text/html" }).end(shell);
    try {
      return json(response, 200, await request(pageId, requestId, JSON.parse(Buffer.concat(await incoming.toArray()).toString())));
    } catch (error) {
      return json(response, 500, { name: error.name, message: error.message });
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      removeFiles();
    },
  };
}
