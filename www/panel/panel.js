// @ts-check
// The panel: what doorkey holds and does, seen through its public surface.

import { changed } from "../runtime/bindings.js";
import { eventsPart } from "./events.js";
import { frame } from "./frame.js";
import { providerPart } from "./provider/part.js";
import { sessionPart } from "./session.js";
import { storePart } from "./store.js";
import { meetTabs } from "./tabs.js";
import { tracePart } from "./trace.js";

/**
 * @param {HTMLElement} panel
 * @param {any} auth
 * @param {HTMLElement} pill the session in a few words, for a screen too narrow for the panel
 */
export function startPanel(panel, auth, pill) {
  const tabs = meetTabs("doorkey-playground-tabs", () => look());
  const parts = [
    { title: "Session", ...sessionPart(auth, tabs.count, { pill }) },
    { title: "Sign-in elsewhere", ...providerPart(auth) },
    { title: "Store", ...storePart(auth, []) },
    { title: "Events", ...eventsPart() },
    { title: "Trace", ...tracePart(auth) },
  ];
  const { look } = frame(panel, auth, parts, changed);
}
