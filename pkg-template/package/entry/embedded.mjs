// @ts-check
// Starts the wasm that is inside the file, before the file's last line.
import text from "doorkey-wasm";
import { start, startSync } from "../start.mjs";
import { decode } from "../wasm-text.mjs";

const bytes = decode(text);
try {
  startSync(bytes);
} catch {
  // Some browsers refuse to compile at once on the main thread; what they refuse altogether (a CSP), the second try tells.
  start(async () => bytes).catch(() => {});
}
