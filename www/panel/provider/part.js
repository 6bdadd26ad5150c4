// @ts-check
// Sign-in by redirect: what is kept while the user is away, what became of the answer, and whom the ID token names.

import { h } from "../../runtime/dom.js";
import { guarded } from "../part.js";
import { callbackOf, callbackView } from "./callback.js";
import { claimsView } from "./claims.js";
import { transactionsOf, transactionView } from "./transaction.js";

export function providerPart(/** @type {any} */ auth) {
  const [transaction, callback, claims] = [transactionView(), callbackView(), claimsView(auth)];
  const body = h(
    "div",
    { class: "provider" },
    section("Transaction", transaction.body),
    section("Callback", callback.body),
    section("ID token", claims.body),
  );
  /** What sign-ins came to, as doorkey told it. @type {import("./callback.js").Ending[]} */
  const endings = [];

  const update = guarded(body, () => {
    const trace = auth.trace();
    transaction.show(transactionsOf(trace));
    callback.show(callbackOf(trace, endings));
    claims.show();
  });
  return {
    body,
    update,
    add(/** @type {import("./callback.js").Ending} */ { type, at, reason }) {
      if (type === "failed" || (type === "signedIn" && reason !== "otherTab")) endings.push({ type, at, reason });
    },
  };
}

const section = (/** @type {string} */ title, /** @type {Node} */ body) => h("section", null, h("h3", null, title), body);
