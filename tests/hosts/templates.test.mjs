// What the READMEs of the templates and docs/hosts.md say: files that are there, at addresses that are there.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { unpackPackage } from "./lib/package.mjs";

let files;
before(() => (files = unpackPackage()));
after(() => files?.remove());

const addresses = (text) => [...text.matchAll(/https:\/\/cdn\.jsdelivr\.net\/npm\/doorkey@<version>\/([\w./-]+)/g)].map(([, path]) => path);

test("every address that is to be typed is a file of the package", () => {
  const folder = files.path("templates");
  const texts = readdirSync(folder, { recursive: true })
    .filter((name) => /\.(md|js|html|ya?ml)$/.test(name))
    .map((name) => files.read(`templates/${name}`));
  const found = [...texts, readFileSync(new URL("../../docs/hosts.md", import.meta.url), "utf8")].flatMap(addresses);
  assert.ok(found.length > 4);
  for (const path of found) assert.ok(existsSync(files.path(path)), path);
});

for (const builder of ["tooljet", "retool", "lowcoder", "nocobase", "weweb", "uibakery", "dronahq", "bubble", "windmill", "plasmic"]) {
  test(`the README of ${builder} says where each of its files is pasted`, () => {
    const readme = files.read(`templates/${builder}/README.md`);
    const scripts = readdirSync(files.path(`templates/${builder}`), { recursive: true }).filter((name) => name.endsWith(".js"));
    for (const name of scripts) assert.ok(readme.includes(`\`${name}\``), name);
    for (const [, name] of readme.matchAll(/`([\w/-]+\.js)`/g)) assert.ok(scripts.includes(name), `${name} is not there`);
  });
}
