// @ts-check
// Bindings: a widget's property may be a function, which is called again whenever something may have changed.

/** @type {Set<() => void>} */
const bindings = new Set();
let isDue = false;

/**
 * Applies a value now and, if it is a function, whenever it gives another one.
 * @template T
 * @param {T | (() => T)} value
 * @param {(value: T) => void} apply
 */
export function bind(value, apply) {
  if (typeof value !== "function") return apply(value);
  const compute = /** @type {() => T} */ (value);
  let last = compute();
  apply(last);
  bindings.add(() => {
    const next = compute();
    if (Object.is(next, last)) return;
    last = next;
    apply(next);
  });
}

/** Says that something may have changed: a query's state, a widget's text, the session. */
export function changed() {
  if (isDue) return;
  isDue = true;
  queueMicrotask(() => {
    isDue = false;
    for (const update of bindings) update();
  });
}

/** Forgets all bindings: the page that they belong to is gone. */
export function unbind() {
  bindings.clear();
}
