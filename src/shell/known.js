// @ts-check
// Answers that are the same when they are asked for again: until the next input, or a moment that Rust has named.

import { now } from "./module.js";

/** @typedef {{ value: any, since: number, until: number }} Known an answer, since when, and until when it is the same */

/**
 * Whether an answer is the same now.
 * @template {Omit<Known, "value">} K @param {K | undefined} known @returns {known is K}
 */
export function holds(known) {
  if (!known) return false;
  const moment = now();
  return known.since <= moment && moment < known.until;
}
