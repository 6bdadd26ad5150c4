// @ts-check
// Redirects in Node, which shows where they lead: followed within the origin that was asked, and no further.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { makeProject } from "./project.mjs";

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {{ method: string, url: string, body: string, type?: string }[]} */
let seen = [];
/** @type {import("node:http").Server[]} */
let servers;
/** @type {string[]} */
let origins;

before(async () => {
  project = await makeProject();
  servers = [createServer(), createServer()];
  for (const server of servers) server.on("request", answer);
  origins = await Promise.all(
    servers.map(async (server) => {
      await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
      return `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
    }),
  );
});
after(() => {
  for (const server of servers ?? []) server.close();
  return project?.remove();
});

/** @type {import("node:http").RequestListener} */
async function answer(request, response) {
  let body = "";
  for await (const chunk of request) body += chunk;
  seen.push({ method: request.method ?? "", url: request.url ?? "", body, type: request.headers["content-type"] });
  const [, status, to] = /^\/(30\d)\/(.*)/.exec(request.url ?? "") ?? [];
  if (!status) return void response.setHeader("content-type", "application/json").end('{"access_token":"t"}');
  const location = { near: "/token", far: `${origins[1]}/token`, loop: request.url }[to ?? ""];
  response.writeHead(Number(status), { location }).end();
}

/** What a sign-in comes to in a fresh Node. @param {string} path @param {object} [more] */
async function signIn(path, more = {}) {
  seen = [];
  const signin = { url: origins[0] + path, json: { password: "hush-hush" }, ok: "{{ response.redirected }}", ...more };
  return project.node(`
    const { createAuth } = await import("doorkey");
    const auth = createAuth({ storage: "memory", flows: { signin: ${JSON.stringify(signin)} } });
    const told = await auth.signin().then(() => "ok", ({ code, message }) => \`\${code} \${message}\`);
    console.log(JSON.stringify(told));
    auth.dispose();`);
}

for (const [status, method, body] of /** @type {const} */ ([
  [301, "GET", ""],
  [302, "GET", ""],
  [303, "GET", ""],
  [307, "POST", '{"password":"hush-hush"}'],
  [308, "POST", '{"password":"hush-hush"}'],
])) {
  test(`a ${status} within the origin that was asked is followed as browsers do`, async () => {
    assert.equal(await signIn(`/${status}/near`), "ok");
    const type = body ? "application/json" : undefined;
    assert.deepEqual(seen[1], { method, url: "/token", body, type });
  });
}

test("one to another origin is not, unless the endpoint says so", async () => {
  assert.match(await signIn("/307/far"), /^ERR_UNREACHABLE .*redirect: "follow"/);
  assert.equal(seen.length, 1);
  assert.equal(await signIn("/307/far", { redirect: "follow" }), "ok");
  assert.equal(seen[1].body, '{"password":"hush-hush"}');
});

test("one that leads to itself has an end", async () => {
  assert.match(await signIn("/307/loop"), /^ERR_UNREACHABLE /);
  assert.equal(seen.length, 21);
});
