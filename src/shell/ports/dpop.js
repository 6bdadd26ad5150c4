// @ts-check
// The keys of sessions, and the proofs that a page has one (RFC 9449): what they say, Rust has written.

import { base64url, hashed, unguessable } from "./random.js";
import { addKey, dropKey, keyUnder } from "./records.js";

/** @typedef {import("../page.js").Page} Page */
/** @typedef {{ key: string, isNew: boolean, isKept: boolean, token?: string, claims: Record<string, unknown> }} Proof */

/** Two halves that can't be taken out of the browser; the public one can be shown. */
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** @typedef {Map<string, CryptoKeyPair | Promise<CryptoKeyPair>>} Keys those of a session, by name: one that is kept no longer serves those who have begun */

/** Those that the browser was to keep, and can't: they are there for as long as the page, as their sessions are. @type {Keys} */
const unkept = new Map();

/** Adds a proof to the headers of its request; false: the key is lost. @param {Keys} keys @param {string[]} headers @param {Proof} proof */
export async function prove(keys, headers, proof) {
  const pair = await keyOf(keys, proof);
  if (!pair) return false;
  headers.push("DPoP", await signed(pair, proof));
  return true;
}

/** @param {Keys} keys @param {Proof} proof @returns {Promise<CryptoKeyPair | undefined>} */
async function keyOf(keys, { key, isNew, isKept }) {
  const known = keys.get(key) ?? unkept.get(key);
  if (known) return known;
  if (!isNew) {
    const found = globalThis.indexedDB && (await keyUnder(key).catch(unlessDenied));
    if (found) keys.set(key, found);
    return found;
  }
  const made = make(key, isKept);
  keys.set(key, made);
  made.catch(() => keys.delete(key));
  return made;
}

/** Where no page may look there is no key; what fails otherwise may be there the next time. @param {Error} thrown */
function unlessDenied(thrown) {
  if (thrown.name !== "SecurityError") throw thrown;
}

/** @param {string} key @param {boolean} isKept */
async function make(key, isKept) {
  if (!globalThis.crypto?.subtle)
    throw { code: "ERR_NOT_READY", message: "dpop needs WebCrypto, which browsers have on https and localhost alone" };
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign"]);
  return isKept ? kept(key, pair).catch(() => pair) : pair;
}

/** Where the browser keeps nothing that fails, and the session lasts as long as the page. @param {string} key @param {CryptoKeyPair} pair */
async function kept(key, pair) {
  try {
    return await addKey(key, () => pair);
  } catch (thrown) {
    unkept.set(key, pair);
    throw thrown;
  }
}

/** A proof: a JWT that the key has signed, with the public half in its header. @param {CryptoKeyPair} pair @param {Proof} proof */
async function signed({ privateKey, publicKey }, { claims, token }) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  const header = { typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } };
  const { href } = new URL(/** @type {string} */ (claims.htu), globalThis.document?.baseURI ?? globalThis.location?.href);
  const payload = { ...claims, htu: href, jti: unguessable(), ath: token && (await hashed(token)) };
  const text = [header, payload].map((part) => base64url(bytesOf(JSON.stringify(part)))).join(".");
  const signature = await crypto.subtle.sign(ALGORITHM, privateKey, bytesOf(text));
  return `${text}.${base64url(new Uint8Array(signature))}`;
}

/** @param {string} text */
const bytesOf = (text) => new TextEncoder().encode(text);

/**
 * Lets the key of that name outlive the page, where it is in use here; or not, where what it is good for has moved or is over.
 * @param {Page} page @param {{ id: number, name: string, isKept: boolean }} message
 */
export const keepKey = (page, { id, name, isKept }) =>
  page.answerLater("keepKey", id, async () => {
    const { keys } = page.session;
    const pair = await (keys.get(name) ?? unkept.get(name) ?? (isKept ? undefined : keyUnder(name)));
    // Who is still to be told of the end proves it with this.
    if (pair) keys.set(name, pair);
    if (isKept) await (pair && kept(name, pair));
    else {
      unkept.delete(name);
      await dropKey(name);
    }
    return {};
  });
