// Forms in which libraries come, and what the loaders that run fetched text make of them.

const api = "{ version: '1', run: function () { return 7; } }";
const bytes = "[0,97,115,109,1,0,0,0,1,5,1,96,0,1,127,3,2,1,0,7,5,1,1,102,0,0,10,6,1,4,0,65,42,11]";

/** By form: its text, and what it exports to ToolJet and sets in Lowcoder; a text is the error. */
export const shapes = {
  "a variable of an IIFE": { text: `var Lib = (function () { return ${api}; })();`, tooljet: null, lowcoder: [] },
  "an IIFE that assigns to window": { text: `(function () { window.Lib = ${api}; })();`, tooljet: null, lowcoder: ["Lib"] },
  "an IIFE that assigns to globalThis": { text: `(function () { globalThis.Lib = ${api}; })();`, tooljet: null, lowcoder: ["Lib"] },
  "rollup's UMD": {
    text: `(function (global, factory) { typeof exports === "object" && typeof module !== "undefined" ? factory(exports) : typeof define === "function" && define.amd ? define(["exports"], factory) : factory((global = typeof globalThis !== "undefined" ? globalThis : global || self).Lib = {}); })(this, function (exports) { exports.version = "1"; exports.run = function () { return 7; }; });`,
    tooljet: ["version", "run"],
    lowcoder: ["Lib"],
  },
  "webpack's UMD": {
    text: `(function (root, factory) { if (typeof exports === "object" && typeof module === "object") module.exports = factory(); else if (typeof define === "function" && define.amd) define([], factory); else if (typeof exports === "object") exports.Lib = factory(); else root.Lib = factory(); })(self, function () { return ${api}; });`,
    tooljet: ["version", "run"],
    lowcoder: ["Lib"],
  },
  "a UMD that asks AMD for exports first": {
    text: `(function (root, factory) { if (typeof define === "function" && define.amd) define(["exports"], factory); else factory(root.Lib = {}); })(typeof self !== "undefined" ? self : this, function (exports) { exports.version = "1"; });`,
    tooljet: "TypeError",
    lowcoder: ["Lib"],
  },
  "a UMD that asks AMD first and returns": {
    text: `(function (root, factory) { if (typeof define === "function" && define.amd) define([], factory); else root.Lib = factory(); })(self, function () { return ${api}; });`,
    tooljet: ["version", "run"],
    lowcoder: ["Lib"],
  },
  "an ES module": { text: `export const version = "1";`, tooljet: "SyntaxError", lowcoder: "SyntaxError" },
  "a script with import.meta": { text: `var Lib = import.meta.url;`, tooljet: "SyntaxError", lowcoder: "SyntaxError" },
  "a UMD with wasm in it": {
    text: `(function (root, factory) { if (typeof module === "object" && module.exports) module.exports = factory(); else root.Lib = factory(); })(self, function () { var made = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(${bytes}))); return { f: made.exports.f() }; });`,
    tooljet: ["f"],
    lowcoder: ["Lib"],
  },
};
