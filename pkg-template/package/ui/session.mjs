// @ts-check
// How an element comes by its session.

import { MARK } from "../mark.mjs";

/**
 * What it was given, else the global that its attribute `auth` names, else `Doorkey`. Markup may come from anybody, and a page has
 * many objects with a `signin`, so a global must be doorkey's.
 * @param {Element} element @param {any} given @returns {any}
 */
export function sessionOf(element, given) {
  if (given) return given;
  const named = /** @type {any} */ (globalThis)[element.getAttribute("auth") ?? "Doorkey"];
  try {
    return named.signin[MARK] ? named : undefined;
  } catch {
    return undefined; // there is none yet, or it can't be looked at
  }
}

/** Takes in a property that was set before the element was defined: it hides the accessor, and has another value. @param {any} element @param {string} name */
export function adopt(element, name) {
  const { [name]: value } = element;
  if (delete element[name] && element[name] !== value) element[name] = value;
}
