// @ts-check
// Shows the templates of one app builder. Which one is in the address: /hosts/#retool.

import { showAlert } from "../runtime/alerts.js";
import { h } from "../runtime/dom.js";

/** @typedef {{ path: string, code: string }} File */
/** @typedef {{ host: string, name: string, readme: string, files: File[] }} Template */

const bench = /** @type {HTMLElement} */ (document.getElementById("bench"));
const picker = /** @type {HTMLSelectElement} */ (document.getElementById("host"));
const readme = /** @type {HTMLElement} */ (document.getElementById("readme"));
const list = /** @type {HTMLElement} */ (document.getElementById("files"));

/** @type {Template[]} */
let templates = [];
try {
  const answer = await fetch("/templates.json");
  if (!answer.ok) throw new Error(await answer.text());
  templates = await answer.json();
  picker.append(...templates.map(({ host, name }) => h("option", { value: host }, name)));
  picker.addEventListener("change", () => (location.hash = picker.value));
  addEventListener("hashchange", show);
  show();
} catch (error) {
  picker.disabled = true;
  readme.replaceChildren(
    h("p", { class: "error", role: "alert" }, `The templates can't be shown: ${/** @type {Error} */ (error).message}`),
  );
} finally {
  bench.removeAttribute("aria-busy");
}

function show() {
  const template = templates.find(({ host }) => host === location.hash.slice(1)) ?? templates[0];
  picker.value = template.host;
  document.title = `doorkey in ${template.name}`;
  readme.innerHTML = template.readme; // the package's own text, made into HTML by the server
  // What is wider than the page scrolls by itself, and can be reached by the keyboard.
  for (const wide of readme.querySelectorAll("pre, table")) {
    const frame = h("div", { class: "wide", tabindex: 0, role: "group", "aria-label": wide.tagName === "PRE" ? "Code" : "Table" });
    wide.replaceWith(frame);
    frame.append(wide);
  }
  list.replaceChildren(...template.files.map(file));
}

/** @param {File} file */
function file({ path, code }) {
  return h(
    "section",
    { class: "card", "data-testid": "file", "data-path": path },
    h(
      "div",
      { class: "head" },
      h("h2", null, path),
      h("button", { type: "button", class: "quiet", "aria-label": `Copy ${path}`, onClick: () => copy(path, code) }, "Copy"),
    ),
    h("pre", { class: "code", tabindex: 0, role: "region", "aria-label": path }, code),
  );
}

/** @param {string} path @param {string} code */
async function copy(path, code) {
  try {
    await navigator.clipboard.writeText(code);
    showAlert(`${path} is copied.`, "success");
  } catch {
    showAlert("The browser does not let this page copy: select the text and copy it.", "warning");
  }
}
