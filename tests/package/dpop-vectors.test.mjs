// @ts-check
/** The examples of RFC 9449: that our checks of proofs take them, and that our proofs are made as they are. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from "jose";

import { prove } from "../../src/shell/ports/dpop.js";
import { hashed } from "../../src/shell/ports/random.js";

const HEADER =
  "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19";
/** Section 4.1, figure 2; section 7.1, figure 13. */
const AT_TOKEN_ENDPOINT = `${HEADER}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg`;
const AT_RESOURCE = `${HEADER}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA`;
const TOKEN = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
const ATH = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo";
/** Section 6.1: the confirmation in a token that is bound to that key. */
const JKT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

/** @param {string} proof */
const checked = (proof) => jwtVerify(proof, EmbeddedJWK, { algorithms: ["ES256"], typ: "dpop+jwt" });

/** @type {import("../../src/shell/ports/dpop.js").Keys} */
const keys = new Map();

/** A proof of ours. @param {object} claims @param {string} [token] */
async function ours(claims, token) {
  /** @type {string[]} */
  const headers = [];
  const proof = { key: "vectors", isNew: true, isKept: false, token, claims: /** @type {any} */ (claims) };
  assert.equal(await prove(keys, headers, proof), true);
  assert.equal(headers[0], "DPoP");
  return checked(headers[1]);
}

test("RFC 9449 section 4.1: a proof at the token endpoint", async () => {
  const { payload: theirs, protectedHeader } = await checked(AT_TOKEN_ENDPOINT);
  const { htm, htu, iat } = theirs;
  const { payload, protectedHeader: header } = await ours({ htm, htu, iat });
  assert.deepEqual(Object.keys(payload).sort(), Object.keys(theirs).sort());
  assert.deepEqual({ ...payload, jti: theirs.jti }, theirs);
  assert.ok(typeof payload.jti === "string" && payload.jti.length >= 16, "96 bit of chance at least (section 4.2)");
  assert.deepEqual(Object.keys(header).sort(), Object.keys(protectedHeader).sort());
  assert.deepEqual(Object.keys(header.jwk ?? {}).sort(), Object.keys(protectedHeader.jwk ?? {}).sort());
});

test("RFC 9449 section 6.1: the thumbprint of the key that a proof shows is that of the token", async () => {
  const { protectedHeader } = await checked(AT_TOKEN_ENDPOINT);
  assert.equal(await calculateJwkThumbprint(/** @type {any} */ (protectedHeader.jwk)), JKT);
  const { protectedHeader: header } = await ours({ htm: "GET", htu: "https://a.example/", iat: 1 });
  const { kty, crv, x, y } = /** @type {any} */ (header.jwk);
  // RFC 7638 section 3: the required members alone, in this order.
  assert.equal(await calculateJwkThumbprint(/** @type {any} */ (header.jwk)), await hashed(JSON.stringify({ crv, kty, x, y })));
});

test("RFC 9449 section 7.1: a proof at a resource names the token by its hash", async () => {
  const { payload: theirs } = await checked(AT_RESOURCE);
  assert.equal(theirs.ath, ATH);
  assert.equal(await hashed(TOKEN), ATH);
  const { htm, htu, iat } = theirs;
  const { payload } = await ours({ htm, htu, iat }, TOKEN);
  assert.deepEqual({ ...payload, jti: theirs.jti }, theirs);
});

test("RFC 9449 section 8: a nonce stands in the proof as it was given", async () => {
  const nonce = "eyJ7S_zG.eyJH0-Z.HX4w-7v";
  const { payload } = await ours({ htm: "POST", htu: "https://server.example.com/token", iat: 1, nonce });
  assert.equal(payload.nonce, nonce);
});

test("the address is written as browsers send it", async () => {
  const { payload } = await ours({ htm: "GET", htu: "HTTPS://A.Example:443/x y", iat: 1 });
  assert.equal(payload.htu, "https://a.example/x%20y");
});
