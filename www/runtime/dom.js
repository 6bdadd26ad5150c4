// @ts-check
// Two small helpers over the DOM. Text goes in as text, so nothing that a server sends becomes markup.

/**
 * Makes an element. `on…` properties are listeners, true and false make boolean attributes, the rest are attributes;
 * null, undefined and false among the children are left out.
 * @param {string} tag
 * @param {Record<string, any> | null} [properties]
 * @param {...(Node | string | number | null | undefined | false)} children
 */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) element.append(typeof child === "number" ? String(child) : child);
  }
  return element;
}

/** Sets an element's text, if it differs: a screen reader speaks of every change. */
export function setText(/** @type {Element} */ element, /** @type {unknown} */ text) {
  const next = text === undefined || text === null ? "" : String(text);
  if (element.textContent !== next) element.textContent = next;
}

/**
 * Makes the children of `parent` those of `items`, and keeps the elements whose key stays, with their focus and open state.
 * @template T
 * @param {Element} parent
 * @param {T[]} items
 * @param {(item: T) => string} keyOf keys must differ
 * @param {(item: T) => Element} make
 */
export function keyed(parent, items, keyOf, make) {
  const old = new Map([...parent.children].map((child) => [/** @type {any} */ (child).itemKey, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const kept = old.get(key);
    if (kept && kept === place) {
      place = place.nextElementSibling;
    } else {
      const element = kept ?? make(item);
      /** @type {any} */ (element).itemKey = key;
      parent.insertBefore(element, place);
    }
    old.delete(key);
  }
  for (const gone of old.values()) gone.remove();
}
