// @ts-check
// Bodies, read as far as they are looked at.

import { parsed } from "../copy.js";
import { isFunction, member } from "../own.js";
import { utf16 } from "../text.js";

/**
 * Reads until there are enough bytes, or more than anything that is looked at; what is left is not read then. Of what
 * does not come in time there is nothing: a part of it could be taken for the whole.
 * @param {ReadableStream<Uint8Array> | null} stream @param {number} longest @param {(bytes: Uint8Array) => boolean} isEnough
 * @param {number} [patience] in milliseconds
 */
async function bytesOf(stream, longest, isEnough, patience) {
  const reader = stream?.getReader();
  let isLate = false;
  const giveUp = () => {
    isLate = true;
    reader?.cancel().catch(() => {});
  };
  const timer = patience && setTimeout(giveUp, patience);
  let bytes = new Uint8Array(1024);
  let size = 0;
  try {
    while (reader && size <= longest && !isEnough(bytes.subarray(0, size))) {
      const { value, done } = await reader.read();
      if (done) break;
      if (size + value.length > bytes.length) {
        const more = new Uint8Array(2 * (size + value.length));
        more.set(bytes);
        bytes = more;
      }
      bytes.set(value, size);
      size += value.length;
    }
  } finally {
    clearTimeout(timer);
  }
  reader?.cancel().catch(() => {});
  return bytes.subarray(0, isLate ? 0 : size);
}

/** So long is waited for a body that is only looked at, in milliseconds: a stream may not end, and the caller waits for it. */
const PATIENCE = 5000;

/** The text that these bytes are; jsdom has no decoder. @param {Uint8Array} bytes */
const decoded = (bytes) => (typeof TextDecoder === "function" ? new TextDecoder().decode(bytes) : utf16(bytes).replace(/^\ufeff/, ""));

/**
 * The text of a response; `undefined` for one that is too long, which is not read to its end. A copy is counted, since a length that
 * is told is that of what is packed; and of a stream the developer tools of Chromium show nothing now and then.
 * @param {Response} response @param {number} longest @param {boolean} [isShared] whether others may still read it
 */
export async function textIn(response, longest, isShared) {
  const isCopied = isFunction(member(response, "clone"));
  // Not every fetch has streams, or those of the platform.
  const isStream = isCopied && isFunction(member(response.body, "getReader"));
  if (isStream && (await bytesOf(response.clone().body, longest, () => false)).length > longest)
    return isShared ? undefined : void drop(response);
  const text = await (isShared && isCopied ? response.clone() : response).text();
  return text.length > longest ? undefined : text;
}

/** Nobody reads the body of this response. @param {Response | undefined} response */
export async function drop(response) {
  try {
    await response?.body?.cancel();
  } catch {} // It may be read already, or no stream.
}

/**
 * A body that is JSON, unless it is too long to be looked at. What does not begin like JSON is not read; a first line that is
 * JSON by itself is all that is looked at, since a stream may stand behind it.
 * @param {Response} copy @param {number} longest
 */
export async function jsonOf(copy, longest) {
  const line = { tried: false, value: /** @type {unknown} */ (undefined) };
  const bytes = await bytesOf(copy.body, longest, (bytes) => isEnough(bytes, line), PATIENCE);
  if (line.value !== undefined || bytes.length > longest) return line.value;
  const text = decoded(bytes);
  const value = parsed(text);
  return value === text ? undefined : value;
}

/** @param {Uint8Array} bytes @param {{ tried: boolean, value: unknown }} line */
function isEnough(bytes, line) {
  const first = bytes.find((byte) => byte > 32);
  if (first === undefined) return false;
  if (!/[[{"\d\-tfn\xef]/.test(String.fromCharCode(first))) return true;
  const end = line.tried ? -1 : bytes.indexOf(10, bytes.indexOf(first));
  if (end < 0) return false;
  line.tried = true;
  const text = decoded(bytes.subarray(0, end));
  const value = parsed(text);
  if (value === text) return false;
  line.value = value;
  return true;
}

/**
 * The trailers of a gRPC-web answer that begins with them, names and values in turn: it has no message, and so an error.
 * @param {Response} copy @param {number} longest
 */
export async function trailers(copy, longest) {
  // A frame is a byte of flags, of which the highest says that these are trailers, and four of length.
  const needed = (/** @type {Uint8Array} */ bytes) => 5 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  const bytes = await bytesOf(copy.body, longest, (bytes) => bytes.length >= 5 && (!(bytes[0] & 128) || bytes.length >= needed(bytes)));
  if (!(bytes[0] & 128)) return [];
  const lines = utf16(bytes.subarray(5)).split("\r\n");
  return lines.map((line) => line.split(/: ?(.*)/s, 2)).flatMap(([name, value = ""]) => (name ? [name, value] : []));
}

/**
 * The text of the body of a caller's request, which goes on being unread; `undefined` for one that is too long, that does not
 * come in time, or that is no UTF-8: it is sent as it is.
 * @param {Request} request @param {number} longest
 */
export async function textOfRequest(request, longest) {
  try {
    const copy = request.clone();
    // Firefox shows no stream of a request, and sends none.
    const isStream = isFunction(member(copy.body, "getReader"));
    const bytes = isStream ? await bytesOf(copy.body, longest, () => false, PATIENCE) : new Uint8Array(await copy.arrayBuffer());
    const text = bytes.length > longest ? "" : decoded(bytes);
    return /^$|\ufffd/.test(text) ? undefined : text;
  } catch {} // What can't be read fails where it is sent.
}
