// @ts-check
// docs/providers: a page for each preset, whose examples the package takes, and the table of README.md, which this writes with
// DOORKEY_PROVIDERS=renew.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { codeBlocks } from "./markdown.mjs";
import { root } from "./project.mjs";
import { dir, doorkey, providers } from "./providers/lib.mjs";

const [BEGIN, END] = ["<!-- table: begin -->\n", "<!-- table: end -->"];
const FOLDER = "docs/providers";
/** Another size is news from here on, in bytes: brotli's differ a little between versions of Node. */
const NEWS = 8;

/** Of each preset: its page and its name, how one signs in, whether by others, what ends at a sign-out, how it was tried. */
const ROWS = {
  oidc: ["oidc", "any OpenID provider", "redirect", "its own", "tokens, session", "seen (oidc-provider, oauth-toolkit, glewlwyd)"],
  auth0: ["auth0", "Auth0", "redirect", "yes", "tokens, session", "documented"],
  keycloak: ["keycloak", "Keycloak", "redirect", "yes", "tokens, session", "documented"],
  entra: ["entra", "Microsoft Entra ID", "redirect", "yes", "session", "documented"],
  okta: ["okta", "Okta", "redirect", "yes", "tokens, session", "documented"],
  cognito: ["cognito", "Amazon Cognito", "redirect, password", "yes", "tokens, session", "seen (cognito-local, by password)"],
  zitadel: ["zitadel", "Zitadel", "redirect", "yes", "tokens, session", "documented"],
  logto: ["logto", "Logto", "redirect", "yes", "tokens, session", "documented"],
  authentik: ["authentik", "authentik", "redirect", "yes", "tokens, session", "documented"],
  supabase: ["supabase", "Supabase", "password", "yes", "session", "rebuilt"],
  firebase: ["firebase", "Firebase", "password", "yes", "nothing", "documented"],
  appwrite: ["appwrite", "Appwrite", "password", "yes", "session", "rebuilt"],
  nhost: ["nhost", "Nhost", "password", "yes", "refresh token", "rebuilt"],
  xano: ["xano", "Xano", "password", "yes", "nothing", "rebuilt"],
  pocketbase: ["pocketbase", "PocketBase", "password", "yes", "nothing", "seen"],
  strapi: ["strapi", "Strapi", "password", "yes", "refresh token", "rebuilt"],
  directus: ["directus", "Directus", "password", "yes", "refresh token, session", "seen"],
  betterAuth: ["better-auth", "better-auth", "password", "yes", "session", "seen"],
  simplejwt: ["simplejwt", "simplejwt (Django)", "password", "no", "refresh token", "seen"],
  djRestAuth: ["dj-rest-auth", "dj-rest-auth (Django)", "password", "no", "token", "seen (JWT)"],
  oauthToolkit: ["oauth-toolkit", "oauth-toolkit (Django)", "password", "no", "tokens", "seen"],
  allauth: ["allauth", "allauth (Django)", "password", "no", "session", "seen"],
  knox: ["knox", "knox (Django)", "password", "no", "token", "seen"],
  fastapiUsers: ["fastapi-users", "fastapi-users", "password", "no", "token in a database, cookie", "seen"],
  flaskAppBuilder: ["flask-app-builder", "Flask-AppBuilder", "password", "no", "nothing", "seen"],
  feathers: ["feathers", "Feathers", "password", "no", "nothing", "seen"],
  sanctum: ["sanctum", "Laravel Sanctum", "password", "no", "session", "seen (Laravel's session and CSRF)"],
  matrix: ["matrix", "Matrix", "password", "no", "tokens", "documented"],
};

/**
 * What a bundler takes of the package for a preset: minified, after brotli. By itself: beside the rest of an app brotli makes less
 * of it, and another number with each change there. @param {string} name
 */
async function sizeOf(name) {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${name} } from "doorkey/providers";`, resolveDir: dir },
    bundle: true,
    minify: true,
    format: "esm",
    // Both are there in any case.
    external: ["./doorkey.error.mjs"],
    legalComments: "none",
    write: false,
  });
  const bytes = outputFiles[0].contents;
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })
    .length;
}

test("there is a page for each preset, and a row in the table", async () => {
  assert.deepEqual(Object.keys(ROWS).sort(), Object.keys(providers).sort());
  for (const [name, [page]] of Object.entries(ROWS)) {
    const text = await readFile(join(root, FOLDER, `${page}.md`), "utf8");
    assert.ok(text.includes(`providers.${name}(`), `${page}.md shows providers.${name}`);
    assert.ok(text.includes("What it can't do"), `${page}.md says what it can't do`);
  }
});

test("the package takes the examples of the pages", async () => {
  for (const page of ["README", ...Object.values(ROWS).map(([page]) => page)]) {
    const blocks = (await codeBlocks(`${FOLDER}/${page}.md`)).filter(({ language }) => language === "js");
    assert.ok(blocks.length, page);
    let at = 0;
    /** @param {any} options */
    const createAuth = (options) => doorkey.createAuth({ ...options, name: `${page}-${at++}`, storage: "memory" }).dispose();
    for (const { code } of blocks) new Function("createAuth", "providers", code)(createAuth, providers);
    assert.ok(at >= blocks.length, page);
  }
});

test("the table says what each preset costs", async () => {
  const path = join(root, FOLDER, "README.md");
  const text = await readFile(path, "utf8");
  const [before, after] = [text.slice(0, text.indexOf(END)), text.slice(text.indexOf(END))];
  const rows = ["| preset | server | by itself | by others | a sign-out ends | tried | bytes |", "|---|---|---|---|---|---|---|"];
  for (const [name, [page, title, ...more]] of Object.entries(ROWS)) {
    rows.push(`| [\`${name}\`](${page}.md) | ${title} | ${more.join(" | ")} | ${await sizeOf(name)} |`);
  }
  const table = `${rows.join("\n")}\n`;
  if (process.env.DOORKEY_PROVIDERS === "renew") await writeFile(path, before.slice(0, before.indexOf(BEGIN)) + BEGIN + table + after);
  const bytes = /(\d+) \|$/;
  const kept = (await readFile(path, "utf8")).split("\n").filter((line) => line.startsWith("| "));
  const made = rows.filter((line) => line.startsWith("| "));
  assert.deepEqual(
    kept.map((line) => line.replace(bytes, "")),
    made.map((line) => line.replace(bytes, "")),
  );
  for (const [at, line] of made.entries()) {
    const [is, was] = [line, kept[at]].map((text) => Number(bytes.exec(text)?.[1] ?? 0));
    assert.ok(Math.abs(is - was) <= NEWS, `${line}: the table says ${was}; run this again with DOORKEY_PROVIDERS=renew`);
  }
});
