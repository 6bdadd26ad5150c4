// What the build provides to these sources: see bundle.mjs. Not shipped.

/** The version of the package. */
declare const __VERSION__: string;

/** The wasm as text: see wasm-text.mjs. */
declare module "doorkey-wasm" {
  const text: string;
  export default text;
}

/** A style sheet as text, minified. */
declare module "*.css" {
  const text: string;
  export default text;
}

/** What wasm-bindgen makes of src/bindings. */
declare module "doorkey-glue" {
  export function initSync(source: { module: Uint8Array | WebAssembly.Module }): unknown;
  export default function init(source: { module_or_path: unknown }): Promise<unknown>;
  /** The way into the module: see enter.mjs. */
  export function root(): import("./enter.mjs").Entrance;
}
