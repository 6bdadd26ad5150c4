// @ts-check
// The flow in the address: `#flow=` and the document, deflated, in base64url. No input is ever in it, and no password or key that
// stands in the document as plain text.

const SECRET = /password|passwd|secret|api[-_]?key|assertion/i;
/** What holds a secret behind the name of a scheme, unless that is the name of a variable, as in `Bearer OAUTH2_TOKEN`. */
const CREDENTIALS = /^((proxy-)?authorization|cookie)$/i;
/** What a link may hold, in bytes, after inflating. */
const LONGEST = 100_000;

/**
 * The document without plain secrets, and how many were taken out.
 * @param {any} document
 */
export function withoutSecrets(document) {
  let removed = 0;
  const clean = JSON.parse(
    JSON.stringify(document, (key, value) => {
      if (typeof value !== "string" || value === "" || value.includes("{{")) return value;
      const isSecret = SECRET.test(key) || (CREDENTIALS.test(key) && !/(^| )[A-Z][A-Z0-9_]*$/.test(value));
      if (!isSecret) return value;
      removed += 1;
      return "";
    }),
  );
  return { clean, removed };
}

/** @param {any} document */
export async function toHash(document) {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(document)), new CompressionStream("deflate-raw"));
  const text = btoa(String.fromCharCode(...bytes));
  return `#flow=${text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** The document of a hash; undefined when there is none in it. Rejects when what is there is none. @param {string} hash */
export async function fromHash(hash) {
  const given = /^#flow=([\w-]+)$/.exec(hash)?.[1];
  if (!given) return undefined;
  const bytes = Uint8Array.from(atob(given.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw"))));
}

/** @param {Uint8Array} bytes @param {CompressionStream | DecompressionStream} stream */
async function through(bytes, stream) {
  const writer = stream.writable.getWriter();
  const written = writer.write(/** @type {any} */ (bytes)).then(() => writer.close());
  written.catch(() => {}); // reading tells
  const parts = [];
  let length = 0;
  const reader = stream.readable.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > LONGEST) throw new Error("the link is too long");
    parts.push(...part.value);
  }
  return Uint8Array.from(parts);
}
