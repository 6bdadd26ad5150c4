// @ts-check
// Addresses of the app's pages.

/** The address of a page. */
export function addressOf(/** @type {string} */ name, /** @type {Record<string, unknown>} */ params = {}) {
  const query = new URLSearchParams({ page: name });
  for (const [key, value] of Object.entries(params)) query.set(key, String(value));
  return `${location.pathname}?${query}`;
}
