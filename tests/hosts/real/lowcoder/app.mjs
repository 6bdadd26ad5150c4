// Lowcoder's published runtime in a page, and what it asks of its server: the definition of an app, and to run a query.

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

import { build } from "esbuild";

import { installed } from "../installed.mjs";

const LIBRARIES = ["react", "react-dom"];
const TYPES = { js: "text/javascript", css: "text/css" };
const NAMES = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  500: "INTERNAL_SERVER_ERROR",
  502: "BAD_GATEWAY",
  503: "SERVICE_UNAVAILABLE",
};
const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><link rel="stylesheet" href="/sdk/style.css">
<script>window.process = { env: { NODE_ENV: "production" } }; window.global = window;</script>
<script type="importmap">${JSON.stringify({ imports: { "lowcoder-sdk": "/sdk/lowcoder-sdk.js", react: "/react.js", "react-dom": "/react-dom.js" } })}</script>
<div id="root"></div><script type="module" src="/page.js"></script>`;

/** A query that runs JavaScript in the page. @param {string} name @param {string} script @param {boolean} [onLoad] */
export const script = (name, script, onLoad) => query(name, "js", { script }, onLoad);

/** A query that the server runs. @param {string} name @param {{ httpMethod: string, path: string, headers?: object[], body?: string }} request */
export const rest = (name, request) => query(name, "restApi", request);

const query = (name, compType, comp, onLoad = false) => ({
  id: name,
  name,
  compType,
  comp,
  triggerType: onLoad ? "automatic" : "manual",
  datasourceId: "",
});

/** Components one below the other, by name. @param {Record<string, [string, object]>} components */
export function layout(components) {
  const names = Object.keys(components);
  const items = names.map((name) => [name, { name, compType: components[name][0], comp: components[name][1] }]);
  const places = names.map((name, at) => [name, { i: name, x: 0, y: at * 6, w: 12, h: 6, pos: at }]);
  return { compType: "normal", comp: { items: Object.fromEntries(items), layout: Object.fromEntries(places) } };
}

/** @param {string} text @param {string} queryName */
export const button = (text, queryName) => [
  "button",
  { text, onEvent: [{ name: "click", handler: { compType: "executeQuery", comp: { queryName } } }] },
];

/** @param {Record<string, any>} apps their definitions by id */
export async function startLowcoder(apps) {
  const folder = installed("lowcoder");
  const modules = await libraries(folder);
  /** What the server sent for queries: { name, status }. @type {{ name: string, status?: number }[]} */
  const runs = [];
  const server = createServer(async (request, response) => {
    const send = (type, body, status = 200) => response.writeHead(status, { "content-type": type }).end(body);
    const json = (data, more) => send("application/json", JSON.stringify({ code: 1, success: true, data, ...more }));
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname === "/page.js") return send(TYPES.js, readFileSync(new URL("page.js", import.meta.url)));
    if (modules[pathname]) return send(TYPES.js, modules[pathname]);
    const sdk = /^\/sdk\/([\w./-]+)$/.exec(pathname)?.[1];
    const file = sdk && join(folder, "node_modules/lowcoder-sdk/dist", sdk);
    if (file && existsSync(file)) return send(TYPES[file.split(".").at(-1)], readFileSync(file));
    if (/^\/apps\/[^/]+\/view$/.test(pathname)) return send("text/html", page);
    const id = /^\/api\/applications\/([^/]+)\/view$/.exec(pathname)?.[1];
    if (id && apps[id]) return json({ applicationDSL: apps[id], moduleDSL: {}, orgCommonSettings: {} });
    if (pathname.startsWith("/api/datasources/")) return json([]);
    if (pathname !== "/api/query/execute") return send("application/json", "{}", 404);
    const { applicationId, queryId, params } = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const { comp } = apps[applicationId].queries.find((each) => each.id === queryId);
    return json(undefined, await execute(comp, new Map(params.map(({ key, value }) => [key, value])), runs, queryId));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url: (id) => `${url}/apps/${id}/view`,
    runs,
    stop: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
  };
}

/** What React's CommonJS exports, as modules; the runtime imports it by name. @param {string} folder */
async function libraries(folder) {
  const require = createRequire(join(folder, "entry.js"));
  const sources = LIBRARIES.map((name) => {
    const names = Object.keys(require(name)).filter((key) => key !== "default");
    return [name, `import all from "${name}"; export default all; export const { ${names.join(", ")} } = all;`];
  });
  const made = await Promise.all(
    sources.map(async ([name, contents]) => {
      const external = LIBRARIES.filter((other) => other !== name);
      // React-DOM requires React, of which there must be one: that require becomes an import.
      const oneReact = {
        name: "one-react",
        setup: ({ onResolve, onLoad }) => {
          onResolve({ filter: /^react$/ }, ({ kind }) =>
            external.includes("react") && kind === "require-call" ? { path: "react", namespace: "one" } : undefined,
          );
          onLoad({ filter: /.*/, namespace: "one" }, () => ({
            contents: 'import all from "react"; module.exports = all;',
            resolveDir: folder,
          }));
          onResolve({ filter: /^react$/, namespace: "one" }, () => ({ path: "react", external: true }));
        },
      };
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: folder },
        bundle: true,
        format: "esm",
        write: false,
        logLevel: "error",
        plugins: [oneReact],
        define: { "process.env.NODE_ENV": '"production"' },
      });
      return [`/${name}.js`, outputFiles[0].text];
    }),
  );
  return Object.fromEntries(made);
}

/** Runs a REST query as the server does: each `{{ expression }}` was evaluated in the page, and comes by its text. */
async function execute(comp, values, runs, name) {
  const whole = /^\{\{([^]*)\}\}$/;
  const filled = (text) => text.replaceAll(/\{\{([^]*?)\}\}/g, (_, expression) => values.get(expression.trim()) ?? "");
  const body =
    comp.body === undefined ? undefined : whole.test(comp.body) ? values.get(whole.exec(comp.body)[1].trim()) : filled(comp.body);
  const headers = Object.fromEntries((comp.headers ?? []).map(({ key, value }) => [key, filled(value)]).filter(([, value]) => value));
  const run = { name };
  runs.push(run);
  try {
    const init = {
      method: comp.httpMethod,
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "object" ? JSON.stringify(body) : body,
    };
    const answer = await fetch(filled(comp.path), init);
    run.status = answer.status;
    const text = await answer.text();
    const data = answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
    return {
      success: answer.ok,
      queryCode: answer.ok ? "OK" : `HTTP${NAMES[answer.status]}`,
      data,
      headers: Object.fromEntries(answer.headers),
    };
  } catch {
    return { success: false, queryCode: "REST_API_EXECUTION_ERROR", data: {}, message: "Connection prematurely closed BEFORE response" };
  }
}
