// @ts-check
import shared from "./shared.css";

/** @type {Map<string, CSSStyleSheet>} One for all elements of a kind. */
const sheets = new Map();

/**
 * Gives a shadow root its style, as a sheet of its own: a Content-Security-Policy may forbid `<style>`.
 * @param {ShadowRoot} root @param {string} css
 */
export function dress(root, css) {
  const sheet = sheets.get(css) ?? new CSSStyleSheet();
  if (!sheets.has(css)) sheet.replaceSync(shared + css);
  sheets.set(css, sheet);
  root.adoptedStyleSheets = [sheet];
}
