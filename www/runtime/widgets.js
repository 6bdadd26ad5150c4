// @ts-check
// Widgets: a page is a list of plain objects, and each kind of object has a function here that makes its element.
// A named input is a global, as in app builders: inp_email.text.

import { addressOf } from "./address.js";
import { showAlert } from "./alerts.js";
import { bind, changed } from "./bindings.js";
import { h, setText } from "./dom.js";
import { navigateTo } from "./router.js";

/** @typedef {import("./app.js").Widget} Widget */

/** @type {Record<string, (widget: Widget) => HTMLElement>} */
const kinds = { text, heading, group, form, input, button, link, fields, table, state, message };

/** Makes a widget's element. */
export function render(/** @type {Widget} */ widget) {
  const element = kinds[widget.type](widget);
  if (widget.isVisible)
    bind(widget.isVisible, (isVisible) => {
      element.hidden = !isVisible;
    });
  return element;
}

/** Runs a handler; what it throws is shown, as nobody else would. */
export async function runHandler(/** @type {() => unknown} */ handler) {
  try {
    const done = handler();
    changed();
    await done;
  } catch (error) {
    showAlert(error instanceof Error ? error.message : error, "error");
  } finally {
    changed();
  }
}

function text(/** @type {Widget} */ { text: value, look, testid }) {
  const element = h("p", { class: look, "data-testid": testid });
  bind(value, (now) => setText(element, now));
  return element;
}

function heading(/** @type {Widget} */ { text: value }) {
  const element = h("h2");
  bind(value, (now) => setText(element, now));
  return element;
}

function group(/** @type {Widget} */ { widgets, look, label, testid }) {
  return h(label ? "section" : "div", { class: look, "aria-label": label, "data-testid": testid }, ...widgets.map(render));
}

/** The handler of the form's first button runs when the form is submitted, by click or by Enter. */
function form(/** @type {Widget} */ { widgets, label }) {
  const element = h("form", { "aria-label": label }, ...widgets.map(render));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    element.querySelector("button")?.dispatchEvent(new CustomEvent("press"));
  });
  return element;
}

function input(
  /** @type {Widget} */ { name, label, inputType = "text", autocomplete, isRequired = false, hasFocus = false, testid, invalid },
) {
  const field = /** @type {HTMLInputElement} */ (
    h("input", {
      id: name,
      name,
      type: inputType,
      autocomplete,
      required: isRequired,
      autofocus: hasFocus,
      "data-testid": testid,
      onInput: changed,
    })
  );
  /** @type {any} */ (globalThis)[name] = {
    get text() {
      return field.value;
    },
    setValue(/** @type {string} */ value) {
      field.value = value;
      changed();
    },
    setFocus() {
      field.focus();
      field.select();
    },
  };
  if (invalid) {
    bind(invalid.when, (isInvalid) => {
      // Valid is said by saying nothing: Pico would mark the field green.
      if (isInvalid) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    });
    field.setAttribute("aria-describedby", invalid.describedBy);
  }
  return h("label", { for: name }, label, field);
}

/** A button that is busy says so and takes no second press, but keeps the focus. */
function button(/** @type {Widget} */ { text: value, onClick, look, isSubmit = false, testid }) {
  const element = h("button", { type: isSubmit ? "submit" : "button", class: look, "data-testid": testid });
  bind(value, (now) => setText(element, now));
  element.addEventListener(isSubmit ? "press" : "click", async () => {
    if (element.getAttribute("aria-busy") === "true") return;
    element.setAttribute("aria-busy", "true");
    await runHandler(onClick);
    element.removeAttribute("aria-busy");
  });
  return element;
}

function link(/** @type {Widget} */ { text: value, page, params, look, testid }) {
  return h("a", { href: addressOf(page, params), class: look, "data-testid": testid, onClick: follow(page, params) }, value);
}

/** A click handler for a link within the app: a plain click stays in the page, any other is the browser's. */
export function follow(/** @type {string} */ page, /** @type {Record<string, unknown>} */ params = {}) {
  return (/** @type {MouseEvent} */ event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void runHandler(() => navigateTo(page, params));
  };
}

/** The members of an object, as a list of names and values. */
function fields(/** @type {Widget} */ { values, testid }) {
  const list = h("dl", { "data-testid": testid });
  bind(values, (/** @type {Record<string, unknown>} */ now) => {
    list.replaceChildren(
      ...Object.entries(now ?? {}).map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, shown(value)))),
    );
  });
  return list;
}

/** The roles are written out, as the style sheet lays rows out as cards on a narrow screen, and a browser may then drop its own. */
function table(/** @type {Widget} */ { rows, columns, caption, testid }) {
  const body = h("tbody", { role: "rowgroup" });
  bind(rows, (/** @type {Record<string, unknown>[]} */ now) => {
    body.replaceChildren(...now.map((row) => h("tr", { role: "row" }, ...columns.map((/** @type {any} */ column) => cell(row, column)))));
  });
  const head = columns.map((/** @type {any} */ { label, isNumber }) =>
    h("th", { scope: "col", role: "columnheader", class: isNumber && "number" }, label),
  );
  return h(
    "table",
    { role: "table", "aria-label": caption, "data-testid": testid },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...head)),
    body,
  );
}

function cell(/** @type {Record<string, unknown>} */ row, /** @type {any} */ { key, label, show, isNumber, isBadge }) {
  const value = shown(show ? show(row) : row[key]);
  return h(
    "td",
    { role: "cell", "data-key": key, "data-label": label, class: isNumber && "number" },
    isBadge ? h("span", { class: "badge", "data-value": value }, value) : value,
  );
}

/** What stands in for a query's data while there is none: busy, an error with another try, or nothing found. */
function state(/** @type {Widget} */ { query, empty, testid, what }) {
  const element = h("div", { class: "state", "aria-live": "polite" });
  const situation = () => (query.isLoading ? "loading" : query.error ? query.error.message : query.data?.length === 0 ? "empty" : "done");
  bind(situation, (now) => {
    element.hidden = now === "done";
    if (now === "loading") element.replaceChildren(h("p", { "aria-busy": "true" }, `Loading ${what} …`));
    else if (now === "empty") element.replaceChildren(h("p", { class: "empty", "data-testid": `${testid}-empty` }, empty));
    else if (now === "done") element.replaceChildren();
    else {
      element.replaceChildren(
        h(
          "div",
          { class: "error", "data-testid": `${testid}-error` },
          h("p", null, h("strong", null, `Could not load ${what}. `), now),
          h("button", { type: "button", class: "quiet", onClick: () => void query.run() }, "Try again"),
        ),
      );
    }
  });
  return element;
}

/** A message that is read out when it comes: `alert` at once, else when there is a pause. */
function message(/** @type {Widget} */ { text: value, id, isAlert = false, look, testid }) {
  const element = h("p", { id, class: look, "data-testid": testid, role: isAlert ? "alert" : "status" });
  bind(value, (now) => {
    setText(element, now);
    element.classList.toggle("blank", !now);
  });
  return element;
}

function shown(/** @type {unknown} */ value) {
  return value !== null && typeof value === "object" ? JSON.stringify(value) : String(value ?? "–");
}
