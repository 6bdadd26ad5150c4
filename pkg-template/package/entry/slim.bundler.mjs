// `doorkey/slim` for bundlers.

export * from "./parts.mjs";
export * from "./streamed.mjs";
export { default } from "./streamed.mjs";
