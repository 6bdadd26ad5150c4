// @ts-check
// Where an answer has its tokens, and how long they live.

import { leaves } from "./exchange.js";
import { CONTAINERS, isRefreshName, KNOWN, plain } from "./names.js";

/** @typedef {import("./exchange.js").Answer} Answer */
/** @typedef {(string | number)[]} Path */
/** What stands for a token in an answer; `header` is where a token came in one. @typedef {{ path: Path, value: any, isKnown: boolean }} Found */
/** @typedef {{ accessToken?: Found, refreshToken?: Found, expiresIn?: Found, expiresAt?: Found, header?: string, jwt?: any, unclear: boolean }} Tokens */
/** Which value a person has said is what. @typedef {Partial<Record<"accessToken" | "refreshToken" | "expiresIn" | "expiresAt", Path>>} Picks */

const JWT = /^(?:Bearer )?[\w-]{4,}\.([\w-]{4,})\.[\w-]*$/;

/** The claims of a JWT, or nothing. @param {unknown} value */
export function claimsOf(value) {
  const part = typeof value === "string" ? JWT.exec(value)?.[1] : undefined;
  try {
    const claims = part && JSON.parse(atob(part.replaceAll("-", "+").replaceAll("_", "/")));
    return Object(claims) === claims ? claims : undefined;
  } catch {
    return undefined;
  }
}

/** @param {Answer | undefined} answer @param {boolean} isSample @param {Picks} [picks] @returns {Tokens} */
export function tokensOf(answer, isSample, picks = {}) {
  if (!answer) return { unclear: false };
  const all = leaves(answer.body).filter(({ path }) => path.length > 0);
  const found = (/** @type {keyof typeof KNOWN} */ kind, /** @type {Path | undefined} */ path) => {
    const leaf = path && all.find((each) => each.path.join("\n") === path.join("\n"));
    return leaf && { ...leaf, isKnown: known(answer.body, kind)?.join("\n") === leaf.path.join("\n") };
  };
  const best = (/** @type {(leaf: typeof all[number]) => number} */ score) =>
    all
      .map((leaf) => ({ leaf, points: score(leaf) }))
      .filter(({ points }) => points > 0)
      .sort((a, b) => b.points - a.points || a.leaf.path.length - b.leaf.path.length)[0]?.leaf.path;
  const refreshToken = found("refreshToken", picks.refreshToken ?? best((leaf) => refreshScore(leaf, isSample)));
  const accessToken = found(
    "accessToken",
    picks.accessToken ?? best((leaf) => (leaf.path === refreshToken?.path ? 0 : accessScore(leaf, isSample))),
  );
  const header = accessToken
    ? undefined
    : Object.entries(answer.headers).find(
        ([name, value]) => /^authorization$|^(x-)?(auth|access|session)-?token$/.test(name) && value.length > 8,
      )?.[0];
  const lifetime = best((leaf) => lifetimeScore(leaf, "in"));
  const moment = best((leaf) => lifetimeScore(leaf, "at"));
  const expiresIn = found("expiresIn", picks.expiresIn ?? lifetime);
  const expiresAt = found("expiresAt", picks.expiresAt ?? moment);
  const jwt = claimsOf(accessToken?.value ?? (header && answer.headers[header]));
  const hasBody = all.some(({ value }) => value !== null && value !== "");
  return {
    accessToken,
    refreshToken,
    ...(expiresIn ? { expiresIn } : { expiresAt }),
    header,
    jwt,
    unclear: !accessToken && !header && hasBody,
  };
}

/** Where doorkey itself finds it. @param {any} body @param {keyof typeof KNOWN} kind @returns {Path | undefined} */
function known(body, kind) {
  const fits = (/** @type {any} */ value) =>
    (typeof value === "string" && value !== "") || (/^expires/.test(kind) && typeof value === "number");
  const at = (/** @type {any} */ place, /** @type {Path} */ path) => {
    const name = Object(place) === place ? KNOWN[kind].find((name) => fits(place[name])) : undefined;
    return name === undefined ? undefined : [...path, name];
  };
  return at(body, []) ?? CONTAINERS.map((name) => at(body?.[name], [name])).find(Boolean);
}

/** @typedef {{ name: string, value: any, path: Path }} Leaf */

/** @param {Leaf} leaf @param {boolean} isSample */
function accessScore({ name, value, path }, isSample) {
  if (typeof value !== "string" || value === "") return 0;
  const own = plain(name);
  const claims = claimsOf(value);
  if (isRefreshName(path.join("_")) || /refresh/i.test(String(claims?.typ ?? claims?.token_type ?? ""))) return 0;
  if (/type|expir|csrf|provider|fcm|device|push|reset|confirm|verif|remember/.test(own)) return 0;
  const isLong = value.length >= 16 && !/\s|^https?:|@/.test(value.replace(/^Bearer /, ""));
  if (/^(access|auth|authentication|session|user|login|api|bearer)?(token|jwt)(key|value|string)?$/.test(own))
    return own.startsWith("access") ? 9 : isLong || claims || isSample ? 7 : 4;
  if (/^(access|accesskey|bearer|authkey|authorization)$/.test(own)) return isLong || isSample ? 6 : 2;
  if (/token$/.test(own)) return /^id/.test(own) ? 4 : isLong || isSample ? 3 : 0;
  if (/^(value|token|string)$/.test(own) && /access/i.test(path.join("_")) && isLong) return 6;
  if (own === "key" && isLong) return 3;
  return claims ? 5 : 0;
}

/** @param {Leaf} leaf @param {boolean} isSample */
function refreshScore({ name, value, path }, isSample) {
  if (typeof value !== "string" || value === "" || /expir|type|ttl/.test(plain(name))) return 0;
  const claims = claimsOf(value);
  if (/refresh/i.test(String(claims?.typ ?? claims?.token_type ?? ""))) return 6;
  if (isRefreshName(name)) return value.length >= 8 || isSample ? 5 : 3;
  return isRefreshName(path.join("_")) && /token|value|key|string/.test(plain(name)) ? 4 : 0;
}

/** @param {Leaf} leaf @param {"in" | "at"} kind */
function lifetimeScore({ name, value, path }, kind) {
  if (!/expir|ttl|lifetime|maxage|validfor|validuntil/.test(plain(name)) || /refresh|password|cookie|user/.test(plain(path.join("_"))))
    return 0;
  const number = typeof value === "number" ? value : typeof value === "string" && /^\d+$/.test(value) ? Number(value) : NaN;
  const isMoment = number >= 1e9 || (typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value));
  if (kind === "at") return isMoment ? 2 : 0;
  const exact = [...KNOWN.expiresIn].includes(name) ? 3 : 2;
  return number > 0 && number < 1e9 ? exact : 0;
}
