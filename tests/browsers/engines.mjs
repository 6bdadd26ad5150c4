// @ts-check
// The browsers that the machine has, each driven over W3C WebDriver by the driver that belongs to it.

import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";

import { Capabilities, WebDriver } from "selenium-webdriver";
import { Executor, HttpClient } from "selenium-webdriver/http/index.js";

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 5_000;

/**
 * @typedef {object} Engine
 * @property {string} name
 * @property {string} driver the program, or the variable of the environment that names it
 * @property {string} variable
 * @property {boolean} [needsDisplay]
 */

/** @type {Engine[]} */
export const ENGINES = [
  { name: "chromium", driver: "chromedriver", variable: "CHROMEDRIVER" },
  { name: "firefox", driver: "geckodriver", variable: "GECKODRIVER" },
  { name: "webkit", driver: "WebKitWebDriver", variable: "WEBKITWEBDRIVER", needsDisplay: true },
];

/** The driver's path, or undefined. @param {Engine} engine */
export function driverOf({ driver, variable }) {
  const named = process.env[variable];
  const found = named ? [named] : (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, driver));
  return found.find((path) => existsSync(path));
}

/**
 * Starts the driver and a browser.
 * @param {Engine} engine
 */
export async function start(engine) {
  const driver = driverOf(engine);
  if (!driver) throw new Error(`there is no ${engine.driver}: run "cargo xtask setup", or name it in ${engine.variable}`);
  const display = engine.needsDisplay ? await startDisplay() : undefined;
  const env = display ? { ...process.env, DISPLAY: display.name } : process.env;
  const { server, url } = await startDriver(driver, env).catch(async (error) => {
    await display?.stop();
    throw error;
  });
  const stop = async () => {
    await server.stop();
    await display?.stop();
  };
  try {
    const capabilities = new Capabilities(JSON.parse(readFileSync(new URL(`${engine.name}.json`, import.meta.url), "utf8")));
    const browser = WebDriver.createSession(new Executor(new HttpClient(url)), capabilities);
    const caps = await browser.getCapabilities();
    return {
      browser,
      /** As the driver says it, such as "firefox 140.1". */
      version: `${caps.getBrowserName()} ${caps.getBrowserVersion() ?? ""}`.trim(),
      async stop() {
        await browser.quit().catch(() => {});
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** On a free port; on another one where somebody has taken that meanwhile. @param {string} driver @param {NodeJS.ProcessEnv} env */
async function startDriver(driver, env) {
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    const server = startProgram(driver, [`--port=${port}`], { env });
    const url = `http://127.0.0.1:${port}`;
    try {
      await answers(`${url}/status`, server);
      return { server, url };
    } catch (error) {
      await server.stop();
      if (tries === 3) throw error;
    }
  }
}

/** An X server without a screen, which chooses its own number. */
async function startDisplay() {
  const server = startProgram("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const number = await new Promise((resolve, reject) => {
    const told = /** @type {import("node:stream").Readable} */ (server.child.stdio[3]);
    told.once("data", (data) => resolve(String(data).trim()));
    server.ended.then(() => reject(new Error(`Xvfb did not start: ${server.errors()}`)));
  });
  return { name: `:${number}`, stop: server.stop };
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
function startProgram(program, args, options) {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], ...options });
  let written = "";
  child.stderr?.on("data", (data) => (written = (written + data).slice(-2000)));
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.once("close", () => resolve());
    child.once("error", (error) => {
      written += error.message;
      resolve();
    });
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill); // none is left behind, however this process ends
  return {
    child,
    ended,
    errors: () => written.trim() || "it said nothing",
    async stop() {
      process.removeListener("exit", kill);
      if (child.pid === undefined || child.exitCode !== null) return;
      child.kill("SIGTERM");
      const late = setTimeout(kill, STOP_WITHIN_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

/** @param {string} url @param {ReturnType<typeof startProgram>} server */
async function answers(url, server) {
  let over = false;
  server.ended.then(() => (over = true));
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline && !over; ) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`the driver does not answer: ${server.errors()}`);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}
