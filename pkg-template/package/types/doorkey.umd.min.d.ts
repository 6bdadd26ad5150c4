// `doorkey/umd`: CommonJS, or the global `Doorkey` of a script.
export * from "./doorkey.js";
export as namespace Doorkey;
