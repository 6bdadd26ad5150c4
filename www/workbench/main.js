// @ts-check
// Starts the workbench and joins its parts: the text is checked as it is written, run when it is right, and copied as it stands.

import { showAlert } from "../runtime/alerts.js";
import { h, setText } from "../runtime/dom.js";
import { codeFor, TARGETS } from "./copy.js";
import { EXAMPLES, written } from "./examples.js";
import { flowsOf, optionsOf, within } from "./flow.js";
import { createInputs } from "./inputs.js";
import { fromHash, toHash, withoutSecrets } from "./link.js";
import { startRun, watchRequests } from "./run.js";
import { createSteps } from "./steps.js";

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
const part = (id) => /** @type {T} */ (document.getElementById(id));

try {
  await start();
} catch (error) {
  cannotStart(/** @type {any} */ (error));
}

async function start() {
  const [Doorkey, schema, settings, { createEditor }] = await Promise.all([
    load("the package", async () => {
      const module = await import("/pkg/dist/doorkey.mjs");
      await module.ready;
      return module;
    }),
    load("the schema", () => getJson("/pkg/flow.schema.json")),
    load("the settings", () => getJson("/config.json")),
    load("the editor", () => import("./editor.mjs")),
  ]);
  watchRequests(settings.authUrl);
  const inputs = createInputs(part("inputs"));
  const steps = createSteps(part("steps"), (path) => editor.show(path));

  /** The document, while the text is one that can be run. @type {any} */
  let good;
  /** @type {ReturnType<typeof startRun> | undefined} */
  let running;
  let isBusy = false;
  let wasCancelled = false;
  /** The text that the problems are about, and the one that was run. */
  let checked = "";
  let tried = "";

  const example = /** @type {HTMLSelectElement} */ (part("example"));
  const flowName = /** @type {HTMLSelectElement} */ (part("flow-name"));
  const ask = /** @type {HTMLInputElement} */ (part("ask"));
  const host = /** @type {HTMLSelectElement} */ (part("host"));
  example.append(
    h("option", { value: "", hidden: true }, "Yours"),
    ...EXAMPLES.map(({ name }, index) => h("option", { value: index }, name)),
  );
  host.append(...Object.entries(TARGETS).map(([value, { name }]) => h("option", { value }, name)));
  part("demo").hidden = settings.user === undefined;

  const { document: first, index } = await firstDocument();
  const editor = createEditor({
    parent: part("editor"),
    label: "Flow, as JSON",
    schema,
    text: written(first),
    check: (text) => verdict(JSON.parse(text)),
    onChange: looked,
    onCursor: (place, words) =>
      part("help").replaceChildren(...(words ? [h("code", null, place || "flow"), " ", words.split("\n").at(-1) ?? ""] : [])),
  });
  chosen(index);
  empty();

  /** What doorkey says of a document: nothing, or what is wrong and where in the document. @param {any} document */
  function verdict(document) {
    const { options } = optionsOf(document);
    const { storage, crossTab } = schema.$defs.Options.properties;
    // What is only checked shall not touch the session of the playground, which has the same storage.
    const apart = {
      ...(storage.enum.includes(options?.storage ?? "local") && { storage: "memory" }),
      ...(crossTab.enum.includes(options?.crossTab ?? "lock") && { crossTab: "off" }),
    };
    try {
      Doorkey.createAuth(Object(options) === options && !Array.isArray(options) ? { ...options, ...apart } : options).dispose();
    } catch (error) {
      const { path = "", message } = /** @type {{ path?: string, message: string }} */ (error);
      return { path: path === "options" ? "" : within(document, path), message };
    }
  }

  /** The text was checked. @param {string} text @param {{ line: number, message: string }[]} problems */
  function looked(text, problems) {
    const [problem, ...more] = problems;
    setText(
      part("problems"),
      problem ? `Line ${problem.line}: ${problem.message}${more.length > 0 ? ` (and ${more.length} more)` : ""}` : "No problem found.",
    );
    part("problems").dataset.state = problem ? "bad" : "good";
    part("next").hidden = !problem;
    take(text);
    checked = text;
    if (text !== tried && !isBusy && /good|bad/.test(part("state").dataset.state ?? ""))
      say("The flow has changed since it was run.", "changed");
  }

  /** Makes the text what is run and copied, if it is right. @param {string} text */
  function take(text) {
    const value = parsed(text);
    good = value !== undefined && verdict(value) === undefined ? value : undefined;
    chosen(EXAMPLES.findIndex(({ document }) => JSON.stringify(document) === JSON.stringify(value)));
    if (good !== undefined) showFlows();
    showCode();
    showState();
  }

  /** @param {number} index */
  function chosen(index) {
    example.value = index < 0 ? "" : String(index);
    setText(part("about"), EXAMPLES[index]?.about ?? "");
  }

  function showFlows() {
    const names = flowsOf(good);
    const before = flowName.value;
    flowName.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
    if (names.includes(before)) flowName.value = before;
    part("which").hidden = names.length < 2;
    showInputs();
  }

  function showInputs() {
    part("asking").hidden = !inputs.show(good, flowName.value, !ask.checked);
  }

  /** doorkey's own form, if it shall ask. */
  async function prompt() {
    if (!ask.checked || part("asking").hidden) return undefined;
    await load("doorkey/ui", () => import("/pkg/dist/doorkey.ui.mjs"));
    return Doorkey.hosts.browser().prompt;
  }

  function showCode() {
    setText(part("take-about"), TARGETS[host.value].about);
    setText(part("code"), good === undefined ? "The code is here when the flow has no problem." : codeFor(good, host.value));
    /** @type {HTMLButtonElement} */ (part("copy")).disabled = good === undefined;
  }

  function showState() {
    /** @type {HTMLButtonElement} */ (part("run")).disabled = isBusy || good === undefined || flowsOf(good).length === 0;
    part("run").setAttribute("aria-busy", String(isBusy));
    part("cancel").hidden = running === undefined;
  }

  /** @param {string} text @param {"none" | "changed" | "good" | "bad" | "busy"} state */
  function say(text, state) {
    setText(part("state"), text);
    part("state").dataset.state = state;
  }

  function empty() {
    steps.clear();
    say("Each step of a run will be listed here.", "none");
  }

  async function run() {
    take(editor.text()); // what was written a moment ago was not checked yet
    if (good === undefined || isBusy) return;
    const begun = performance.now();
    tried = editor.text();
    wasCancelled = false;
    steps.clear();
    editor.mark([]);
    say("Running …", "busy");
    isBusy = true;
    showState();
    try {
      running = startRun({
        Doorkey,
        document: good,
        flow: flowName.value,
        values: inputs.values(),
        prompt: await prompt(),
        say: (text) => say(text, "busy"),
      });
      showState();
      const result = await running.done;
      steps.show(result.steps);
      const failed = result.steps.find((/** @type {any} */ { error }) => error);
      const time = `${result.steps.length} ${result.steps.length === 1 ? "step" : "steps"} in ${Math.round(performance.now() - begun)} ms`;
      if (failed) editor.mark([{ path: failed.path, message: failed.error.message }]);
      if (wasCancelled) say("Cancelled. Nothing was stored.", "bad");
      else
        say(failed ? `Failed at ${failed.id}: ${failed.error.message}` : `It works: ${time}. Nothing was stored.`, failed ? "bad" : "good");
    } catch (error) {
      const { code, message } = /** @type {any} */ (error);
      say(wasCancelled ? "Cancelled. Nothing was stored." : `${message} (${code ?? "error"})`, "bad");
    } finally {
      running = undefined;
      isBusy = false;
      showState();
      if (document.activeElement === document.body || document.activeElement === part("cancel")) part("run").focus();
    }
  }

  part("try").addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  part("cancel").addEventListener("click", () => {
    wasCancelled = true;
    running?.cancel();
  });
  part("demo").addEventListener("click", () => inputs.fill(settings.user));
  flowName.addEventListener("change", showInputs);
  ask.addEventListener("change", showInputs);
  host.addEventListener("change", showCode);
  example.addEventListener("change", () => {
    editor.setText(written(EXAMPLES[Number(example.value)].document));
    empty();
    history.replaceState(null, "", location.pathname);
  });
  part("format").addEventListener("click", () => {
    const value = parsed(editor.text());
    if (value === undefined) showAlert("This is not JSON yet.", "warning");
    else editor.setText(written(value));
  });
  part("next").addEventListener("click", () => editor.nextProblem());
  part("copy").addEventListener("click", () => {
    take(editor.text());
    if (good !== undefined) copy(part("code").textContent ?? "", "The code is copied.");
  });
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
  addEventListener("hashchange", async () => {
    const given = await fromHash(location.hash).catch(() => undefined);
    if (given !== undefined) editor.setText(written(given));
  });
  part("bench").removeAttribute("aria-busy");
  /** @type {any} */ (window).workbench = { editor, isChecked: () => checked === editor.text() };
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

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {string} text @param {string} done */
async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    showAlert(done, "success");
  } catch {
    showAlert("The browser does not let this page copy: select the text and copy it.", "warning");
  }
}

/** @param {string} url */
async function getJson(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer.json();
}

/** @template T @param {string} what @param {() => Promise<T>} get */
async function load(what, get) {
  try {
    return await get();
  } catch (cause) {
    throw Object.assign(new Error(`The workbench could not load ${what}.`), { cause });
  }
}

/** @param {Error} error */
function cannotStart(error) {
  console.error(error);
  const cause = /** @type {any} */ (error.cause);
  part("bench").removeAttribute("aria-busy");
  part("bench").replaceChildren(
    h(
      "section",
      { class: "card notice", role: "alert", "data-testid": "start-error" },
      h("h1", null, "The workbench can’t start"),
      h("p", null, error.message),
      cause && h("pre", null, [cause.code, cause.message ?? String(cause)].filter(Boolean).join(": ")),
      h("button", { type: "button", onClick: () => location.reload() }, "Try again"),
    ),
  );
}
