// @ts-check
// The frame of a panel: its parts one under the other. They look once a second, and at once when something happens.

import { h } from "../runtime/dom.js";
import { MEANING } from "./events.js";

/**
 * @typedef {{ type: string, at: number, reason?: string }} Happening
 * @typedef {{ title: string, body: Node, isOpen?: boolean, update?(): void, add?(event: Happening): void }} Part
 */

/**
 * @param {Element} panel
 * @param {any} auth without one, parts only look
 * @param {Part[]} parts
 * @param {() => void} [onEvent] after the parts have heard of an event
 */
export function frame(panel, auth, parts, onEvent = () => {}) {
  /** @type {(() => void)[]} */
  let ends = [];

  function look() {
    listen();
    for (const { update } of parts) update?.();
  }

  /** A session that is not configured yet, or can't be used, is asked again at the next look. */
  function listen() {
    if (ends.length || !auth) return;
    /** @type {(() => void)[]} */
    const begun = [];
    try {
      for (const type of Object.keys(MEANING)) begun.push(auth.on(type, hear));
      ends = begun;
    } catch {
      for (const end of begun) end();
    }
  }

  function hear(/** @type {Happening} */ event) {
    for (const { add } of parts) add?.(event);
    look();
    onEvent();
  }

  panel.replaceChildren(
    ...parts.map(({ title, isOpen = true, body }) => h("details", { open: isOpen }, h("summary", null, h("h2", null, title)), body)),
  );
  const timer = setInterval(look, 1000);
  look();
  return {
    look,
    end() {
      clearInterval(timer);
      for (const end of ends.splice(0)) end();
      auth = undefined;
    },
  };
}
