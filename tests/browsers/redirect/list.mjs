// @ts-check

/** @typedef {import("./user.mjs").User} User */

/**
 * What a user of sign-in by redirect may meet, in the order of the table. A scenario that its browser, or that browser's driver,
 * can't show gives the reason: all that it can show has been asserted by then.
 * @type {{ name: string, body: (user: User) => Promise<string | void> }[]}
 */
export const SCENARIOS = [];

/** @param {string} name @param {(user: User) => Promise<string | void>} body */
export const scenario = (name, body) => void SCENARIOS.push({ name, body });
