// @ts-check
/** glewlwyd, an OpenID provider in C with pages of its own, set up by its own API as its documentation has it. */
import { execFileSync, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { ACCESS_TTL, answering, DATA_DIR, EMAIL, freePort, PASSWORD, ready } from "../child.mjs";

/** Where set-up has unpacked the program: its package would start it as a service. */
const ROOT = join(process.env.DOORKEY_GLEWLWYD ?? "", "usr");
/** What its pages need; a package of its own. */
const SHARED = "/usr/share/glewlwyd";
const SCOPES = ["openid", "offline_access"];
/** The app's page that users come back to. */
const PAGE = process.env.REDIRECT_URI ?? "";
const NONCES = Boolean(process.env.DPOP_NONCE);
const ADMIN = { username: "admin", password: "password" }; // as its database comes

const port = await freePort();
const origin = `http://localhost:${port}`;
const issuer = `${origin}/api/oidc`;
const child = spawn(join(ROOT, "bin/glewlwyd"), ["--config-file", configure()], { stdio: ["ignore", "ignore", "inherit"] });
const end = () => void child.kill("SIGKILL");
process.once("exit", end);
child.once("exit", () => process.exit(1));
await answering(`${origin}/config`);
await setUp(await signIn());
ready(issuer, end);

/** Makes its database and its pages, and writes where they are. */
function configure() {
  const database = join(DATA_DIR, "glewlwyd.db");
  const tables = readFileSync(join(ROOT, "share/doc/glewlwyd/database/init.sqlite3.sql.gz"));
  execFileSync("sqlite3", [database], { input: gunzipSync(tables) });
  const pages = join(DATA_DIR, "webapp");
  cpSync(`${SHARED}/webapp`, pages, { recursive: true, dereference: true, filter: (file) => !file.endsWith("config.json") });
  cpSync(`${SHARED}/templates/config.json`, join(pages, "config.json"));
  const types = { html: "text/html", css: "text/css", js: "application/javascript", json: "application/json", woff2: "font/woff2" };
  // Debian builds none of one kind, and glewlwyd wants its folder.
  const none = join(DATA_DIR, "none");
  mkdirSync(none);
  const modules = ["user", "client", "user_auth_scheme", "plugin"].map(
    (kind) => `${kind}_module_path="${join(ROOT, "lib/glewlwyd", kind.replace("user_auth_", ""))}"`,
  );
  const config = join(DATA_DIR, "glewlwyd.conf");
  const mimes = Object.entries(types).map(([name, type]) => `{ extension = ".${name}" mime_type = "${type}" compress = 0 }`);
  const lines = [
    `port=${port}`,
    `bind_address="127.0.0.1"`,
    `external_url="${origin}"`,
    `login_url="login.html"`,
    `static_files_path="${pages}"`,
    `log_mode="file"`,
    `log_level="WARNING"`,
    `log_file="${join(DATA_DIR, "glewlwyd.log")}"`,
    `cookie_domain="localhost"`,
    `cookie_secure=0`,
    ...modules,
    `user_middleware_module_path="${none}"`,
    `database = { type = "sqlite3" path = "${database}" };`,
    `static_files_mime_types = ( ${mimes.join(", ")} )`,
  ];
  writeFileSync(config, `${lines.join("\n")}\n`);
  return config;
}

/** The administrator's cookie. */
async function signIn() {
  const answer = await send("auth/", ADMIN);
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

/** What an administrator clicks together: the scopes, the user, the provider, and a public client. @param {string} cookie */
async function setUp(cookie) {
  await send("scope/", { name: "offline_access", display_name: "Offline access", password_required: false }, cookie);
  const scope = ["g_profile", ...SCOPES];
  await send("user/", { username: EMAIL, password: PASSWORD, name: "Ada Lovelace", email: EMAIL, scope, enabled: true }, cookie);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = { ...privateKey.export({ format: "jwk" }), kid: "test", alg: "ES256" };
  const parameters = {
    iss: issuer,
    "jwks-show": true,
    "jwks-private": JSON.stringify({ keys: [key] }),
    "access-token-duration": ACCESS_TTL,
    "refresh-token-duration": 3600,
    "code-duration": 60,
    "refresh-token-rolling": true,
    "refresh-token-one-use": "always",
    "auth-type-code-enabled": true,
    "auth-type-refresh-enabled": true,
    "auth-type-token-enabled": false,
    "pkce-allowed": true,
    "pkce-required": true,
    "introspection-revocation-allowed": true,
    "introspection-revocation-allow-target-client": true,
    // Proofs (RFC 9449) are taken, and where that is wanted must have its nonce.
    "oauth-dpop-allowed": true,
    "oauth-dpop-iat-duration": 60,
    "oauth-dpop-nonce-mandatory": NONCES,
    "oauth-dpop-nonce-counter": 3,
    "session-management-allowed": true,
    "front-channel-logout-allowed": true,
    "session-cookie-name": "GLEWLWYD2_OIDC_SID",
    "session-cookie-expiration": 3600,
  };
  await send("mod/plugin/", { module: "oidc", name: "oidc", display_name: "OpenID", parameters, order_rank: 0 }, cookie);
  // Of a client it keeps what it is told to, and where users come back to after a sign-out is not in that list.
  const clients = await (await send("mod/client/database", undefined, cookie, "GET")).json();
  clients.parameters["data-format"].post_logout_redirect_uris = { multiple: true, read: true, write: true };
  await send("mod/client/database", clients, cookie, "PUT");
  await send("mod/client/database/reset", undefined, cookie, "PUT");
  const client = {
    client_id: "app",
    name: "The app",
    enabled: true,
    confidential: false,
    scope: [],
    redirect_uri: [PAGE],
    post_logout_redirect_uris: [PAGE],
    authorization_type: ["code", "refresh_token"],
    token_endpoint_auth_method: ["none"],
  };
  await send("client/", client, cookie);
}

/** @param {string} path @param {object | undefined} body @param {string} [cookie] */
async function send(path, body, cookie = "", method = "POST") {
  const headers = { "content-type": "application/json", cookie };
  const answer = await fetch(`${origin}/api/${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`glewlwyd refuses ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}
