// @ts-check
// Data as bytes: how it crosses between JavaScript and Rust. The other end is wire.rs.
//
// Values stand in preorder, each behind a letter that says what it is. A text is its length and its UTF-8, arrays and
// objects end with a letter of their own, an object is keys and values in turn. What Rust only carries about (a function, a
// query, a response) stays here, and Rust has its number.

import { defined } from "./own.js";
import { nameIn, utf8, utf16 } from "./text.js";

/** What stands before each value: the names and letters of wire.rs. */
export const LETTERS = {
  END: ";",
  UNDEFINED: "u",
  NULL: "n",
  FALSE: "f",
  TRUE: "t",
  NUMBER: "d",
  TEXT: "s",
  LIST: "[",
  MAP: "{",
  FUNCTION: "F",
  QUERY: "Q",
  OTHER: "O",
};

/** The length of a text, and the number of what is carried. */
const COUNT_BYTES = 4;
const NUMBER_BYTES = 8;
/** The most bytes of a UTF-16 unit in UTF-8. */
const WIDEST = 3;
/** What is written is copied at once, so that the next message may have the same room; larger ones are let go. */
const KEPT_BYTES = 65536;

/** @typedef {"FUNCTION" | "QUERY" | "OTHER"} Kind */

/** Something that Rust only carries about. */
export class Carried {
  /** @param {Kind} kind what it can be used for @param {unknown} value */
  constructor(kind, value) {
    this.kind = kind;
    this.value = value;
  }
}

/** What Rust carries about, by its number. */
export class Refs {
  constructor() {
    /** @type {Map<number, unknown>} */
    this.kept = new Map();
    this.last = 0;
  }

  /** @param {unknown} value */
  keep(value) {
    this.last = (this.last + 1) >>> 0;
    this.kept.set(this.last, value);
    return this.last;
  }

  /** Lets go what nobody in Rust has any more. @param {number[]} dead */
  forget(dead) {
    for (const number of dead) this.kept.delete(number);
  }

  clear() {
    this.kept.clear();
  }
}

/** By name, what stands in the bytes. @type {Record<string, number>} */
const CODES = Object.fromEntries(Object.entries(LETTERS).map(([name, letter]) => [name, letter.charCodeAt(0)]));

let room = new Uint8Array(1024);
let roomView = new DataView(room.buffer);

class Writer {
  /** @param {Refs} refs */
  constructor(refs) {
    this.refs = refs;
    this.bytes = room;
    this.view = roomView;
    this.at = 0;
  }

  /** Makes room. @param {number} more */
  grow(more) {
    const needed = this.at + more;
    if (needed <= this.bytes.length) return;
    const bytes = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }

  /** @param {keyof typeof LETTERS} name */
  letter(name) {
    this.grow(1 + NUMBER_BYTES);
    this.bytes[this.at++] = CODES[name];
  }

  /** @param {number} number */
  number(number) {
    this.letter("NUMBER");
    this.view.setFloat64(this.at, number, true);
    this.at += NUMBER_BYTES;
  }

  /** @param {string} text */
  text(text) {
    this.letter("TEXT");
    const start = this.at;
    this.grow(COUNT_BYTES + text.length * WIDEST);
    this.at = utf8(text, this.bytes, start + COUNT_BYTES);
    this.view.setUint32(start, this.at - start - COUNT_BYTES, true);
  }

  /** @param {Carried} carried */
  carried({ kind, value }) {
    this.letter(kind);
    this.view.setUint32(this.at, this.refs.keep(value), true);
    this.at += COUNT_BYTES;
  }

  /** Writes data of our own making: what a page gives is copied first, see copy.js. @param {unknown} value */
  value(value) {
    if (typeof value === "string") this.text(value);
    else if (typeof value === "number") this.number(value);
    else if (typeof value === "boolean") this.letter(value ? "TRUE" : "FALSE");
    else if (value === null) this.letter("NULL");
    else if (typeof value !== "object") this.letter("UNDEFINED");
    else if (value instanceof Carried) this.carried(value);
    else this.members(value);
  }

  /** @param {object} value an array, or an object */
  members(value) {
    const isList = Array.isArray(value);
    this.letter(isList ? "LIST" : "MAP");
    if (isList) {
      for (let at = 0; at < value.length; at++) this.value(value[at]);
    } else {
      for (const key of Object.keys(value)) {
        this.text(key);
        this.value(/** @type {Record<string, unknown>} */ (value)[key]);
      }
    }
    this.letter("END");
  }
}

class Reader {
  /** @param {Uint8Array} bytes @param {Refs} refs */
  constructor(bytes, refs) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.refs = refs;
    this.at = 0;
  }

  count() {
    this.at += COUNT_BYTES;
    return this.view.getUint32(this.at - COUNT_BYTES, true);
  }

  /** @param {object | null} [prototype] that of objects; by default the usual one @returns {any} */
  value(prototype) {
    const code = this.bytes[this.at++];
    switch (code) {
      case CODES.NULL:
        return null;
      case CODES.FALSE:
      case CODES.TRUE:
        return code === CODES.TRUE;
      case CODES.NUMBER:
        this.at += NUMBER_BYTES;
        return this.view.getFloat64(this.at - NUMBER_BYTES, true);
      case CODES.TEXT: {
        const size = this.count();
        this.at += size;
        return utf16(this.bytes.subarray(this.at - size, this.at));
      }
      case CODES.LIST:
        return this.list(prototype);
      case CODES.MAP:
        return this.map(prototype);
      case CODES.FUNCTION:
      case CODES.QUERY:
      case CODES.OTHER:
        return this.refs.kept.get(this.count());
    }
  }

  /** Whether this is the end of an array or an object, which is then behind. */
  isEnd() {
    const is = this.at >= this.bytes.length || this.bytes[this.at] === CODES.END;
    if (is) this.at++;
    return is;
  }

  /** @param {object | null} [prototype] */
  list(prototype) {
    const items = [];
    while (!this.isEnd()) items.push(this.value(prototype));
    return items;
  }

  /** A key, which is a text. */
  name() {
    this.at++;
    const size = this.count();
    this.at += size;
    return nameIn(this.bytes, this.at - size, this.at);
  }

  /** @param {object | null} [prototype] */
  map(prototype) {
    /** @type {Record<string, unknown>} */
    const map = prototype === null ? Object.create(null) : {};
    while (!this.isEnd()) {
      const key = this.name();
      const value = this.value();
      // A key such as `__proto__` is a key, whatever the page has put on all objects.
      if (prototype === null || !(key in Object.prototype)) map[key] = value;
      else defined(map, key, value);
    }
    return map;
  }
}

/** The bytes of a message, which are there until the next one. @param {unknown} message @param {Refs} refs where what is carried stays */
export function encode(message, refs) {
  const writer = new Writer(refs);
  writer.value(message);
  if (writer.bytes.length <= KEPT_BYTES) {
    room = writer.bytes;
    roomView = writer.view;
  }
  return writer.bytes.subarray(0, writer.at);
}

/**
 * The messages in bytes, without a prototype: what a page puts on all objects is no member of theirs.
 * @param {Uint8Array} bytes @param {Refs} refs @returns {any}
 */
export const decode = (bytes, refs) => new Reader(bytes, refs).value(null);
