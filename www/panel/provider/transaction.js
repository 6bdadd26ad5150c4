// @ts-check
// The transaction: a sign-in that has left, or that has come back. doorkey keeps one by redirect in this tab's sessionStorage, one in
// a window of its own in the page; the trace tells of both. What nobody may see is not read out of it.

import { h, keyed } from "../../runtime/dom.js";
import { clock } from "../part.js";

/** @typedef {import("../trace.js").Step} Step */
/** @typedef {{ at: number, mode?: string, issuer?: string, redirectUri: string, page?: string, secrets?: string[], isAnswered: boolean }} Transaction */

const NAME = "doorkey";
const TEN_MINUTES = 600_000;
const SECRET = { id: "state", verifier: "code_verifier", nonce: "nonce" };

/** The transactions that this tab knows, newest first. @param {Step[]} trace @returns {Transaction[]} */
export function transactionsOf(trace) {
  const stored = storedOnes();
  const answered = trace.filter(({ id, reason }) => id === "callback" && reason === "record").map(({ scope }) => scope);
  const isOf =
    (/** @type {{ at: number }} */ { at }) =>
    (/** @type {{ at: number }} */ other) =>
      other.at === at;
  const held = trace
    .filter(({ id, reason, scope }) => id === "leave" && reason === "popup" && !answered.some(isOf(scope)) && !stored.some(isOf(scope)))
    .map(({ scope }) => ({ ...scope, page: returnPage(), secrets: Object.values(SECRET), isAnswered: false }));
  const last = answered.slice(-1).map((scope) => ({ ...scope, mode: answeredMode(scope, trace), isAnswered: true }));
  const isFresh = (/** @type {Transaction} */ { at, isAnswered }) => isAnswered || Date.now() - at < TEN_MINUTES;
  return [...stored, ...held, ...last].filter(isFresh).sort((one, other) => other.at - one.at);
}

/** Those by redirect, without their secrets. @returns {Transaction[]} */
function storedOnes() {
  const found = [];
  for (let at = 0; at < sessionStorage.length; at += 1) {
    const key = sessionStorage.key(at) ?? "";
    if (!key.startsWith(`${NAME}.signin:`)) continue;
    const { mode, issuer, redirectUri, at: begun, ...rest } = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    // Our id may be in its query.
    const page = String(redirectUri).split("?")[0];
    const secrets = Object.entries(SECRET).flatMap(([name, told]) => (rest[name] === undefined ? [] : [told]));
    // What wanted a window and lies here had none.
    const how = mode === "popup" ? BLOCKED : mode;
    found.push({ at: begun, mode: how, issuer, redirectUri: page, page: returnPage(), secrets, isAnswered: false });
  }
  return found;
}

const BLOCKED = "redirect, as the window was blocked";

/** A window hands its answer to the page that has opened it, whose trace still tells that. @param {any} scope @param {Step[]} trace */
function answeredMode(scope, trace) {
  if (scope.mode !== "popup") return scope.mode;
  return trace.some(({ id, scope: left }) => id === "leave" && left.at === scope.at) ? "popup" : BLOCKED;
}

/** Where the user goes in the end: the page that they were sent away from, else home. */
const returnPage = () => sessionStorage.getItem(`${NAME}.kept:page`) ?? "Dashboard (pages.home)";

export function transactionView() {
  const list = h("ol", { class: "transactions", "data-testid": "transactions", "aria-label": "Transactions" });
  const empty = h(
    "p",
    { class: "empty" },
    "None waits. “Sign in with the provider” begins one: it is kept in this tab until the answer comes.",
  );
  return {
    body: h("div", null, list, empty),
    show(/** @type {Transaction[]} */ transactions) {
      keyed(list, transactions, (each) => JSON.stringify(each), item);
      list.hidden = transactions.length === 0;
      empty.hidden = transactions.length > 0;
    },
  };
}

function item(/** @type {Transaction} */ { at, mode, issuer, redirectUri, page, secrets = [], isAnswered }) {
  // A sign-out at the provider waits for nothing but the user.
  const what = mode === undefined ? "sign-out" : "sign-in";
  return h(
    "li",
    { "data-state": isAnswered ? "answered" : "waiting" },
    h(
      "p",
      { class: "told" },
      isAnswered ? `A ${what} that was answered. Its record is taken out: it works once.` : `A ${what} that waits for its answer.`,
    ),
    h(
      "dl",
      { class: "long" },
      row("Begun", clock(at)),
      row("Mode", mode),
      row("Issuer", issuer),
      row("Comes back to", redirectUri),
      row("Then shows", page),
      ...secrets.map((name) => row(name, h("span", { class: "masked" }, "•••••••• ", h("small", null, "kept, not shown")))),
    ),
  );
}

function row(/** @type {string} */ name, /** @type {string | Node | undefined} */ value) {
  return value !== undefined && h("div", null, h("dt", null, name), h("dd", null, value));
}
