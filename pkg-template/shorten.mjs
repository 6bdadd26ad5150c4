// @ts-check
// Gives what the wasm imports and exports names of a letter or two. wasm-bindgen's are long and end in a hash, which no
// compressor makes smaller, and stand both in the module and in its glue.

const IMPORTS = 2;
const EXPORTS = 7;
const OWN = "./doorkey_bg.js";

/**
 * @param {string} glue what wasm-bindgen wrote @param {Uint8Array} wasm
 * @returns {{ glue: string, wasm: Uint8Array }}
 */
export function shorten(glue, wasm) {
  /** @type {string[]} Members that the glue takes from other modules as they are. */
  const taken = [];
  let count = 0;
  /** @param {string} text @param {string} long @param {string} short */
  const replace = (text, long, short) => {
    if (!text.includes(long)) throw new Error(`the glue lacks ${long}`);
    return text.replaceAll(long, short);
  };
  const short = sections(wasm).map(({ id, body }) => {
    const reader = new Reader(body);
    /** @type {number[]} */
    const made = [];
    const size = reader.number();
    if (id === IMPORTS) {
      for (let at = 0; at < size; at++) {
        const [from, long, name] = [reader.text(), reader.text(), (count++).toString(36)];
        if (from === OWN) glue = replace(glue, ` ${long}: `, ` "${name}": `);
        else taken.push(`"${name}": ${namespace(glue, from)}.${long}`);
        made.push(...text("a"), ...text(name), ...reader.rest(() => reader.type()));
      }
    } else if (id === EXPORTS) {
      for (let at = 0; at < size; at++) {
        const [long, name] = [reader.text(), "x" + at.toString(36)];
        // Not every export is used by the glue.
        glue = glue.replaceAll(new RegExp(`\\bwasm\\.${long}\\b`, "g"), `wasm.${name}`);
        made.push(...text(name), ...reader.rest(() => reader.index()));
      }
    } else {
      return [id, ...number(body.length), ...body];
    }
    const all = [...number(size), ...made];
    return [id, ...number(all.length), ...all];
  });
  const table = /return \{\s*__proto__: null,\s*"\.\/doorkey_bg\.js": import0,[^}]*\};/;
  if (!table.test(glue)) throw new Error("the glue has another table of imports");
  glue = glue.replace(table, () => `return { a: { ...import0, ${taken.join(", ")} } };`);
  return { glue, wasm: new Uint8Array([...wasm.subarray(0, 8), ...short.flat()]) };
}

/** The name by which the glue imports a whole module. @param {string} glue @param {string} from */
function namespace(glue, from) {
  const name = glue.split(` from "${from}"`)[0].match(/import \* as (\w+)$/)?.[1];
  if (!name) throw new Error(`the glue does not import ${from}`);
  return name;
}

/** @param {Uint8Array} wasm */
function sections(wasm) {
  const reader = new Reader(wasm, 8);
  const found = [];
  while (reader.at < wasm.length) {
    const id = wasm[reader.at++];
    found.push({ id, body: reader.take(reader.number()) });
  }
  return found;
}

/** LEB128. @param {number} value @returns {number[]} */
const number = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...number(value >>> 7)]);

/** @param {string} content */
function text(content) {
  const bytes = new TextEncoder().encode(content);
  return [...number(bytes.length), ...bytes];
}

class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  /** @param {number} length */
  take(length) {
    return this.bytes.subarray(this.at, (this.at += length));
  }

  text() {
    return new TextDecoder().decode(this.take(this.number()));
  }

  /** The bytes that `skip` passes. @param {() => void} skip */
  rest(skip) {
    const start = this.at;
    skip();
    return this.bytes.subarray(start, this.at);
  }

  /** A kind and an index: what an export is. */
  index() {
    this.at++;
    this.number();
  }

  /** What an import is: of these modules always a function. */
  type() {
    if (this.bytes[this.at] !== 0) throw new Error("the module imports what is no function");
    this.index();
  }
}
