// `doorkey`: the wasm is inside the file and runs when the import is done.
import "./embedded.mjs";

export * from "./named.mjs";
export * from "./whole.mjs";
