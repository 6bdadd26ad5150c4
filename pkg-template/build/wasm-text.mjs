// @ts-check
// The other way of package/wasm-text.mjs: what ships decodes, and only the build encodes.
import { FIRST, SINGLE, SIZE } from "../package/wasm-text.mjs";

/** @param {Uint8Array} bytes @returns {string} */
export function encode(bytes) {
  const character = (/** @type {number} */ code) => String.fromCharCode(FIRST + code);
  return Array.from(bytes, (byte) => {
    const rest = byte - SINGLE;
    return rest < 0 ? character(byte) : character(SINGLE + Math.floor(rest / SIZE)) + character(rest % SIZE);
  }).join("");
}
