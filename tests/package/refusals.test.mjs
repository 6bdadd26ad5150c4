// @ts-check
// What a person reads when a server refuses: real bodies by framework, in refusals.json, sent by a server of ours to the packed
// package. docs/refusals.md is the same table; with DOORKEY_REFUSALS=renew it is written here.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { makeProject, root } from "./project.mjs";

/** @typedef {{ framework: string, status: number, body: unknown, text: string, type?: string }} Refusal */

const DOCUMENT = join(root, "docs/refusals.md");
const [BEGIN, END] = ["<!-- refusals: begin -->\n", "<!-- refusals: end -->"];
/** @type {Refusal[]} */
const refusals = JSON.parse(await readFile(new URL("refusals.json", import.meta.url), "utf8"));

/** A body as it is sent: what is no JSON by its type is a text. @param {Refusal} refusal */
const sent = ({ body, type = "application/json" }) => (/json/.test(type) ? JSON.stringify(body) : String(body));

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {any} */
let doorkey;
const server = createServer((request, response) => {
  const refusal = refusals[Number(request.url?.slice(1))];
  response.writeHead(refusal.status, { "content-type": refusal.type ?? "application/json" }).end(sent(refusal));
});
let url = "";
before(async () => {
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  project = await makeProject();
  doorkey = await import(pathToFileURL(join(project.installed, "dist/doorkey.mjs")).href);
});
after(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await project?.remove();
});

/** What a refused sign-in rejects with. @param {Refusal} refusal @param {number} at */
async function refused({ status }, at) {
  // Some answer 200, so a flow of one's own says that it is a refusal.
  const own = async () => {
    throw { status: 401, body: await (await fetch(`${url}/${at}`)).json() };
  };
  const signin = status === 200 ? own : { url: `${url}/${at}`, json: {} };
  const auth = doorkey.createAuth({ name: `refusal${at}`, storage: "memory", flows: { signin } });
  try {
    await auth.signin({});
  } catch (error) {
    return error;
  } finally {
    auth.dispose();
  }
  return assert.fail("it did not reject");
}

describe("a person reads what the framework says", () => {
  refusals.forEach((refusal, at) => {
    const { framework, status, text } = refusal;
    test(`${framework}, ${status}`, async () => {
      const error = await refused(refusal, at);
      assert.equal(error.message, text);
      assert.equal(error.code, status >= 500 ? "ERR_UNREACHABLE" : "ERR_INVALID_CREDENTIALS");
    });
  });
});

test("at least thirty frameworks are named, each refusal once", () => {
  const names = refusals.map(({ framework }) => framework);
  assert.equal(new Set(names).size, names.length);
  assert.ok(new Set(names.map((name) => name.split(",")[0])).size >= 30);
});

test("docs/refusals.md says the same", async () => {
  const cell = (/** @type {string} */ text) => text.replace(/\s+/g, " ").trim().replaceAll("|", "\\|");
  const row = (/** @type {Refusal} */ refusal) =>
    `| ${cell(refusal.framework)} | ${refusal.status} | \`${cell(sent(refusal)).replaceAll("`", "'")}\` | ${cell(refusal.text)} |`;
  const table = ["| framework | status | body | what a person reads |", "|---|---|---|---|", ...refusals.map(row), ""].join("\n");
  const kept = await readFile(DOCUMENT, "utf8");
  const [start, end] = [kept.indexOf(BEGIN) + BEGIN.length, kept.indexOf(END)];
  if (process.env.DOORKEY_REFUSALS === "renew") await writeFile(DOCUMENT, kept.slice(0, start) + table + kept.slice(end));
  else assert.equal(kept.slice(start, end), table, "run this again with DOORKEY_REFUSALS=renew");
});
