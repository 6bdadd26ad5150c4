// `doorkey`, the ES module. The types are those of every form.
export * from "./doorkey.js";
