// @ts-check
// What docs/troubleshooting.md quotes of errors and traces is what is said.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { importPackage } from "../servers/package.mjs";
import { root } from "./project.mjs";

const page = await readFile(join(root, "docs/troubleshooting.md"), "utf8");
const row = (/** @type {string} */ words) => page.split("\n").find((line) => line.includes(words)) ?? assert.fail(`no row has ${words}`);
const MEMORY = { storage: "memory", crossTab: "off" };

/** @type {any} */
let doorkey;
/** Two origins of one server, whose sign-in gives a token and whose API wants it. */
const [flows, api] = ["127.0.0.1", "localhost"];
const server = createServer((request, response) => {
  const isFine = request.url === "/in" || request.headers.authorization === "Bearer a-token-of-some-length";
  response.writeHead(isFine ? 200 : 401, { "content-type": "application/json" });
  response.end(JSON.stringify({ access_token: "a-token-of-some-length", expires_in: 3600 }));
});
before(async () => {
  ({ doorkey } = await importPackage());
  await once(server.listen(0), "listening");
});
after(() => void server.close());

/** @param {string} host */
const at = (host) => `http://${host}:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
const signin = () => ({ url: `${at(flows)}/in`, json: { username: "{{ inputs.email }}" } });

test("an API whose origin nobody named gets no token, and the trace says what to write", async () => {
  const auth = doorkey.createAuth({ ...MEMORY, name: "silent", flows: { signin: signin() } });
  await auth.signin({ email: "a@b.c" });
  assert.equal((await auth.fetch(`${at(api)}/me`)).status, 401);
  const { id, reason } = auth.trace().at(-1);
  assert.deepEqual([id, reason], ["attach", `no token goes to ${at(api)}: attach: { origins: ["${at(api)}"] } lets it`]);
  assert.match(row("My API gets no token"), /a step `attach` .*"no token goes to https:\/\/api\.example\.com: …"/);

  const told = doorkey.createAuth({ ...MEMORY, name: "told", flows: { signin: signin() }, attach: { origins: [at(api)] } });
  await told.signin({ email: "a@b.c" });
  assert.equal((await told.fetch(`${at(api)}/me`)).status, 200);
  for (const each of [auth, told]) each.dispose();
});

test("an input that was not given is named, with its step", async () => {
  const auth = doorkey.createAuth({ ...MEMORY, name: "given", flows: { signin: signin() } });
  for (const inputs of [{ username: "a@b.c" }, undefined]) {
    const { code, message, stepId } = await auth.signin(inputs).catch((/** @type {unknown} */ error) => error);
    assert.deepEqual([code, message, stepId], ["ERR_TEMPLATE", "unknown path at line 1, column 4: inputs.email", "http1"]);
    assert.ok(row("unknown path").includes(`\`${code}\`: "${message}"`));
  }
  auth.dispose();
});

test("an option that is wrong is told with its place", () => {
  const options = { ...MEMORY, flows: { signin: { url: "/in", jsn: {} } } };
  const said = (/** @type {any} */ { path, message }) => message.startsWith(path) && row("there is no such option").includes(message);
  assert.throws(() => doorkey.createAuth(options), said);
});
