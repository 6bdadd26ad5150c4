// @ts-check
// The document that is being written. doorkey says whether it is right; only what is right is run and copied.

import { optionsOf, within } from "./flow.js";

/** @typedef {import("./editor.mjs").Fault} Fault */

export class Draft {
  /** What the text says, while that can be run. @type {any} */
  document = undefined;
  /** @type {((value: unknown) => void)[]} */
  #listeners = [];
  #Doorkey;
  #schema;

  /** @param {any} Doorkey @param {any} schema */
  constructor(Doorkey, schema) {
    this.#Doorkey = Doorkey;
    this.#schema = schema;
  }

  /** Takes a text for the document, if it is right. @param {string} text */
  take(text) {
    const value = parsed(text);
    this.document = value !== undefined && this.verdict(value) === undefined ? value : undefined;
    for (const listener of this.#listeners) listener(value);
  }

  /** Calls `listener` with what a text says as JSON, right or wrong, whenever one is taken. @param {(value: unknown) => void} listener */
  onTaken(listener) {
    this.#listeners.push(listener);
  }

  /** What doorkey says of a document: nothing, or what is wrong and where in the document. @param {any} document @returns {Fault | undefined} */
  verdict(document) {
    const { options } = optionsOf(document);
    const { storage, crossTab } = this.#schema.$defs.Options.properties;
    // What is only checked shall not touch the session of the playground, which has the same storage.
    const apart = {
      ...(storage.enum.includes(options?.storage ?? "local") && { storage: "memory" }),
      ...(crossTab.enum.includes(options?.crossTab ?? "lock") && { crossTab: "off" }),
    };
    try {
      this.#Doorkey.createAuth(Object(options) === options && !Array.isArray(options) ? { ...options, ...apart } : options).dispose();
      return undefined;
    } catch (error) {
      const { path = "", message } = /** @type {{ path?: string, message: string }} */ (error);
      return { path: path === "options" ? "" : within(document, path), message: message.replace(`${path}: `, "") };
    }
  }
}

/** What a text says as JSON, or undefined. @param {string} text */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
