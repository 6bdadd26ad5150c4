// `doorkey/slim`: the wasm is a file beside this one, streamed by `init`.
export * from "./streamed.mjs";
export { default } from "./streamed.mjs";
export * from "./whole.mjs";
