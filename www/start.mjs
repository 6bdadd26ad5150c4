// @ts-check
/**
 * node www/start.mjs [--once] [--port N] [--reach ORIGIN]…
 *
 * Does the main job with the packed package against the embedded auth server, then serves the playground until Ctrl-C.
 * --reach names servers of your own that the workbench may send requests to, beside the embedded one.
 * With --once it ends after the main job; the exit status tells whether that went well.
 */
import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { parseArgs } from "node:util";

import { mainJob } from "../tests/main-job.mjs";
import { startEmbedded } from "../tests/servers/lib.mjs";
import { importPackage } from "../tests/servers/package.mjs";

const HOST = "127.0.0.1";
const DEFAULT_PORT = 4180;
const PORTS_TRIED = 20;
const JOB_ACCESS_TTL = 4; // waiting for expiry is part of the job
const PLAYGROUND_ACCESS_TTL = 60; // long enough to read, short enough to see a refresh

try {
  const { once, port: wantedPort, reach } = readArgs();
  const port = once ? undefined : await choosePort(wantedPort); // a port that is taken is told before the work
  await doMainJob();
  if (port !== undefined) await playground(port, reach);
} catch (error) {
  console.error(`doorkey: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}

function readArgs() {
  const { values } = parseArgs({
    options: {
      once: { type: "boolean", default: false },
      port: { type: "string" },
      reach: { type: "string", multiple: true, default: [] },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new Error(`--port takes a number from 1 to 65535, not "${values.port}"`);
  }
  return { once: values.once, port, reach: values.reach.map(originOf) };
}

/** @param {string} url */
function originOf(url) {
  const { protocol, origin } = URL.canParse(url) ? new URL(url) : { protocol: "", origin: "" };
  if (!/^https?:$/.test(protocol)) throw new Error(`--reach takes an address such as http://127.0.0.1:8000, not "${url}"`);
  return origin;
}

async function doMainJob() {
  const { doorkey } = await importPackage();
  const server = await startEmbedded({ accessTtl: JOB_ACCESS_TTL });
  try {
    await mainJob({ server, doorkey, print: console.log });
  } finally {
    await server.stop();
  }
}

/** @param {number} port @param {string[]} reach */
async function playground(port, reach) {
  const origins = [`http://${HOST}:${port}`, `http://localhost:${port}`];
  const server = await startEmbedded({ accessTtl: PLAYGROUND_ACCESS_TTL, origins, control: false });
  const { servePlayground } = await import("./serve.mjs");
  const docs = buildDocs();
  const page = await servePlayground({ port, authUrl: server.url, user: server.user, reach, docsState: docs.state });

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    docs.stop();
    await Promise.all([page.close(), server.stop()]);
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  server.exited.then(() => {
    if (stopping) return;
    console.error("doorkey: the auth server has ended");
    process.exitCode = 1;
    return stop();
  });

  console.log(`\nplayground:   ${page.url}`);
  console.log(`workbench:    ${page.url}/workbench/`);
  console.log(`documents:    ${page.url}/docs/ (as soon as they are built)`);
  console.log(`auth server:  ${server.url} (access tokens live for ${PLAYGROUND_ACCESS_TTL} s)`);
  console.log(`sign in as:   ${server.user.email} / ${server.user.password} (in the app, or at the provider's own pages)`);
  console.log("Ctrl-C stops both.");
}

/** Builds the documents beside the playground, which does not wait for them; what has failed is told where they would stand. */
function buildDocs() {
  /** @type {string | undefined} */
  let failure;
  const args = ["run", "-q", "-p", "xtask", "--", "docs"];
  const child = execFile(process.env.CARGO ?? "cargo", args, (error, stdout, stderr) => {
    if (error && !child.killed) failure = `${stdout}\n${stderr}`.trim() || error.message;
    if (failure) console.error(`doorkey: the documents are not built: ${failure}`);
  });
  return { state: () => failure, stop: () => child.kill() };
}

/**
 * The port that was asked for, or an error; without one the first free port from the default on.
 * @param {number | undefined} wanted
 */
async function choosePort(wanted) {
  if (wanted !== undefined) {
    if (await isFree(wanted)) return wanted;
    throw new Error(`port ${wanted} of ${HOST} is taken: end the program that uses it, or choose another with --port`);
  }
  for (let port = DEFAULT_PORT; port < DEFAULT_PORT + PORTS_TRIED; port += 1) {
    if (await isFree(port)) {
      if (port !== DEFAULT_PORT) console.log(`port ${DEFAULT_PORT} is taken, so the playground uses ${port}`);
      return port;
    }
  }
  throw new Error(`the ports ${DEFAULT_PORT} to ${DEFAULT_PORT + PORTS_TRIED - 1} of ${HOST} are all taken: choose another with --port`);
}

/** @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, HOST, () => probe.close(() => resolve(true)));
  });
}
