// @ts-check
// Texts as UTF-8, and back.

/** How many units become text at once: arguments have a limit. */
const CHUNK = 8192;
/** Fewer bytes become text sooner here than in a decoder. */
const FEW = 24;

/** Writes UTF-8, and gives where it ends; half a surrogate pair becomes U+FFFD. @param {string} text @param {Uint8Array} bytes @param {number} at */
export function utf8(text, bytes, at) {
  for (let from = 0; from < text.length; from++) {
    let unit = text.charCodeAt(from);
    if (unit < 0x80) {
      bytes[at++] = unit;
      continue;
    }
    if (unit >= 0xd800 && unit < 0xe000) {
      const whole = /** @type {number} */ (text.codePointAt(from));
      if (whole > 0xffff) from++;
      unit = whole > 0xffff ? whole : 0xfffd;
    }
    if (unit < 0x800) {
      bytes[at++] = 0xc0 | (unit >> 6);
    } else {
      if (unit < 0x10000) {
        bytes[at++] = 0xe0 | (unit >> 12);
      } else {
        bytes[at++] = 0xf0 | (unit >> 18);
        bytes[at++] = 0x80 | ((unit >> 12) & 0x3f);
      }
      bytes[at++] = 0x80 | ((unit >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (unit & 0x3f);
  }
  return at;
}

/** That of the platform, where it has one: jsdom does not. */
const decoder = (() => {
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true });
  } catch {}
})();

/** The text of UTF-8 that is well formed, as all is that Rust calls text. @param {Uint8Array} bytes */
export function utf16(bytes) {
  if (bytes.length >= FEW && decoder) return decoder.decode(bytes);
  let text = "";
  /** @type {number[]} */
  let units = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at++];
    let point = first;
    if (first >= 0x80) {
      const more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
      point = first & (0x3f >> more);
      for (let left = more; left > 0; left--) point = (point << 6) | (bytes[at++] & 0x3f);
    }
    if (point > 0xffff) {
      point -= 0x10000;
      units.push(0xd800 | (point >> 10), 0xdc00 | (point & 0x3ff));
    } else {
      units.push(point);
    }
    if (units.length >= CHUNK) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
}

/** So many names are known at once, by what their bytes come to. */
const NAMES = 1024;
/** @type {string[]} */
const names = [];

/** The same for the name of a member: the same few come with each message. @param {Uint8Array} bytes @param {number} from @param {number} to */
export function nameIn(bytes, from, to) {
  let place = 0;
  for (let at = from; at < to; at++) place = (place * 31 + bytes[at]) % NAMES;
  const known = names[place];
  if (known?.length === to - from) {
    let at = from;
    while (at < to && known.charCodeAt(at - from) === bytes[at]) at++;
    if (at === to) return known;
  }
  const name = utf16(bytes.subarray(from, to));
  // One that is not ASCII has fewer units than bytes, and could be another's bytes.
  if (to - from < FEW && name.length === to - from) names[place] = name;
  return name;
}

/** What of a text Rust sees, where the text is compared with one that Rust gave. @param {string} text */
export const wellFormed = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");
