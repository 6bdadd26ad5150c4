// @ts-check
// The flow in the address: `#flow=` and the document, deflated, in base64url. No input is ever in it, and no password or key that
// stands in the document as plain text.

import { stepsIn } from "./flow.js";
import { isSecretName, SECRET_FIELD } from "./secrets.js";

/** What holds members and headers to send, and variables: under the name of a secret there stands one. */
const SENT = ["headers", "query", "form", "json", "params", "define"];
/** Among the options these do; others have names such as `tokens.accessToken`, and hold none. */
const SECRET = /password|passwd|secret|api[-_]?key|assertion/i;
/** A parameter in an address, and who signs in there. */
const PARAMETER = /([?&#;])([^=?&#;\s]+)=([^&#;\s]+)/g;
const USER = /^([a-z][a-z\d+.-]*:\/\/)[^/?#\s]*@/i;
/** What a link may hold, in bytes, after inflating. */
const LONGEST = 100_000;

/**
 * The document without plain secrets, and how many were taken out.
 * @param {any} document
 */
export function withoutSecrets(document) {
  const variables = stepsIn(document).flatMap(({ define }) => Object.keys(Object(define)));
  let removed = 0;
  const take = (/** @type {string} */ rest) => {
    removed += 1;
    return rest;
  };
  /** @param {any} value @param {Place} place @returns {any} */
  const clean = (value, place) => {
    if (typeof value === "string" || typeof value === "number") {
      if (place.isSecret && isPlain(String(value), variables)) return take("");
      return typeof value === "string" ? addressed(value, take) : value;
    }
    if (Array.isArray(value)) return value.map((item) => clean(item, place));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, clean(member, placeOf(key, value, place))]));
  };
  return { clean: clean(document, { isSent: false, isSecret: false }), removed };
}

/**
 * Where a value stands: whether among what is sent, and under the name of a secret; and which variables a step marks as secret.
 * @typedef {{ isSent: boolean, isSecret: boolean, marked?: boolean | string[] }} Place
 * @param {string} key @param {any} holder the object that has it @param {Place} place of that
 * @returns {Place}
 */
function placeOf(key, holder, { isSent, marked }) {
  const isMarked = marked === true || (Array.isArray(marked) && marked.includes(key));
  const isEntered = key === "value" && SECRET_FIELD.test(holder.type);
  const isSecret = isMarked || isEntered || (isSent ? isSecretName(key) : SECRET.test(key));
  return { isSent: isSent || SENT.includes(key), isSecret, marked: key === "define" && !isSent ? holder.secret : undefined };
}

/** Whether a text says a secret, and not where one comes from: from a template, or a variable, which may have a scheme before it. @param {string} text @param {string[]} variables */
function isPlain(text, variables) {
  if (text === "" || text.includes("{{")) return false;
  return !variables.includes(text.replace(/^[A-Za-z]+ /, ""));
}

/** A text without the secrets that an address in it carries. @param {string} text @param {(rest: string) => string} take */
function addressed(text, take) {
  return text
    .replace(USER, (whole, scheme) => (whole.includes("{{") ? whole : take(scheme)))
    .replace(PARAMETER, (whole, mark, name, value) => (isSecretName(name) && !value.includes("{{") ? take(`${mark}${name}=`) : whole));
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
