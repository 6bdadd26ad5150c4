// @ts-check
// The events of this tab, newest first.

import { h, keyed } from "../runtime/dom.js";
import { clock } from "./part.js";

const KEPT = 50;
/** Every event, in the words of the panel. */
export const MEANING = /** @type {Record<string, string>} */ ({
  signedIn: "signed in",
  refreshed: "token renewed",
  expiring: "the session ends soon",
  signedOut: "signed out",
  expired: "the server ended the session",
  failed: "a call failed",
});

export function eventsPart() {
  /** @type {{ number: number, type: string, at: number, reason?: string }[]} */
  let events = [];
  let count = 0;
  const list = h("ol", { class: "log", "data-testid": "events", "aria-label": "Events" });
  const empty = h("p", { class: "empty" }, "No event yet. Signing in is one.");
  return {
    body: h("div", null, list, empty),
    add(/** @type {{ type: string, at: number, reason?: string }} */ event) {
      events = [{ ...event, number: ++count }, ...events].slice(0, KEPT);
    },
    update() {
      keyed(
        list,
        events,
        ({ number }) => String(number),
        ({ type, at, reason }) =>
          h(
            "li",
            { "data-type": type },
            h("time", null, clock(at)),
            h("code", null, type),
            h("span", { class: "about" }, reason ? `${MEANING[type] ?? ""}: ${reason}` : MEANING[type]),
          ),
      );
      list.hidden = events.length === 0;
      empty.hidden = events.length > 0;
    },
  };
}
