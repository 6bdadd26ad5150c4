// @ts-check
// The panel: what doorkey holds and does, seen through its public surface. It looks once a second, and at once when something happens.

import { changed } from "../runtime/bindings.js";
import { h } from "../runtime/dom.js";
import { eventsPart, MEANING } from "./events.js";
import { providerPart } from "./provider/part.js";
import { sessionPart } from "./session.js";
import { storePart } from "./store.js";
import { countTabs } from "./tabs.js";
import { tracePart } from "./trace.js";

/**
 * @param {HTMLElement} panel
 * @param {any} auth
 * @param {HTMLElement} pill the session in a few words, for a screen too narrow for the panel
 */
export function startPanel(panel, auth, pill) {
  const tabs = countTabs(() => look());
  const events = eventsPart();
  const provider = providerPart(auth);
  const parts = [
    { title: "Session", isOpen: true, ...sessionPart(auth, tabs, pill) },
    { title: "Sign-in elsewhere", isOpen: true, ...provider },
    { title: "Store", isOpen: true, ...storePart(auth) },
    { title: "Events", isOpen: true, ...events },
    { title: "Trace", isOpen: true, ...tracePart(auth) },
  ];
  panel.replaceChildren(
    ...parts.map(({ title, isOpen, body }) => h("details", { open: isOpen }, h("summary", null, h("h2", null, title)), body)),
  );

  function look() {
    for (const { update } of parts) update();
  }
  for (const type of Object.keys(MEANING)) {
    auth.on(type, (/** @type {any} */ event) => {
      events.add(event);
      provider.add(event);
      look();
      changed();
    });
  }
  setInterval(look, 1000);
  look();
}
