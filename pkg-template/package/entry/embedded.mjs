// @ts-check
// Starts the wasm that is inside the file, before the file's last line.
import text from "doorkey-wasm";
import { start, startSync } from "../start.mjs";
import { decode } from "../wasm-text.mjs";

try {
  startSync(decode(text));
} catch {
  // Some browsers refuse to compile at once on the main thread; what they refuse altogether (a CSP), the second try tells.
  start(async () => decode(text)).catch(() => {});
}
