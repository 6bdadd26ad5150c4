// @ts-check
// Starts the wasm that is inside the file, before the file's last line.
import init, { initSync } from "doorkey-glue";
import text from "doorkey-wasm";
import { decode } from "../wasm-text.mjs";
import { start, started } from "../start.mjs";

const module = decode(text);
try {
  initSync({ module });
  started();
} catch {
  // Some browsers refuse to compile at once on the main thread; what they refuse altogether (a CSP), the second try tells.
  start(() => init({ module_or_path: module })).catch(() => {});
}
