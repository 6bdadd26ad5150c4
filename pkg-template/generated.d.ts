// What the build provides to these sources: see bundle.mjs. Not shipped.

/** The version of the package. */
declare const __VERSION__: string;

/** The wasm as text: see wasm-text.mjs. */
declare module "doorkey-wasm" {
  const text: string;
  export default text;
}

/** What wasm-bindgen makes of src/bindings. */
declare module "doorkey-glue" {
  export function initSync(source: { module: Uint8Array | WebAssembly.Module }): unknown;
  export default function init(source: { module_or_path: unknown }): Promise<unknown>;
  /** Hands over the class that errors are to be instances of: `new AuthError(code, message, details)`. */
  export function install(AuthError: Function): void;
  export function claims(token: unknown): object;
  export class Session {
    static open(options: unknown): Session;
    configure(options: unknown): void;
    dispose(): void;
    [member: string]: (...args: any[]) => any;
  }
}
