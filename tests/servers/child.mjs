// @ts-check
/** What the scripts that start a server have in common: they say where it listens, and end with their parent. */
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export const EMAIL = process.env.USER_EMAIL ?? "";
export const PASSWORD = process.env.USER_PASSWORD ?? "";
/** Seconds. */
export const ACCESS_TTL = Number(process.env.ACCESS_TTL ?? "60");
/** The address at which apps see the server: that of the proxy before it. */
export const PUBLIC_URL = process.env.PUBLIC_URL ?? "";
/** A folder that is gone afterwards. */
export const DATA_DIR = process.env.DATA_DIR ?? "";

/** Finds packages where set-up has put them. */
export const load = createRequire(process.env.MODULES ? join(process.env.MODULES, "package.json") : import.meta.url);

/** The same for modules. @param {string} name @returns {Promise<any>} */
export const loadModule = (name) => import(pathToFileURL(load.resolve(name)).href);

/** @param {string} url @param {() => void} [end] what else must end */
export function ready(url, end = () => {}) {
  const stop = () => {
    end();
    process.exit(0);
  };
  process.stdin.on("end", stop).on("error", stop).resume();
  process.on("SIGTERM", stop);
  console.log(`READY ${url}`);
}

/** Says where a server listens, once it does. @param {import("node:http").Server} server */
export function listening(server) {
  const tell = () => ready(`http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`);
  if (server.listening) tell();
  else server.once("listening", tell);
}

/** A port for a program that can't say which one it took. @returns {Promise<number>} */
export const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });

/** Tries until a server answers. @param {string} url */
export async function answering(url) {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
