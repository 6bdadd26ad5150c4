// @ts-check
// What every engine has and Rust would otherwise have to carry: functions of texts, in bytes.

import { copy, parsed } from "./copy.js";
import { decode, encode, Refs } from "./wire.js";

// Nothing that is parsed is carried.
const none = new Refs();

/** What Rust can ask for: see platform.rs. @type {Map<string, (text: string) => unknown>} */
const FUNCTIONS = new Map([
  ["json", (text) => json(text)],
  ["date", (text) => Date.parse(text)],
  ["upper", (text) => text.toUpperCase()],
  ["lower", (text) => text.toLowerCase()],
  ["nfc", (text) => text.normalize("NFC")],
  ["nfd", (text) => text.normalize("NFD")],
  ["cookie", (text) => cookie(text)],
]);

/** @param {string} text */
function json(text) {
  const value = parsed(text);
  // A text of JSON is never the JSON of itself.
  return value === text ? undefined : copy(value);
}

/** A cookie's value, decoded where that can be: servers encode what a cookie can't hold. @param {string} name */
function cookie(name) {
  const start = `${name}=`;
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(start));
  if (found === undefined) return;
  const value = found.slice(start.length);
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/**
 * Calls one of them; what fails gives `undefined`, and what a page has made of them is copied like everything that it gives.
 * @param {Uint8Array} message its name as `op`, and the `text` @returns {Uint8Array}
 */
export function lend(message) {
  let value;
  try {
    const { op, text } = decode(message, none);
    value = copy(FUNCTIONS.get(op)?.(text));
  } catch {}
  return encode(value, none);
}
