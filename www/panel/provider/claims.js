// @ts-check
// The ID token's claims. The token itself is in the stored record, and is not shown: only what `auth.claims` reads in it.

import { h, keyed } from "../../runtime/dom.js";
import { clock } from "../part.js";

/** Moments, in seconds since 1970. */
const MOMENTS = ["exp", "iat", "auth_time", "nbf"];
const MEANING = /** @type {Record<string, string>} */ ({
  sub: "the user",
  iss: "who says so",
  aud: "for which app",
  exp: "good until",
  iat: "said at",
  auth_time: "signed in at",
});

export function claimsView(/** @type {any} */ auth) {
  const list = h("dl", { class: "long", "data-testid": "claims" });
  const empty = h("p", { class: "empty" });
  return {
    body: h("div", null, list, empty),
    show() {
      const { signedIn } = auth.status();
      const token = signedIn && storedToken();
      const claims = token ? Object.entries(auth.claims(token)) : [];
      keyed(
        list,
        claims,
        (claim) => JSON.stringify(claim),
        ([name, value]) =>
          h("div", null, h("dt", null, h("code", null, name), MEANING[name] && ` ${MEANING[name]}`), h("dd", null, shown(name, value))),
      );
      list.hidden = claims.length === 0;
      empty.hidden = claims.length > 0;
      const why = signedIn
        ? "This session has none: it was begun with a password, without the scope openid."
        : "Nobody is signed in. After a sign-in with the provider this is who it says you are.";
      if (empty.textContent !== why) empty.textContent = why;
    },
  };
}

/** Read from the stored record, as it is not part of the public surface. */
function storedToken() {
  try {
    return JSON.parse(localStorage.getItem("doorkey") ?? "null")?.tokens?.idToken;
  } catch {
    return undefined;
  }
}

function shown(/** @type {string} */ name, /** @type {unknown} */ value) {
  // What was sent along, to know this token by.
  if (name === "nonce") return h("span", { class: "masked" }, "•••••••• ", h("small", null, "the one that was sent"));
  if (MOMENTS.includes(name) && typeof value === "number") return `${value} · ${clock(value * 1000)}`;
  return typeof value === "string" ? value : JSON.stringify(value);
}
