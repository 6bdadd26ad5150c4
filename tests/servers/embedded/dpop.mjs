// @ts-check
/** Proofs of possession at the API (RFC 9449 section 7), checked apart from the provider, which checks those at its own endpoints. */
import { createHash } from "node:crypto";

import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from "jose";

/** So far may the clocks be apart, in seconds. */
const WINDOW = 60;
/** A nonce of the API's serves for so many requests. */
const USES = 3;

/** @typedef {{ error: string, message: string, nonce?: string }} Refusal */

/** @param {{ requiresNonce: boolean }} options */
export function createProofs({ requiresNonce }) {
  /** @type {Set<string>} */
  const seen = new Set();
  let uses = 0;
  const nonce = () => `api-${Math.floor(uses / USES)}`;

  /**
   * Why the proof of this request is none, or undefined.
   * @param {{ method: string, url: string, proof: string | undefined, token: string, jkt: string }} request
   * @returns {Promise<Refusal | undefined>}
   */
  return async function refusalOf({ method, url, proof, token, jkt }) {
    const refuse = (/** @type {string} */ message) => ({ error: "invalid_dpop_proof", message });
    if (!proof) return refuse("The request has no proof.");
    let claims;
    let header;
    try {
      ({ payload: claims, protectedHeader: header } = await jwtVerify(proof, EmbeddedJWK, { algorithms: ["ES256"], typ: "dpop+jwt" }));
    } catch (error) {
      return refuse(`The proof is not signed by its key: ${error}`);
    }
    const { jwk = /** @type {any} */ ({}) } = header;
    if (Object.keys(jwk).sort().join() !== "crv,kty,x,y") return refuse("The proof shows more of its key than the public half.");
    if ((await calculateJwkThumbprint(jwk)) !== jkt) return { error: "invalid_token", message: "The token is bound to another key." };
    if (claims.htm !== method || claims.htu !== url) return refuse(`The proof is for ${claims.htm} ${claims.htu}.`);
    if (claims.ath !== createHash("sha256").update(token).digest("base64url")) return refuse("The proof is for another token.");
    if (Math.abs(Number(claims.iat) - Date.now() / 1000) > WINDOW) return refuse("The proof is too old, or from the future.");
    if (typeof claims.jti !== "string" || claims.jti.length < 16 || seen.has(claims.jti)) return refuse("The proof was used before.");
    seen.add(claims.jti);
    if (!requiresNonce) return;
    const wanted = nonce();
    if (claims.nonce !== wanted) return { error: "use_dpop_nonce", message: "The proof lacks the nonce.", nonce: wanted };
    uses += 1;
  };
}
