// @ts-check
// Where the flow is written: the editor, the examples to begin with, what is wrong, and the link to send on.

import { showAlert } from "../runtime/alerts.js";
import { h, setText } from "../runtime/dom.js";
import { parsed } from "./draft.js";
import { EXAMPLES, textOf } from "./examples.js";
import { fromHash, toHash, withoutSecrets } from "./link.js";
import { copy, part } from "./page.js";
import { madeBy } from "./servers.js";

/** @typedef {ReturnType<typeof import("./editor.mjs").createEditor>} Editor */

/**
 * @param {object} given
 * @param {import("./draft.js").Draft} given.draft
 * @param {any} given.schema
 * @param {typeof import("./editor.mjs").createEditor} given.createEditor
 * @param {(text: string) => void} given.onChecked a text was checked, and taken
 * @param {import("./servers.js").Preset[]} given.presets
 * @param {import("./away.js").Away} [given.before] the draft that was there when a run left the page
 * @param {() => void} given.onReplaced something else has taken the place of the text
 */
export async function startWriting({ draft, schema, createEditor, presets, before, onChecked, onReplaced }) {
  const first = await firstDocument();
  /** The preset that the draft was made by. */
  let from = before?.from;
  let isLinked = before ? before.isLinked : first.isLinked;
  /** What was there before it was replaced. @type {import("./away.js").Written | undefined} */
  let former;
  const editor = createEditor({
    parent: part("editor"),
    label: "Flow, as JSON",
    schema,
    text: before?.text ?? textOf(first.document),
    check: (text) => draft.verdict(JSON.parse(text)),
    onChange(text, problems) {
      showProblems(problems);
      draft.take(text);
      onChecked(text);
    },
    onCursor: (place, words) =>
      part("help").replaceChildren(...(words ? [h("code", null, place || "flow"), " ", words.split("\n").at(-1) ?? ""] : [])),
  });
  const written = () => ({ text: editor.text(), from, isLinked });
  /** Puts another text in the place of the draft, which can be had back. @param {import("./away.js").Written} next */
  const replace = (next) => {
    const isOwn = exampleOf(parsed(editor.text())) < 0;
    former = isOwn ? written() : undefined;
    put(next);
    part("undo").hidden = !isOwn;
  };
  const put = (/** @type {import("./away.js").Written} */ next) => {
    ({ from, isLinked } = next);
    editor.setText(next.text);
    part("undo").hidden = true;
    onReplaced();
    history.replaceState(null, "", location.pathname);
  };
  const show = (/** @type {unknown} */ value) =>
    choose(
      exampleOf(value),
      presets.find(({ name }) => name === from),
    );
  part("back").addEventListener("click", () => {
    if (former) put(former);
    editor.focus();
  });
  offerExamples(replace);
  show(parsed(editor.text()));
  draft.onTaken(show);
  offerActions(editor);
  addEventListener("hashchange", async () => {
    const given = await fromHash(location.hash).catch(() => undefined);
    if (given === undefined) return;
    const { hash } = location;
    replace({ text: textOf(given), isLinked: true });
    history.replaceState(null, "", hash);
  });
  return { editor, replace, written };
}

/** Which example a document is. @param {unknown} value */
const exampleOf = (value) => EXAMPLES.findIndex(({ document }) => JSON.stringify(document) === JSON.stringify(value));

/** The flow of the address, or the first example. */
async function firstDocument() {
  try {
    const given = await fromHash(location.hash);
    if (given !== undefined) return { document: given, isLinked: true };
  } catch {
    showAlert("The address holds no flow that can be read. Here is an example.", "warning");
  }
  return { document: EXAMPLES[0].document, isLinked: false };
}

/** @param {(next: import("./away.js").Written) => void} replace */
function offerExamples(replace) {
  const example = /** @type {HTMLSelectElement} */ (part("example"));
  example.append(
    h("option", { value: "", hidden: true }, "Yours"),
    ...EXAMPLES.map(({ name }, index) => h("option", { value: index }, name)),
  );
  example.addEventListener("change", () => replace({ text: textOf(EXAMPLES[Number(example.value)].document) }));
}

/** Shows which example the text is, if it is one, or which preset it was made by. @param {number} index @param {import("./servers.js").Preset} [preset] */
function choose(index, preset) {
  /** @type {HTMLSelectElement} */ (part("example")).value = index < 0 ? "" : String(index);
  const about = index < 0 && preset ? `preset:${preset.name}` : (EXAMPLES[index]?.about ?? "");
  const place = part("about");
  if (place.dataset.shows === about) return;
  place.dataset.shows = about;
  place.replaceChildren(...(index < 0 && preset ? madeBy(preset) : [about]));
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
    else editor.setText(textOf(value));
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
