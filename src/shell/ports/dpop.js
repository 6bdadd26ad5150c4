// @ts-check
// The keys of sessions, and the proofs that a page has one (RFC 9449): what they say, Rust has written.

import { base64url, hashed, unguessable } from "./random.js";
import { addKey, dropKey as forget, keyUnder } from "./records.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {{ key: string, isNew: boolean, isKept: boolean, token?: string, claims: Record<string, unknown> }} Proof */

/** Two halves that can't be taken out of the browser; the public one can be shown. */
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** The keys in use, by name. One that is dropped serves those who have begun, until another is made. @type {Map<string, CryptoKeyPair | Promise<CryptoKeyPair>>} */
const keys = new Map();
/** @type {Set<string>} */
const dropped = new Set();

/** Adds a proof to the headers of its request; false: the key is lost. @param {string[]} headers @param {Proof} [proof] */
export async function prove(headers, proof) {
  if (!proof) return true;
  const pair = await keyOf(proof);
  if (!pair) return false;
  headers.push("DPoP", await signed(pair, proof));
  return true;
}

/** @param {Proof} proof @returns {Promise<CryptoKeyPair | undefined>} */
async function keyOf({ key, isNew, isKept }) {
  const known = keys.get(key);
  if (known) return known;
  if (!isNew) {
    const found = globalThis.indexedDB && (await keyUnder(key));
    if (found) keys.set(key, found);
    return found;
  }
  for (const old of dropped) keys.delete(old);
  dropped.clear();
  const made = make(key, isKept);
  keys.set(key, made);
  made.catch(() => keys.delete(key));
  return made;
}

/** @param {string} key @param {boolean} isKept */
async function make(key, isKept) {
  if (!globalThis.crypto?.subtle)
    throw { code: "ERR_NOT_READY", message: "dpop needs WebCrypto, which browsers have on https and localhost alone" };
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign"]);
  try {
    if (isKept) return await addKey(key, () => pair);
  } catch {} // Where the browser keeps nothing the session lasts as long as the page.
  return pair;
}

/** A proof: a JWT that the key has signed, with the public half in its header. @param {CryptoKeyPair} pair @param {Proof} proof */
async function signed({ privateKey, publicKey }, { claims, token }) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  const header = { typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } };
  const { href } = new URL(/** @type {string} */ (claims.htu), globalThis.location?.href);
  const payload = { ...claims, htu: href, jti: unguessable(), ath: token && (await hashed(token)) };
  const text = [header, payload].map((part) => base64url(bytesOf(JSON.stringify(part)))).join(".");
  const signature = await crypto.subtle.sign(ALGORITHM, privateKey, bytesOf(text));
  return `${text}.${base64url(new Uint8Array(signature))}`;
}

/** @param {string} text */
const bytesOf = (text) => new TextEncoder().encode(text);

/** The key of that name is nobody's any more. @param {Page} _page @param {{ name: string }} message */
export async function dropKey(_page, { name }) {
  try {
    // Who is still to be told of the end proves it with this.
    if (!keys.has(name)) {
      const found = await keyUnder(name);
      if (found) keys.set(name, found);
    }
    dropped.add(name);
    await forget(name);
  } catch {} // Without its tokens a key opens nothing.
}
