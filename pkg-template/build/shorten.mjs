// @ts-check
// Gives what the wasm imports and exports names of a letter or two. wasm-bindgen's are long and end in a hash, which no
// compressor makes smaller, and stand both in the module and in its glue. The glue, which wasm-bindgen writes for bundlers
// that load wasm by themselves, also gets what start.mjs loads it with.

const IMPORTS = 2;
const EXPORTS = 7;
const OWN = "./doorkey_bg.js";

/** The decoder of texts, which some pages lack, stands in the glue for the one text that the module throws: that is ASCII. */
const DECODER = /let cachedTextDecoder = [^]*?\nfunction decodeText\(bytes\) \{[^]*?\n\}\n/;
const ASCII = "const decodeText = (bytes) => String.fromCharCode(...bytes);\n";

/** What begins with an instance: views of the memory of another one are of no use. @param {string} glue */
const use = (glue) => `
/** Makes an instance the one that is used. */
export function use({ exports }) {
  ${[...glue.matchAll(/^let (cached\w+) = null;/gm)].map(([, name]) => `${name} = `).join("")}null;
  __wbg_set_wasm(exports);
  wasm.__wbindgen_start();
}
`;

/**
 * @param {string} glue what wasm-bindgen wrote @param {Uint8Array} wasm
 * @returns {{ glue: string, wasm: Uint8Array }}
 */
export function shorten(glue, wasm) {
  /** @type {string[]} What the module imports, by its new name. */
  const imports = [];
  /** @type {string[]} Other modules that it imports from. */
  const others = [];
  /** @param {string} from @param {string} long */
  const imported = (from, long) => {
    if (from === OWN) {
      if (!glue.includes(`export function ${long}(`)) throw new Error(`the glue lacks ${long}`);
      return long;
    }
    if (!others.includes(from)) others.push(from);
    return `module${others.indexOf(from)}.${long}`;
  };
  glue = glue.replace(DECODER, ASCII);
  if (/\bText(De|En)coder\b/.test(glue)) throw new Error("the glue wants a TextDecoder or a TextEncoder");
  glue += use(glue);
  const short = sections(wasm).map(({ id, body }) => {
    const reader = new Reader(body);
    /** @type {number[]} */
    const made = [];
    const size = reader.number();
    if (id === IMPORTS) {
      for (let at = 0; at < size; at++) {
        const [from, long, name] = [reader.text(), reader.text(), at.toString(36)];
        imports.push(`"${name}": ${imported(from, long)}`);
        made.push(...text("a"), ...text(name), ...reader.rest(() => reader.type()));
      }
    } else if (id === EXPORTS) {
      for (let at = 0; at < size; at++) {
        const [long, name] = [reader.text(), `x${at.toString(36)}`];
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
  const namespaces = others.map((from, at) => `import * as module${at} from "${from}";`);
  // Only what start.mjs needs is still exported.
  glue = [
    ...namespaces,
    glue.replaceAll("export function __wb", "function __wb"),
    `export const imports = { a: { ${imports.join(", ")} } };`,
  ].join("\n");
  return { glue, wasm: new Uint8Array([...wasm.subarray(0, 8), ...short.flat()]) };
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
