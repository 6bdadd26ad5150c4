// @ts-check
// Where the flow is written: the editor, the examples to begin with, what is wrong, and the link to send on.

import { showAlert } from "../runtime/alerts.js";
import { h, setText } from "../runtime/dom.js";
import { parsed } from "./draft.js";
import { EXAMPLES, written } from "./examples.js";
import { fromHash, toHash, withoutSecrets } from "./link.js";
import { copy, part } from "./page.js";

/** @typedef {ReturnType<typeof import("./editor.mjs").createEditor>} Editor */

/**
 * @param {object} given
 * @param {import("./draft.js").Draft} given.draft
 * @param {any} given.schema
 * @param {typeof import("./editor.mjs").createEditor} given.createEditor
 * @param {(text: string) => void} given.onChecked a text was checked, and taken
 * @param {() => void} given.onExample an example has taken the place of the text
 */
export async function startWriting({ draft, schema, createEditor, onChecked, onExample }) {
  const first = await firstDocument();
  const editor = createEditor({
    parent: part("editor"),
    label: "Flow, as JSON",
    schema,
    text: written(first.document),
    check: (text) => draft.verdict(JSON.parse(text)),
    onChange(text, problems) {
      showProblems(problems);
      draft.take(text);
      onChecked(text);
    },
    onCursor: (place, words) =>
      part("help").replaceChildren(...(words ? [h("code", null, place || "flow"), " ", words.split("\n").at(-1) ?? ""] : [])),
  });
  offerExamples(editor, onExample);
  choose(first.index);
  draft.onTaken((value) => choose(EXAMPLES.findIndex(({ document }) => JSON.stringify(document) === JSON.stringify(value))));
  offerActions(editor);
  addEventListener("hashchange", async () => {
    const given = await fromHash(location.hash).catch(() => undefined);
    if (given !== undefined) editor.setText(written(given));
  });
  return editor;
}

/** The flow of the address, or the first example. */
async function firstDocument() {
  try {
    const given = await fromHash(location.hash);
    if (given !== undefined) return { document: given, index: -1 };
  } catch {
    showAlert("The address holds no flow that can be read. Here is an example.", "warning");
  }
  return { document: EXAMPLES[0].document, index: 0 };
}

/** @param {Editor} editor @param {() => void} onExample */
function offerExamples(editor, onExample) {
  const example = /** @type {HTMLSelectElement} */ (part("example"));
  example.append(
    h("option", { value: "", hidden: true }, "Yours"),
    ...EXAMPLES.map(({ name }, index) => h("option", { value: index }, name)),
  );
  example.addEventListener("change", () => {
    editor.setText(written(EXAMPLES[Number(example.value)].document));
    onExample();
    history.replaceState(null, "", location.pathname);
  });
}

/** Shows which example the text is, if it is one. @param {number} index */
function choose(index) {
  /** @type {HTMLSelectElement} */ (part("example")).value = index < 0 ? "" : String(index);
  setText(part("about"), EXAMPLES[index]?.about ?? "");
}

/** @param {{ line: number, message: string }[]} problems */
function showProblems(problems) {
  const [problem, ...more] = problems;
  setText(
    part("problems"),
    problem ? `Line ${problem.line}: ${problem.message}${more.length > 0 ? ` (and ${more.length} more)` : ""}` : "No problem found.",
  );
  part("problems").dataset.state = problem ? "bad" : "good";
  part("next").hidden = !problem;
}

/** @param {Editor} editor */
function offerActions(editor) {
  part("format").addEventListener("click", () => {
    const value = parsed(editor.text());
    if (value === undefined) showAlert("This is not JSON yet.", "warning");
    else editor.setText(written(value));
  });
  part("next").addEventListener("click", () => editor.nextProblem());
  part("link").addEventListener("click", async () => {
    const value = parsed(editor.text());
    if (value === undefined) return showAlert("Only JSON can be put into a link.", "warning");
    const { clean, removed } = withoutSecrets(value);
    history.replaceState(null, "", await toHash(clean));
    await copy(
      location.href,
      removed > 0
        ? `The link is copied, without ${removed === 1 ? "the secret that stands" : `the ${removed} secrets that stand`} in the flow.`
        : "The link is copied.",
    );
  });
}
