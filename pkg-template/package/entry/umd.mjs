// biome-ignore lint/suspicious/noRedundantUseStrict: it is bundled as a script
"use strict";
// `doorkey/umd`: CommonJS first, as loaders that pass `module` to a fetched text read nothing else; else the one global,
// also where a page has an AMD loader that did not ask for this file.
import "./embedded.mjs";
import { doorkey as session } from "../facade.mjs";
import { hosts, providers } from "./whole.mjs";

const doorkey = { ...session, hosts, providers };

if (typeof module === "object" && module && module.exports) {
  module.exports = doorkey;
} else {
  if (typeof define === "function" && define.amd) define([], () => doorkey);
  globalThis.Doorkey = doorkey;
}
