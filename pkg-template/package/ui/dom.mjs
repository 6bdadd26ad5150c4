// @ts-check
// What the elements share: making elements, their words, their registration.

/** The words that an element shows; the attribute `text-<key>` of the element has another. */
const TEXTS = /** @type {Record<string, string>} */ ({
  title: "Sign in",
  submit: "Sign in",
  cancel: "Cancel",
  busy: "Please wait…",
  show: "Show",
  hide: "Hide",
  choose: "Choose…",
  check: "Please correct what is marked.",
  signin: "Sign in",
  signout: "Sign out",
  "signed-in": "Signed in",
});

/** @param {Element} element @param {string} key */
export const textOf = (element, key) => element.getAttribute(`text-${key}`) ?? TEXTS[key];

/**
 * Makes an element. An attribute that is undefined, null or false is left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, unknown>} [attributes] @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  element.append(...children);
  return element;
}

/** Sets an attribute, or removes it. @param {Element} element @param {string} name @param {unknown} value */
export function set(element, name, value) {
  if (value === undefined || value === null || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** Shows that a button works, or not. It keeps the focus, which `disabled` would take away. @param {Element} button @param {boolean} isBusy */
export function setBusy(button, isBusy) {
  set(button, "aria-disabled", isBusy && "true");
  set(button, "aria-busy", isBusy && "true");
}

/** What elements extend; where there is no page, nothing, so that a server can import them. @type {typeof HTMLElement} */
export const Base = globalThis.HTMLElement ?? class {};

/**
 * Registers an element, unless another copy of this module has: then that one is the element.
 * @template {typeof HTMLElement} T
 * @param {string} name @param {T} element
 * @returns {T}
 */
export function register(name, element) {
  const registry = globalThis.customElements;
  if (!registry?.get || !globalThis.HTMLElement) return element;
  if (!registry.get(name)) registry.define(name, element);
  return /** @type {T} */ (registry.get(name));
}
