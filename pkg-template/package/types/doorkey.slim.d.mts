// `doorkey/slim`: the same, and `init`.
export * from "./doorkey.js";

/** Where the module is: an address, a response, its bytes, or compiled. */
export type InitInput = string | URL | Response | Promise<Response> | BufferSource | WebAssembly.Module;

/**
 * Starts the module. Asynchronous calls wait for it; synchronous ones throw `ERR_NOT_READY` until it is done.
 * Once it has begun, a second call waits for the first; after a failure it may be tried again.
 *
 * @param input default: `doorkey.wasm` beside this file
 * @throws AuthError `ERR_NOT_READY`, with the cause
 */
export function init(input?: InitInput): Promise<void>;
export default init;
