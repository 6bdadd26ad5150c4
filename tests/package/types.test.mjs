// @ts-check
// The packed types, compiled in strict mode under each way in which TypeScript finds modules.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { execute, makeProject, program, root } from "./project.mjs";

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
before(async () => {
  project = await makeProject();
  for (const file of ["examples.ts", "ui.ts", "panel.ts", "script.ts", "umd.cts"]) {
    await project.write(`src/${file}`, await readFile(join(root, "tests/package/types", file)));
  }
});
after(() => project?.remove());

/** What tsc says, "" when nothing is wrong. @param {string} name @param {string[]} files @param {object} compilerOptions */
async function compile(name, files, compilerOptions) {
  const options = {
    target: "es2022",
    strict: true,
    noEmit: true,
    types: [],
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    ...compilerOptions,
  };
  const config = await project.write(`tsconfig.${name}.json`, JSON.stringify({ compilerOptions: options, files }));
  return execute(program("tsc"), ["--project", config], { cwd: project.dir }).then(
    ({ stdout }) => stdout,
    ({ stdout, message }) => stdout || message,
  );
}

for (const [resolution, module] of [
  ["bundler", "esnext"],
  ["node16", "node16"],
  ["nodenext", "nodenext"],
]) {
  test(`the examples compile, and only the wrong ones do not, with moduleResolution ${resolution}`, async () => {
    assert.equal(await compile(resolution, ["src/examples.ts", "src/ui.ts", "src/panel.ts"], { module, moduleResolution: resolution }), "");
  });
}

test("the types of doorkey/hosts and doorkey/providers name each that is there", async () => {
  for (const entry of ["hosts", "providers"]) {
    const types = (await project.dist(`doorkey.${entry}.d.mts`)).toString();
    const names = Object.keys(await import(pathToFileURL(join(project.installed, `dist/doorkey.${entry}.mjs`)).href));
    assert.deepEqual(types.match(/(?<=^export const )\w+/gm), names);
  }
});

test("CommonJS can require doorkey/umd", async () => {
  assert.equal(await compile("cjs", ["src/umd.cts"], { module: "node16", moduleResolution: "node16" }), "");
});

test("a script sees the global Doorkey", async () => {
  const options = { module: "esnext", moduleResolution: "bundler", moduleDetection: "legacy", types: ["doorkey/umd"] };
  assert.equal(await compile("script", ["src/script.ts"], options), "");
});

test("a project without the DOM's types, for workers, compiles", async () => {
  await project.write("src/worker.ts", `import { createAuth } from "doorkey";\nexport const auth = createAuth({ name: "shop" });\n`);
  assert.equal(
    await compile("worker", ["src/worker.ts"], { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "webworker"] }),
    "",
  );
});

test("what is wrong is found: the check itself works", async () => {
  await project.write("src/wrong.ts", `import { signin } from "doorkey";\nexport const n: number = signin();\n`);
  assert.match(
    await compile("wrong", ["src/wrong.ts"], { module: "esnext", moduleResolution: "bundler" }),
    /wrong\.ts\(2,14\): error TS2322/,
  );
});
