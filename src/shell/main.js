// @ts-check
// What a facade is made of: a module, its sessions, and what they refuse with.

import { textOf } from "./copy.js";
import { Module } from "./module.js";
import { given } from "./refusal.js";
import { Session } from "./session.js";

export { Module } from "./module.js";
export { isA, member } from "./own.js";
export { Refusal } from "./refusal.js";
export { Session } from "./session.js";

/** The claims of a JWT, unverified. @param {Module} module @param {unknown} token */
export const claims = (module, token) => given(module.enter({ op: "claims", token: textOf(token) }));

/** Asks a member of a session that answers at once. @param {Session} session @param {string} member @param {unknown[]} args */
export const ask = (session, member, args) => /** @type {any} */ (session)[member](...args);

/** Calls a member that takes time. @param {Session} session @param {string} member @param {unknown[]} args */
export const call = (session, member, args) => session.call(member, args);

/** @param {import("./module.js").Turn} turn */
export const makeModule = (turn) => new Module(turn);

/** @param {Module} module @param {unknown} options */
export const openSession = (module, options) => new Session(module, options);
