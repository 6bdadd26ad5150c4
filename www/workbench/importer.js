// @ts-check
// "Start from what you have": a call, a file, an address or an answer is pasted, masked, read, and becomes a draft. Nothing of it
// leaves the page.

import { h, setText } from "../runtime/dom.js";
import { textOf } from "./examples.js";
import { answerChooser } from "./import/chooser.js";
import { Masks } from "./import/mask.js";
import { load, part } from "./page.js";

/** @typedef {import("./import/options.js").Suggestion} Suggestion */
/** @typedef {import("./import/options.js").Picks} Picks */

/** A file is shown by its name once it is longer than anybody reads. */
const SHOWN = 100_000;
const EMPTY =
  "Nothing is pasted yet. Where to find it: in the documentation of your API, or in your browser’s tools, under Network: a right click on the request that signs in, then “Copy as cURL”. Several calls may follow one another, each with its answer below it.";

/**
 * @param {object} given
 * @param {any} given.Doorkey
 * @param {import("./draft.js").Draft} given.draft
 * @param {(next: import("./away.js").Written) => void} given.replace puts a text in the place of the draft
 */
export function startImporter({ Doorkey, draft, replace }) {
  const given = area("import-text", 8);
  given.autofocus = true; // a dialog that scrolls would take the focus itself
  const answer = area("import-answer", 4);
  const file = /** @type {HTMLInputElement} */ (
    h("input", { type: "file", id: "import-file", "data-testid": "import-file", accept: ".har,.json,.yaml,.yml,.txt,.postman_collection" })
  );
  const results = h("div", { id: "import-results", "data-testid": "import-results" });
  const status = h("p", { class: "about", id: "import-status", "data-testid": "import-status", role: "status" });
  const error = h("p", { class: "error", id: "import-error", "data-testid": "import-error", role: "alert", hidden: true });
  const dialog = dialogOf(given, answer, file, status, error, results);
  document.body.append(dialog);

  const masks = new Masks();
  /** The text of a file that is too long to be shown. */
  let kept = "";
  /** @type {Picks} */
  let picks = {};
  /** @type {Suggestion | undefined} */
  let suggestion;
  let turn = 0;

  const fail = (/** @type {string} */ message) => {
    setText(error, message);
    error.hidden = message === "";
    if (message === "") given.removeAttribute("aria-invalid");
    else given.setAttribute("aria-invalid", "true");
  };
  const clear = () => {
    masks.forget();
    kept = "";
    picks = {};
    suggestion = undefined;
    turn++;
    file.value = given.value = answer.value = "";
    results.replaceChildren();
    setText(status, EMPTY);
    fail("");
  };
  /** What is being read: who uses it waits for that. */
  let looking = Promise.resolve();
  const look = () => (looking = readGiven());
  const readGiven = async () => {
    const mine = ++turn;
    suggestion = undefined;
    fail("");
    const text = kept || masks.reveal(given.value);
    if (text.trim() === "" && answer.value.trim() === "") {
      results.replaceChildren();
      return setText(status, EMPTY);
    }
    try {
      const { read, suggest, rehearse } = await parsers();
      const reading = read(text, masks.reveal(answer.value));
      const made = suggest(reading, { picks, providers: Doorkey.providers });
      const fault = made.options && draft.verdict(made.options);
      const outcomes = fault ? [] : await rehearse(Doorkey, made);
      if (mine !== turn) return;
      if (fault) made.misses.unshift({ text: `doorkey does not take ${fault.path}: ${fault.message}. Correct it in the editor.` });
      suggestion = made;
      for (const secret of made.secrets ?? []) masks.learn(secret);
      hideShown();
      setText(status, summary(reading, made, masks.size));
      results.replaceChildren(...shown(made, outcomes, choose, picks));
    } catch (cause) {
      if (mine !== turn) return;
      results.replaceChildren();
      setText(status, "");
      fail(/** @type {Error} */ (cause).message);
    }
  };
  const hideShown = () => {
    for (const place of [given, answer]) {
      const hidden = masks.hide(place.value);
      // Where one writes, the cursor stays.
      if (hidden !== place.value && !(place === document.activeElement && place.selectionEnd !== place.value.length)) place.value = hidden;
    }
  };
  const choose = async (/** @type {Picks} */ more) => {
    picks = more.cookie ? more : { ...picks, cookie: undefined, ...more };
    const focused = document.activeElement?.getAttribute("data-testid");
    await look();
    if (focused) /** @type {HTMLElement | null} */ (dialog.querySelector(`[data-testid="${CSS.escape(focused)}"]`))?.focus();
  };

  for (const place of [given, answer]) {
    // Masked before it is shown.
    const put = (/** @type {DataTransfer | null} */ data) => (/** @type {Event} */ event) => {
      const text = data?.getData("text/plain");
      if (!text) return;
      event.preventDefault();
      place.setRangeText(masks.hide(text), place.selectionStart, place.selectionEnd, "end");
      place.dispatchEvent(new Event("input"));
    };
    place.addEventListener("paste", (event) => put(event.clipboardData)(event));
    place.addEventListener("drop", (event) => put(event.dataTransfer)(event));
    place.addEventListener("input", () => {
      if (place === given) kept = file.value = "";
      picks = {};
      look();
    });
    // What was typed.
    place.addEventListener("change", () => {
      hideShown();
    });
  }
  file.addEventListener("change", async () => {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    const text = await chosen.text();
    picks = {};
    kept = text.length > SHOWN ? text : "";
    given.value = kept ? "" : masks.hide(text);
    await look();
  });
  part("import").addEventListener("click", () => {
    clear();
    dialog.showModal();
    // They are loaded while the first thing is pasted; a failure is told when they are needed.
    parsers().catch(() => {});
  });
  dialog.addEventListener("close", clear);
  dialog.querySelector("[data-testid=import-cancel]")?.addEventListener("click", () => dialog.close());
  dialog.querySelector("form")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await looking;
    if (!dialog.open) return;
    const options = suggestion?.options;
    if (!options) return error.hidden ? fail(suggestion?.misses[0]?.text ?? "Paste the request that signs in first.") : given.focus();
    dialog.close();
    replace({ text: textOf(options) });
    part("flow").focus();
  });
}

/** The modules that read; they bring the parsers, which nobody else needs. */
const parsers = () =>
  load("what reads it", async () => {
    const [{ read }, { suggest }, { rehearse }] = await Promise.all([
      import("./import/read.js"),
      import("./import/options.js"),
      import("./import/rehearse.js"),
    ]);
    return { read, suggest, rehearse };
  });

/** @param {string} id @param {number} rows */
const area = (id, rows) =>
  /** @type {HTMLTextAreaElement} */ (
    h("textarea", { id, "data-testid": id, rows, autocomplete: "off", autocapitalize: "off", spellcheck: "false", wrap: "soft" })
  );

/** @param {Element[]} parts */
function dialogOf(...[given, answer, file, status, error, results]) {
  return /** @type {HTMLDialogElement} */ (
    h(
      "dialog",
      { class: "servers import", id: "import-dialog", "aria-labelledby": "import-title", "data-testid": "import-dialog" },
      h(
        "form",
        { autocomplete: "off" },
        h("h2", { id: "import-title" }, "Start from what you have"),
        h(
          "p",
          { class: "about" },
          "A cURL call, a fetch call, a HAR, an OpenAPI or Postman file, or an address: doorkey’s options are written from it. Nothing of it leaves this page, and secrets in it are masked.",
        ),
        h("label", { class: "whole" }, "Requests, and their answers", given),
        h("label", { class: "whole" }, "The answer of the sign-in, if it is not above", answer),
        h("label", { class: "file" }, "Or a file", file),
        status,
        error,
        results,
        h(
          "div",
          { class: "actions" },
          h("button", { type: "submit", "data-testid": "import-use" }, "Use it"),
          h("button", { type: "button", class: "quiet", "data-testid": "import-cancel" }, "Cancel"),
        ),
      ),
    )
  );
}

/** @param {import("./import/read.js").Reading} reading @param {Suggestion} suggestion @param {number} masked */
function summary({ kind, exchanges, answers }, { roles, known }, masked) {
  const found = [
    roles.signin && "the sign-in",
    roles.refresh && "the refresh",
    roles.revoke && "the sign-out",
    roles.check && "who is signed in",
  ];
  const count = (/** @type {number} */ many, /** @type {string} */ what) => `${many} ${what}${many === 1 ? "" : "s"}`;
  const read = exchanges.length > 0 ? count(exchanges.length, "request") : count(answers.length, "answer");
  const from = kind === "calls" ? "" : ` in ${kind}`;
  const has = found.filter(Boolean).join(", ");
  return [
    `${read}${from}${has ? `: ${has}` : ""}.`,
    known && `doorkey has a preset for this server: ${known}, under “Which server?”.`,
    masked > 0 && `${count(masked, "secret")} masked.`,
  ]
    .filter(Boolean)
    .join(" ");
}

/**
 * @param {Suggestion} suggestion @param {import("./import/rehearse.js").Outcome[]} outcomes
 * @param {(picks: Picks) => void} choose @param {Picks} picks
 */
function shown({ reasons, misses, answer }, outcomes, choose, picks) {
  const list = (/** @type {string} */ title, /** @type {string} */ id, /** @type {Node[]} */ items, name = "") =>
    items.length > 0 ? [h("h3", null, title), h("ul", { class: name, "data-testid": id }, ...items)] : [];
  const chooser =
    answer !== undefined && answerChooser(answer, { choose, picks, isOpen: misses.some(({ chooses }) => chooses !== undefined) });
  return [
    ...list(
      "Left to do",
      "import-misses",
      misses.map(({ text }) => h("li", null, text)),
      "left",
    ),
    ...(chooser ? [chooser] : []),
    ...list(
      "Tried here",
      "import-outcomes",
      outcomes.map(({ state, text }) => h("li", { class: state }, text)),
    ),
    ...list(
      "Why",
      "import-reasons",
      reasons.map(({ path, text }) => h("li", null, h("code", null, path), " ", text)),
    ),
  ];
}
