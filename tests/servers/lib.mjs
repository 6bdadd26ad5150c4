// @ts-check
/**
 * Starts the real auth servers that tests run against, each as a child process on a free port of 127.0.0.1.
 *
 *   const server = await startEmbedded({ accessTtl: 60 });
 *   const auth = createAuth(server.options({ storage: "memory" }));
 *   …
 *   await server.stop();
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { USER } from "./embedded/account.mjs";
import { APP, djangoOptions, embeddedOptions } from "./options.mjs";

/**
 * @typedef {import("./embedded/control.mjs").Entry} Entry
 * @typedef {import("./embedded/control.mjs").Fault} Fault
 *   `path` may be "*"; `grant` is the grant_type of /token requests; `times` is 1 unless given, Infinity until `reset()`.
 *   mode "status" answers with status, headers and body (503 and JSON unless given) · "hang" never answers · "drop" cuts the
 *   connection · "delay" does the work at once and answers delayMs later · "hold" does it and answers when release() says so ·
 *   "lose" does it and cuts the connection.
 * @typedef {{ accessTtl?: number, refreshTtl?: number, origins?: "*" | string[], port?: number }} StartOptions
 *   lifetimes in seconds; the origins that CORS lets in; port 0, the default, is a free one
 */

const HERE = fileURLToPath(new URL(".", import.meta.url));
const READY_WITHIN_MS = 300_000; // Django migrates its database first, on a busy machine
const STOP_WITHIN_MS = 5_000;

/**
 * The embedded OpenID provider with its protected API.
 * @param {StartOptions & { control?: boolean, coop?: boolean, par?: boolean, rsa?: boolean, dpopNonce?: boolean, issuer?: string }} [options]  control: the tests'
 *   endpoints (log, reset, fail, …) are there; coop: its pages are cut off from what opened them; par: it wants the parameters
 *   of an authorization pushed; rsa: it signs for brokers with RS256; dpopNonce: proofs must have its nonce; issuer: who it says it is, where that is not its own address
 */
export async function startEmbedded({ accessTtl = 60, refreshTtl = 3600, origins = "*", port = 0, control = true, ...more } = {}) {
  const args = [join(HERE, "embedded/server.mjs"), "--child"];
  args.push("--port", String(port), "--access-ttl", String(accessTtl), "--refresh-ttl", String(refreshTtl));
  args.push("--origins", origins === "*" ? "*" : origins.join(","));
  if (control) args.push("--control");
  if (more.coop) args.push("--coop");
  if (more.par) args.push("--par");
  if (more.rsa) args.push("--rsa");
  if (more.dpopNonce) args.push("--dpop-nonce");
  if (more.issuer) args.push("--issuer", more.issuer);
  const { url, stop, exited } = await startProcess("the embedded auth server", process.execPath, args, process.env);
  return {
    url,
    user: USER,
    /** doorkey Options for this server; what `extra` sets wins. @param {Record<string, any>} [extra] */
    options: (extra) => embeddedOptions(url, extra),
    ...remoteControl(url),
    /** Moves the server's clock by `ms`, on top of earlier shifts, until `reset()`. @param {number} ms */
    shiftTime: (ms) => command(url, "POST", "time", { shiftMs: ms }),
    /** Revokes every access token on the server; refresh tokens stay good. */
    revokeAccess: () => command(url, "POST", "revoke-access"),
    stop,
    /** Settles when the server has ended, for whatever reason. */
    exited,
  };
}

/**
 * Django with simplejwt: JSON, trailing slashes, no expires_in, rotation with a blacklist. Needs the project's Python venv.
 * @param {StartOptions & { mode?: string, python?: string, redirectUri?: string }} [options]  mode: another file of django/modes;
 *   python: one that has what this needs; redirectUri: the page that users come back to
 */
export async function startDjango({ origins = "*", port = 0, mode = "simplejwt", python = djangoPython(), ...more } = {}) {
  const { accessTtl, refreshTtl, redirectUri = APP } = more;
  const env = { MODE: mode, REDIRECT_URI: redirectUri, ORIGINS: origins === "*" ? "*" : origins.join(",") };
  const args = ["-u", "-W", "ignore", join(HERE, "django/app.py"), String(port)];
  const { url, stop } = await startScript("the Django test server", python, args, { accessTtl, refreshTtl, env });
  return {
    url,
    user: USER,
    /** doorkey Options for this server; what `extra` sets wins. @param {Record<string, any>} [extra] */
    options: (extra) => djangoOptions(url, extra),
    ...remoteControl(url),
    stop,
  };
}

/**
 * Starts a server that learns from its environment who its user is, how long its tokens live, and where it may write.
 * @param {string} what @param {string} program @param {string[]} args
 * @param {{ accessTtl?: number, refreshTtl?: number, env?: NodeJS.ProcessEnv }} [options]
 */
export async function startScript(what, program, args, { accessTtl = 60, refreshTtl = 3600, env } = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), "doorkey-server-"));
  const removeData = () => rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  try {
    const { url, stop } = await startProcess(what, program, args, {
      ...process.env,
      DATA_DIR: dataDir,
      ACCESS_TTL: String(accessTtl),
      REFRESH_TTL: String(refreshTtl),
      USER_EMAIL: USER.email,
      USER_PASSWORD: USER.password,
      ...env,
    });
    return { url, stop: () => stop().finally(removeData) };
  } catch (error) {
    await removeData();
    throw error;
  }
}

/** The Python that has the packages of django/requirements.txt. */
export function djangoPython() {
  const given = process.env.DOORKEY_DJANGO_PYTHON;
  const python = given || join(installed("django", "django/requirements.txt"), "bin/python");
  if (existsSync(python)) return python;
  throw new Error(
    given
      ? `DOORKEY_DJANGO_PYTHON names ${given}, which is not there`
      : `the Django test server needs the Python venv of ${python}: run "cargo xtask setup", or set DOORKEY_DJANGO_PYTHON to a Python ` +
          "that has the packages of tests/servers/django/requirements.txt",
  );
}

/** What set-up has installed for the servers of the matrix: packages of npm, and a Python. */
export function matrixFolders() {
  const folders = { modules: installed("matrix", "matrix/package-lock.json"), python: installed("servers", "matrix/requirements.txt") };
  for (const folder of Object.values(folders)) {
    if (!existsSync(join(folder, ".ok"))) throw new Error(`${folder} is not there: run "npm test -- matrix"`);
  }
  return folders;
}

/** The same for Directus, which is apart. */
export function directusFolder() {
  const folder = installed("directus", "matrix/directus/package-lock.json");
  if (!existsSync(join(folder, ".ok"))) throw new Error(`${folder} is not there: run "npm test -- matrix"`);
  return folder;
}

/** A folder of the user's cache, by the rule of set-up: named after what is in it. @param {string} name @param {string} list */
function installed(name, list) {
  const hash = createHash("sha256")
    .update(readFileSync(join(HERE, list)))
    .digest("hex");
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "doorkey", `${name}-${hash.slice(0, 16)}`);
}

/** What every test server can be asked. @param {string} url */
function remoteControl(url) {
  return {
    /** The requests seen since the last reset, without preflights' bodies or any token. @returns {Promise<Entry[]>} */
    log: () => command(url, "GET", "log"),
    /** Empties the log, ends all faults, lets go what they hold, puts the clock back. Sessions stay. */
    reset: () => command(url, "POST", "reset"),
    /** Makes the next matching request go wrong. @param {Fault} fault */
    fail: (fault) => command(url, "POST", "fail", { ...fault, times: fault.times === Infinity ? null : fault.times }),
    /** How many answers mode "hold" keeps back: their work is done. @returns {Promise<number>} */
    held: () => command(url, "GET", "held"),
    /** Lets them go. */
    release: () => command(url, "POST", "release"),
    /** Revokes every refresh token on the server. */
    revokeAll: () => command(url, "POST", "revoke-all"),
  };
}

/** @param {string} url @param {string} method @param {string} name @param {unknown} [body] */
async function command(url, method, name, body) {
  const response = await fetch(`${url}/__control/${name}`, {
    method,
    headers: { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the test server refuses ${name}: ${response.status} ${await response.text()}`);
  return response.json();
}

/**
 * Starts a server that prints "READY <url>" and that ends itself when its standard input closes, so that none is left behind.
 * @param {string} what @param {string} program @param {string[]} args @param {NodeJS.ProcessEnv} env
 */
async function startProcess(what, program, args, env) {
  const child = spawn(program, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  let url = "";
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors = (errors + text).slice(-4000);
    if (url) process.stderr.write(text); // before that it goes into the error
  });
  child.stdin.on("error", () => {}); // the child has gone; its exit is what tells
  const exited = new Promise((resolve) => child.once("close", resolve));
  const stop = () => end(child, exited);

  try {
    url = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${what} was not ready after ${READY_WITHIN_MS / 1000} s`)), READY_WITHIN_MS);
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text) => {
        output += text;
        const ready = /^READY (\S+)$/m.exec(output);
        if (ready) {
          clearTimeout(timer);
          resolve(ready[1]);
        }
      });
      child.once("error", (error) => reject(new Error(`${what} cannot be started: ${error.message}`)));
      exited.then(() => {
        clearTimeout(timer);
        reject(new Error(`${what} ended before it was ready: ${errors.trim() || "it said nothing"}`));
      });
    });
  } catch (error) {
    await stop();
    throw error;
  }
  // A test that forgets stop() must not hang: neither the child nor its pipes keep this process alive.
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) /** @type {any} */ (stream).unref();
  return { url, stop, exited };
}

/** @param {import("node:child_process").ChildProcess} child @param {Promise<unknown>} exited */
async function end(child, exited) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  await exited;
  clearTimeout(late);
}
