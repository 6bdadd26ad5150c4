// @ts-check
// Core without wasm: starts benches/flow.rs, and asks it for times.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Builds and starts it. `stop` ends it. */
export async function startNative() {
  const args = ["bench", "--quiet", "--no-default-features", "--bench", "flow"];
  const child = spawn("cargo", args, { cwd: fileURLToPath(new URL("..", import.meta.url)), stdio: ["pipe", "pipe", "inherit"] });
  /** @type {{ resolve: (ms: number) => void, reject: (error: Error) => void }[]} */
  const waiting = [];
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.resolve(Number(line) / 1e6));
  const ended = new Promise((resolve) => child.once("close", resolve));
  ended.then(() => waiting.forEach(({ reject }) => reject(new Error("the native benchmark has ended"))));
  child.stdin.on("error", () => {}); // its end is what tells
  const ask = (/** @type {string} */ what) => (/** @type {number} */ count) =>
    /** @type {Promise<number>} */ (
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${what} ${count}\n`);
      })
    );
  const native = { compile: ask("compile"), run: ask("run") };
  await native.compile(1); // it is built
  return {
    ...native,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
