// @ts-check
// The JSON Schema of the package says of every document what core says: of the corpus of tests/schema (which tests/core/schema.rs
// reads too), of thousands of documents made of it by mistakes, and of each example in the documentation.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { Ajv } from "ajv";

import { examples } from "../schema/examples.mjs";
import { mistakes, random } from "../schema/mistakes.mjs";
import { execute, makeProject, root } from "./project.mjs";

const MISTAKES = 6000;
/** What core refuses and no schema can say, beside templates. */
const BEYOND = [
  "another step has this id",
  "another field has this name",
  "the step defines no such variable",
  "this key holds the session itself",
];
const HOST = { store: { get() {}, set() {}, remove() {} } };
/** The keywords that only editors know. */
const OF_EDITORS = ["doNotSuggest", "errorMessage"];

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {Record<"Flow" | "Options" | "root", import("ajv").ValidateFunction>} */
let schema;
/** @type {any} */
let text;
/** @type {any} */
let doorkey;
/** @type {Record<"Flow" | "Options", { valid: any[], invalid: [string, any][], beyond: [string, string, any][] }>} */
let corpus;

before(async () => {
  project = await makeProject();
  text = JSON.parse(await readFile(join(project.installed, "flow.schema.json"), "utf8"));
  const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true, verbose: true });
  ajv.addVocabulary(OF_EDITORS);
  ajv.addSchema(text, "doorkey");
  const of = (/** @type {string} */ place) => /** @type {import("ajv").ValidateFunction} */ (ajv.getSchema(`doorkey${place}`));
  schema = { Flow: of("#/$defs/Flow"), Options: of("#/$defs/Options"), root: of("") };
  doorkey = await import(pathToFileURL(join(project.installed, "dist/doorkey.mjs")).href);
  const read = async (/** @type {string} */ name) => JSON.parse(await readFile(join(root, "tests/schema", name), "utf8"));
  corpus = { Flow: await read("flows.json"), Options: await read("options.json") };
});
after(() => project?.remove());

/** What core says of a document: undefined, or its error. @param {"Flow" | "Options"} kind @param {any} document */
function refusal(kind, document) {
  const isOptions = kind === "Options";
  const options = isOptions ? document : { flows: { signin: document } };
  const isObject = Object(options) === options && !Array.isArray(options);
  try {
    // The storage "host" is right only where the host has a store.
    doorkey.createAuth(isObject ? { host: HOST, ...options } : options).dispose();
  } catch (error) {
    return /** @type {{ code: string, path: string, message: string }} */ (error);
  }
}

/** @param {import("ajv").ValidateFunction} validate @param {any} document */
const said = (validate, document) =>
  validate(document) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

for (const kind of /** @type {const} */ (["Flow", "Options"])) {
  test(`${kind}: the schema takes and refuses what the corpus says, and so does the package`, () => {
    const { valid, invalid, beyond } = corpus[kind];
    for (const document of valid) {
      assert.deepEqual(said(schema[kind], document), [], JSON.stringify(document));
      assert.deepEqual(said(schema.root, document), [], `at the root: ${JSON.stringify(document)}`);
      assert.equal(refusal(kind, document), undefined, JSON.stringify(document));
    }
    for (const [path, document] of invalid) {
      assert.equal(schema[kind](document), false, `${path}: ${JSON.stringify(document)}`);
      assert.equal(refusal(kind, document)?.code, "ERR_INVALID_OPTION", JSON.stringify(document));
    }
    for (const [path, code, document] of beyond) {
      assert.deepEqual(said(schema[kind], document), [], `${path}: ${JSON.stringify(document)}`);
      assert.equal(refusal(kind, document)?.code, code, JSON.stringify(document));
    }
  });

  test(`${kind}: after mistakes of every kind the schema and the package agree`, () => {
    const counts = { taken: 0, refused: 0 };
    for (const document of mistakes(corpus[kind].valid, random(kind.length), MISTAKES)) {
      const refused = refusal(kind, document);
      if (refused && (refused.code === "ERR_TEMPLATE" || BEYOND.some((beyond) => refused.message.endsWith(`: ${beyond}`)))) continue;
      assert.equal(schema[kind](document), refused === undefined, `${JSON.stringify(document)}: core says ${refused?.path ?? "yes"}`);
      counts[refused ? "refused" : "taken"] += 1;
    }
    assert.ok(counts.taken > MISTAKES / 10 && counts.refused > MISTAKES / 3, JSON.stringify(counts));
  });
}

test("every member has a description, every object a title, and every example and default is valid", () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addVocabulary(OF_EDITORS);
  ajv.addSchema(text, "doorkey");
  let members = 0;
  const look = (/** @type {any} */ node, /** @type {string} */ place) => {
    for (const [name, member] of Object.entries(node.properties ?? {})) {
      if (typeof member === "boolean") continue;
      members += 1;
      const described = member.description ?? text.$defs[member.$ref?.split("/").pop()]?.description;
      assert.ok(described, `${place}.${name} has no description`);
      const validate = ajv.getSchema(`doorkey${place}/properties/${name}`);
      for (const example of [...(member.examples ?? []), ...("default" in member ? [member.default] : [])]) {
        assert.ok(validate?.(example), `${place}.${name}: ${JSON.stringify(example)}: ${ajv.errorsText(validate?.errors)}`);
      }
      look(member, `${place}/properties/${name}`);
    }
    if (node.additionalProperties === false) assert.ok(node.title, `${place} has no title`);
  };
  for (const [name, node] of Object.entries(text.$defs)) {
    look(node, `#/$defs/${name}`);
    for (const example of node.examples ?? []) assert.deepEqual(said(schema[/** @type {"Flow"} */ (name)], example), []);
  }
  assert.ok(members > 60, String(members));
});

test("every JSON example of the documentation is valid, and the package takes it", async () => {
  const docs = (await readdir(join(root, "docs"), { recursive: true }))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`);
  const counts = { Flow: 0, Options: 0 };
  for (const path of ["README.md", ...docs]) {
    for (const { role, line, value } of examples(await readFile(join(root, path), "utf8"), "json")) {
      if (role === "other") continue; // no flow and no options
      const document = JSON.parse(value);
      const kind = Array.isArray(document) || "url" in document ? "Flow" : "Options";
      assert.deepEqual(said(schema[kind], document), [], `${path}:${line}`);
      assert.equal(refusal(kind, document), undefined, `${path}:${line}`);
      counts[kind] += 1;
    }
  }
  assert.ok(counts.Flow > 0 && counts.Options > 0, JSON.stringify(counts));
});

test("the modules of docs/flows.md run: the package takes the options in them", async () => {
  const blocks = examples(await readFile(join(root, "docs/flows.md"), "utf8"), "js");
  assert.ok(blocks.length > 0);
  for (const { line, value } of blocks) {
    const file = await project.write(`flows-line-${line}.mjs`, value);
    await execute(process.execPath, [file], { cwd: project.dir });
  }
});
