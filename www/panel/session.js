// @ts-check
// The session: signed in or not, the time left, the generation of the stored record, and the tabs that share it.

import { h, setText } from "../runtime/dom.js";
import { clock, guarded } from "./part.js";

/**
 * @param {any} auth
 * @param {() => number} tabs
 * @param {{ pill?: HTMLElement, name?: string }} [how] where else the session is said in a few words; its name
 */
export function sessionPart(auth, tabs, { pill, name = "doorkey" } = {}) {
  const state = h("span", { class: "lamp", "data-testid": "session-state" });
  const left = h("strong", { class: "left", "data-testid": "expires-in" });
  const bar = /** @type {HTMLProgressElement} */ (h("progress", { max: 1, value: 0, "aria-label": "Time left of the access token" }));
  const note = h("p", { class: "note" });
  const values = {
    until: h("dd"),
    refresh: h("dd"),
    generation: h("dd", { "data-testid": "generation" }),
    tabs: h("dd", { "data-testid": "tabs" }),
  };
  const body = h(
    "div",
    null,
    h("div", { class: "line" }, state, left),
    bar,
    note,
    h(
      "dl",
      null,
      row("Access token until", values.until),
      row("Refresh token", values.refresh),
      row("Generation", values.generation),
      row("Open tabs", values.tabs),
    ),
  );

  // A token's whole life is not told: it is the longest time left that was seen of it.
  let whole = { expiresAt: 0, seconds: 0 };

  const update = guarded(body, () => {
    const { signedIn, expiresAt, expiresInSeconds, hasRefreshToken } = auth.status();
    const isTimed = signedIn && typeof expiresInSeconds === "number";
    const seconds = isTimed ? Math.round(expiresInSeconds) : 0;
    if (isTimed && whole.expiresAt !== expiresAt) whole = { expiresAt, seconds: Math.max(1, seconds) };
    const isPast = isTimed && seconds <= 0;

    setText(state, signedIn ? "Signed in" : "Signed out");
    state.dataset.state = !signedIn ? "out" : isPast ? "past" : "in";
    setText(left, isTimed ? duration(seconds) : "–");
    if (isTimed) left.dataset.seconds = String(seconds);
    else delete left.dataset.seconds;
    bar.hidden = !isTimed;
    bar.value = isTimed ? Math.min(1, Math.max(0, seconds / whole.seconds)) : 0;
    setText(
      note,
      !signedIn
        ? "Sign in to get a session."
        : isPast
          ? "Past its time. The next call renews it first."
          : isTimed
            ? ""
            : "The server told no expiry.",
    );
    note.hidden = note.textContent === "";

    setText(values.until, isTimed ? clock(expiresAt) : "–");
    setText(values.refresh, signedIn ? (hasRefreshToken ? "held" : "none") : "–");
    setText(values.generation, generation(name));
    setText(values.tabs, tabs());

    if (!pill) return;
    pill.hidden = false;
    pill.dataset.state = state.dataset.state;
    setText(pill, isTimed ? `Signed in · ${duration(seconds)}` : state.textContent);
  });
  return { body, update };
}

function row(/** @type {string} */ name, /** @type {Node} */ value) {
  return h("div", null, h("dt", null, name), value);
}

/** Read for display from the stored record, as it is not part of the public surface. */
function generation(/** @type {string} */ name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? sessionStorage.getItem(name) ?? "null")?.generation ?? "–";
  } catch {
    return "–";
  }
}

/**
 * @param {number} seconds
 * @returns {string}
 */
function duration(seconds) {
  if (seconds < 0) return `−${duration(-seconds)}`;
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
