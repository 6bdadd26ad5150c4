// @ts-check
// The editor's colours, which are the page's: custom properties reach into the shadow tree in which the editor stands.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const panel = {
  backgroundColor: "var(--surface)",
  color: "var(--ink)",
  border: "1px solid var(--line)",
  borderRadius: "0.5rem",
  boxShadow: "0 0.5rem 1.5rem rgb(0 0 0 / 20%)",
};

export const look = [
  EditorView.theme({
    "&": { height: "100%", backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "0.875rem" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
    ".cm-content": { caretColor: "var(--green)", padding: "0.75rem 0" },
    ".cm-cursor": { borderLeftColor: "var(--green)", borderLeftWidth: "2px" },
    ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--soft)", border: "none", borderRight: "1px solid var(--line)" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--green) 7%, transparent)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
      backgroundColor: "color-mix(in srgb, var(--green) 25%, transparent)",
    },
    ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
      backgroundColor: "var(--green-wash)",
      color: "inherit",
      outline: "1px solid var(--green)",
    },
    ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--red)", textUnderlineOffset: "3px" },
    ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--brass)", textUnderlineOffset: "3px" },
    ".cm-lint-marker": { width: "0.9em", height: "0.9em", margin: "0.3em 0" },
    ".cm-tooltip": { ...panel, maxWidth: "min(30rem, calc(100vw - 2rem))" },
    ".cm-tooltip-hover": { padding: "0" },
    ".cm-help": { padding: "0.5rem 0.75rem", whiteSpace: "pre-line", fontFamily: "var(--pico-font-family-sans-serif, sans-serif)" },
    ".cm-diagnostic": { padding: "0.4rem 0.75rem", fontFamily: "var(--pico-font-family-sans-serif, sans-serif)" },
    ".cm-diagnostic-error": { borderLeft: "4px solid var(--red)" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14em" },
    ".cm-tooltip-autocomplete ul li": { padding: "0.25rem 0.6rem" },
    ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--green)", color: "var(--green-ink)" },
    ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
    ".cm-tooltip.cm-completionInfo": { ...panel, padding: "0.5rem 0.75rem", whiteSpace: "pre-line" },
    ".cm-template, .cm-template span": { color: "var(--brass)" },
    ".cm-snippetField": { backgroundColor: "var(--brass-wash)" },
    ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)" },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: tags.propertyName, color: "var(--green-strong)", fontWeight: "600" },
      { tag: tags.string, color: "var(--ink)" },
      { tag: [tags.number, tags.bool, tags.null], color: "var(--brass)" },
      { tag: [tags.separator, tags.squareBracket, tags.brace], color: "var(--soft)" },
    ]),
  ),
];
