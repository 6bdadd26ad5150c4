// @ts-check
/** Directus on SQLite: by password, and with ISSUER also with that provider as one of its own, for pages at PAGE. */
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";

import { ACCESS_TTL, answering, DATA_DIR, EMAIL, freePort, load, PASSWORD, PUBLIC_URL, ready } from "../child.mjs";
import { BROKER_CLIENT } from "../options.mjs";

const { ISSUER, PAGE, REFRESH_TTL } = process.env;
/** What the package's own command runs once it has asked the registry for a newer version of itself. */
const CLI = load.resolve("@directus/api/cli/run.js");
const port = await freePort();
const url = `http://127.0.0.1:${port}`;

const broker = {
  AUTH_PROVIDERS: "op",
  AUTH_OP_DRIVER: "openid",
  AUTH_OP_CLIENT_ID: BROKER_CLIENT.id,
  AUTH_OP_CLIENT_SECRET: BROKER_CLIENT.secret,
  AUTH_OP_ISSUER_URL: ISSUER,
  AUTH_OP_IDENTIFIER_KEY: "sub",
  AUTH_OP_ALLOW_PUBLIC_REGISTRATION: "true",
  AUTH_OP_REDIRECT_ALLOW_LIST: PAGE,
};
const env = {
  PATH: process.env.PATH,
  HOME: DATA_DIR,
  HOST: "127.0.0.1",
  PORT: String(port),
  PUBLIC_URL: PUBLIC_URL || url,
  DB_CLIENT: "sqlite3",
  DB_FILENAME: join(DATA_DIR, "directus.sqlite"),
  STORAGE_LOCAL_ROOT: join(DATA_DIR, "files"),
  EXTENSIONS_PATH: join(DATA_DIR, "extensions"),
  // With a comma it would be a list.
  SECRET: "test servers keep no secrets and this is long enough",
  // Who comes by the provider has the address of our user, which is to be free then.
  ADMIN_EMAIL: ISSUER ? "root@example.com" : EMAIL,
  ADMIN_PASSWORD: PASSWORD,
  ACCESS_TOKEN_TTL: `${ACCESS_TTL}s`,
  REFRESH_TOKEN_TTL: `${REFRESH_TTL}s`,
  SESSION_COOKIE_TTL: `${REFRESH_TTL}s`,
  CORS_ENABLED: "true",
  CORS_ORIGIN: "true",
  SERVE_APP: "false",
  TELEMETRY: "false",
  LOG_LEVEL: "fatal",
  ...(ISSUER && broker),
};

execFileSync(process.execPath, [CLI, "bootstrap"], { env, cwd: DATA_DIR, stdio: ["ignore", "ignore", "pipe"] });
const child = spawn(process.execPath, [CLI, "start"], { env, cwd: DATA_DIR, stdio: ["ignore", "ignore", "inherit"] });
const end = () => void child.kill("SIGKILL");
process.once("exit", end);
child.once("exit", () => process.exit(1));
await answering(`${url}/server/ping`);
ready(url, end);
