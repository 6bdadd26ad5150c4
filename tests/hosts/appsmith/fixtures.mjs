// Libraries of every shape that a builder may try to install, by the path under which the CDN serves them.
// The wasm ones have the shape of what wasm-bindgen writes for its targets, around a module of one function.

/** A module that exports `add(i32, i32)`. */
const wasm = Buffer.from("0061736d0100000001070160027f7f017f03020100070701036164640000" + "0a09010700200020016a0b", "hex");
const bytes = `Uint8Array.from(atob("${wasm.toString("base64")}"), (each) => each.charCodeAt(0))`;

const umd = (body) =>
  `(function (root, factory) { root.AppAuth = factory(); })(typeof self !== "undefined" ? self : this, function () { "use strict"; ${body} });`;

/** What the no-modules target begins with: it asks where its script came from. */
const nomodules = (then) => `wasm_bindgen = (function () {
  let script_src;
  if (typeof document !== "undefined" && document.currentScript !== null) script_src = new URL(document.currentScript.src, location.href).toString();
  let wasm;
  const finish = (instance) => (wasm = instance.exports);
  const initSync = (bytes) => finish(new WebAssembly.Instance(new WebAssembly.Module(bytes)));
  const init = async (input) => finish((await WebAssembly.instantiate(await (await fetch(input)).arrayBuffer())).instance);
  return Object.assign(init, { initSync, add: (a, b) => wasm.add(a, b) });
})();
${then}`;

const web = (start) => `let wasm;
export function add(a, b) { return wasm.add(a, b); }
export function initSync(bytes) { wasm = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports; }
export default async function init(input = new URL("/add.wasm", import.meta.url)) {
  wasm = (await WebAssembly.instantiate(await (await fetch(input)).arrayBuffer())).instance.exports;
}
${start}`;

export const fixtures = {
  "/umd.js": umd("return { version: '1', signin: function () { return storeValue('theme', 'dark'); } };"),
  "/toplevel-const.js": "const Hidden = {};",
  "/toplevel-var.js": "var Sticky = { a: 1 };",
  "/two-globals.js": "var B1 = {}; var A1 = { last: true };",
  "/root-default.js": "self.default = { main: true }; self.signin = function () { return 'in'; };",
  "/throws.js": "throw new Error('no');",
  "/partial-then-throws.js": "self.Half = {}; throw new Error('no');",
  "/frozen.js": "self.Frozen = Object.freeze({ add: function (a, b) { return a + b; } });",
  "/getter-spy.js": "var Spy = { hits: 0, get seen() { Spy.hits += 1; return 1; }, get bad() { throw new Error('no'); } };",
  "/big-typed-array.js": "self.Big = { bytes: new Uint8Array(512 * 1024) };",
  "/esm-named.mjs": "export let counter = 0; export function inc() { counter += 1; return counter; }",
  "/esm-mixed-fn.mjs": "export default function main() { return 1; } export const a = 1;",
  "/esm-prim.mjs": "export default 1; export const a = 1;",
  "/esm-tla.mjs": "export const late = await new Promise((resolve) => setTimeout(resolve, 20, 'waited'));",
  "/wrong-mime.js": { type: "text/plain", body: "var Plain = 1;" },
  "/wasm-nomodules-raw.js": `let ${nomodules("")}`,
  "/wasm-umd-sync.js": umd(`var document; let ${nomodules(`wasm_bindgen.initSync(${bytes}); return { add: wasm_bindgen.add };`)}`),
  "/wasm-umd-async.js": umd(
    `var document; let ${nomodules("wasm_bindgen('@cdn/add.wasm').catch(function () {}); return { add: wasm_bindgen.add };")}`,
  ),
  "/wasm-esm-sync.mjs": web(`initSync(${bytes});`).replace("export default async", "async"),
  "/wasm-esm-tla.mjs": web("await init();").replace("export default async", "async"),
  "/wasm-web-raw.mjs": web(""),
  "/wasm-bundler.mjs": 'import * as wasm from "./add.wasm"; export const add = wasm.add;',
  "/add.wasm": { type: "application/wasm", body: wasm },
};
