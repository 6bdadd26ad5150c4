// @ts-check
// From facts to findings: what is wrong, and what to write.

import { channel, clock, crossOrigin, csp, origins } from "./network.mjs";
import { lifetime, locks, names, session, storage } from "./session.mjs";

/**
 * @typedef {import("./facts.mjs").Facts} Facts
 * @typedef {"session" | "storage" | "locks" | "channel" | "clock" | "cors" | "csp" | "origins" | "lifetime" | "names"} About
 * @typedef {{ about: About, level: "fault" | "warning" | "good" | "unknown", text: string, write?: string }} Finding
 * `fault`: doorkey can't do its work so; `warning`: it can, and something will surprise; `unknown`: could not be looked at
 */

const CHECKS = { session, storage, locks, channel, clock, cors: crossOrigin, csp, origins, lifetime, names };
const ORDER = ["fault", "warning", "unknown", "good"];

/** All findings, those to be mended first. @param {Facts} facts @returns {Finding[]} */
export function findingsOf(facts) {
  const found = Object.entries(CHECKS).flatMap(([about, check]) =>
    check(facts).map((finding) => /** @type {Finding} */ ({ about, ...finding })),
  );
  return found.sort((one, other) => ORDER.indexOf(one.level) - ORDER.indexOf(other.level));
}
