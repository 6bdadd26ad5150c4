// @ts-check
// The editor: CodeMirror with what the schema knows. It stands in a shadow tree, where its styles need no permission of the page's
// Content-Security-Policy. serve.mjs bundles this file.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { forceLinting, linter, lintGutter, lintKeymap, nextDiagnostic } from "@codemirror/lint";
import { EditorState, StateEffect } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  ViewPlugin,
} from "@codemirror/view";

import { createAssist, pathAt, rangeOf } from "./editor/assist.mjs";
import { look } from "./editor/look.mjs";

/** @typedef {{ path: string, message: string }} Fault */

/** Something else than the text has changed what is wrong with it. */
const marked = StateEffect.define();

/**
 * @param {object} given
 * @param {HTMLElement} given.parent
 * @param {string} given.label
 * @param {any} given.schema
 * @param {string} given.text
 * @param {(text: string) => Fault | undefined} given.check what core says of a text that is JSON
 * @param {(text: string, problems: { line: number, message: string }[]) => void} given.onChange
 * @param {(place: string, words: string) => void} given.onCursor
 */
export function createEditor({ parent, label, schema, text, check, onChange, onCursor }) {
  const assist = createAssist(schema);
  /** What a run found wrong, until the text is changed. @type {Fault[]} */
  let found = [];
  let asked = 0;

  const lint = linter(
    async ({ state }) => {
      const text = state.doc.toString();
      const problems = await assist.problems(text);
      const faults = [...found];
      const fault = isJson(text) ? check(text) : undefined;
      if (fault) faults.unshift(fault);
      for (const { path, message } of faults) {
        const range = rangeOf(text, path);
        // Core says it better than the schema.
        const same = problems.findIndex(({ from }) => from >= range.from && from < range.to);
        if (same >= 0) problems.splice(same, 1);
        problems.push({ ...range, severity: "error", message: path === "" ? message : `${path}: ${message}` });
      }
      problems.sort((a, b) => a.from - b.from);
      onChange(
        text,
        problems.map(({ from, message }) => ({ line: state.doc.lineAt(from).number, message })),
      );
      return problems;
    },
    { delay: 250, needsRefresh: ({ transactions }) => transactions.some(({ effects }) => effects.some((effect) => effect.is(marked))) },
  );

  const hover = hoverTooltip(async ({ state }, pos) => {
    const help = await assist.describe(state.doc.toString(), pos);
    return help && { pos: help.from, end: help.to, above: true, create: () => ({ dom: helpElement(help.words) }) };
  });

  const cursor = EditorView.updateListener.of(async ({ state, docChanged, selectionSet }) => {
    if (docChanged) found = [];
    if (!docChanged && !selectionSet) return;
    const [number, text, at] = [(asked += 1), state.doc.toString(), state.selection.main.head];
    const help = await assist.describe(text, at).catch(() => null);
    if (number === asked) onCursor(pathAt(text, at), help?.words ?? "");
  });

  const view = new EditorView({
    parent: parent.shadowRoot ?? parent.attachShadow({ mode: "open" }),
    root: /** @type {ShadowRoot} */ (parent.shadowRoot),
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        foldGutter(),
        lintGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        EditorState.tabSize.of(2),
        EditorView.lineWrapping,
        json(),
        templates,
        look,
        hover,
        lint,
        cursor,
        autocompletion({ override: [assist.complete], icons: false }),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap]),
        EditorView.contentAttributes.of({
          "aria-label": label,
          spellcheck: "false",
          autocapitalize: "off",
          tabindex: "0",
          "data-testid": "editor",
        }),
      ],
    }),
  });

  return {
    text: () => view.state.doc.toString(),
    /** @param {string} text */
    setText(text) {
      found = [];
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 }, scrollIntoView: true });
      forceLinting(view);
    },
    /** Marks what a run found wrong. @param {Fault[]} faults */
    mark(faults) {
      found = faults;
      view.dispatch({ effects: marked.of(null) });
      forceLinting(view);
    },
    /** Goes to a place. @param {string} path */
    show(path) {
      const { from } = rangeOf(view.state.doc.toString(), path);
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      view.focus();
    },
    nextProblem() {
      nextDiagnostic(view);
      view.focus();
    },
    complete() {
      view.focus();
      startCompletion(view);
    },
    focus: () => view.focus(),
  };
}

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} words */
function helpElement(words) {
  const element = document.createElement("div");
  element.className = "cm-help";
  element.textContent = words;
  return element;
}

/** Shows expressions in another colour. */
const templates = (() => {
  const mark = Decoration.mark({ class: "cm-template" });
  const make = (/** @type {EditorView} */ view) => {
    const ranges = view.visibleRanges.flatMap(({ from, to }) =>
      [...view.state.sliceDoc(from, to).matchAll(/\{\{[^\n]*?\}\}/g)].map(({ index, 0: text }) =>
        mark.range(from + index, from + index + text.length),
      ),
    );
    return Decoration.set(ranges);
  };
  return ViewPlugin.fromClass(
    class {
      /** @param {EditorView} view */
      constructor(view) {
        this.decorations = make(view);
      }

      /** @param {import("@codemirror/view").ViewUpdate} update */
      update({ docChanged, viewportChanged, view }) {
        if (docChanged || viewportChanged) this.decorations = make(view);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
})();
