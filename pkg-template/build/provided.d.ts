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

/** What wasm-bindgen makes of src/bindings, and shorten.mjs of that. */
declare module "doorkey-glue" {
  /** What the module imports. */
  export const imports: WebAssembly.Imports;
  /** Makes an instance the one that is used. */
  export function use(instance: WebAssembly.Instance): void;
  /** The way into that instance: see src/shell/module.js. */
  export function turn(message: Uint8Array, now: number): Uint8Array;
}

/** What an AMD loader gives, where there is one. */
declare const define: { (names: string[], make: () => unknown): void; amd?: unknown } | undefined;

/** The one global of the UMD form. */
declare var Doorkey: Record<string, any>;
