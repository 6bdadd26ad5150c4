// `doorkey` for bundlers.
import "./embedded.mjs";

export * from "./named.mjs";
export * from "./parts.mjs";
