// @ts-check
// The members of a session, and how what they refuse with becomes an AuthError.
import { isA, Refusal } from "doorkey-shell";
import { AuthError } from "./error.mjs";

// Members that answer at once, and those that give a promise; first what the default session has too.
export const DIRECT = ["getValue", "status", "values", "on"];
export const DIRECT_OF_AUTH = ["trace", "watch"];
export const PROMISED = [
  "signin",
  "signinCallback",
  "refreshAccessToken",
  "logout",
  "storeValue",
  "removeValue",
  "clearStore",
  "accessToken",
  "headers",
  "run",
  "check",
  "guard",
];
export const PROMISED_OF_AUTH = ["fetch", "test", "extend"];

/** Calls what answers at once, or throws an AuthError. @template T @param {() => T} call */
export function entered(call) {
  try {
    return call();
  } catch (thrown) {
    throw asError(thrown);
  }
}

/** The AuthError of what was thrown. @param {unknown} thrown */
export function asError(thrown) {
  if (isA(thrown, AuthError)) return thrown;
  if (isA(thrown, Refusal)) return new AuthError(thrown.code, thrown.message, { ...thrown });
  return new AuthError("ERR_NOT_READY", "doorkey failed", { cause: thrown });
}
