// @ts-check
// The store: what storeValue has put in, and a form to put in more.

import { h, keyed } from "../runtime/dom.js";
import { isSecretName } from "../workbench/secrets.js";
import { guarded } from "./part.js";

const MASK = "[redacted]";
const JWT = /[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;

/**
 * @param {any} auth
 * @param {string[]} [exposed] keys under which the session puts its tokens for bindings. Where they are not known, any text may be one
 */
export function storePart(auth, exposed) {
  const list = h("ul", { class: "values", "data-testid": "store", "aria-label": "Stored values" });
  const empty = h("p", { class: "empty" }, "Nothing is stored yet. Values are there for widgets to bind, and sign-out removes them.");
  const problem = h("p", { class: "error blank", role: "alert", id: "store-error", "data-testid": "store-error" });
  const key = field("store-key", "Key", "theme");
  const value = field("store-value", "Value", 'dark or { "a": 1 }');
  const persist = /** @type {HTMLInputElement} */ (
    h("input", { type: "checkbox", id: "store-persist", checked: true, "data-testid": "store-persist" })
  );
  const clear = h(
    "button",
    { type: "button", class: "quiet", "data-testid": "store-clear", onClick: () => attempt(() => auth.clearStore()) },
    "Clear",
  );

  const form = h(
    "form",
    { class: "put", "aria-label": "Store a value", onSubmit: put },
    h("label", { for: "store-key" }, "Key", key),
    h("label", { for: "store-value" }, "Value", value),
    h("label", { for: "store-persist", class: "check" }, persist, "Persist"),
    h("div", { class: "buttons" }, h("button", { type: "submit", "data-testid": "store-put" }, "Store"), clear),
    problem,
  );
  const note = !exposed && h("p", { class: "note" }, "The panel was given no options, so no text is shown: it may be a token.");
  const body = h("div", null, note, list, empty, form);

  const update = guarded(body, () => {
    const entries = Object.entries(auth.values()).map(([name, held]) => ({
      name,
      text: exposed?.includes(name) ? MASK : masked(name, held, exposed ? JWT : /[^]+/),
    }));
    keyed(list, entries, ({ name, text }) => JSON.stringify([name, text]), item);
    empty.hidden = entries.length > 0;
    list.hidden = entries.length === 0;
    clear.hidden = entries.length === 0;
  });

  function item(/** @type {{ name: string, text: string }} */ { name, text }) {
    return h(
      "li",
      { "data-key": name },
      h("code", { class: "key" }, name === "" ? '""' : name),
      h("code", { class: "value" }, text),
      h(
        "button",
        { type: "button", class: "close", "aria-label": `Remove ${name}`, onClick: () => attempt(() => auth.removeValue(name)) },
        "×",
      ),
    );
  }

  async function put(/** @type {Event} */ event) {
    event.preventDefault();
    if (await attempt(() => auth.storeValue(key.value, parsed(value.value), persist.checked))) {
      key.value = value.value = "";
      key.focus();
    }
  }

  async function attempt(/** @type {() => Promise<unknown>} */ change) {
    let text = "";
    try {
      await change();
    } catch (error) {
      text = /** @type {Error} */ (error).message;
    }
    problem.textContent = text;
    problem.classList.toggle("blank", text === "");
    update();
    return text === "";
  }

  return { body, update };
}

function field(/** @type {string} */ id, /** @type {string} */ name, /** @type {string} */ placeholder) {
  return /** @type {HTMLInputElement} */ (
    h("input", {
      id,
      name: id,
      placeholder,
      autocomplete: "off",
      spellcheck: "false",
      required: name === "Key",
      "data-testid": id,
      "aria-describedby": "store-error",
    })
  );
}

/** A value as text, without what its names or its form tell to be secret: a screen is looked at by others. @param {string} name @param {unknown} held @param {RegExp} secret */
function masked(name, held, secret) {
  const kept = (/** @type {string} */ key, /** @type {unknown} */ value) => {
    if (isSecretName(key)) return MASK;
    return typeof value === "string" ? value.replace(secret, MASK) : value;
  };
  return isSecretName(name) ? MASK : (JSON.stringify(held, kept) ?? "");
}

/** JSON where it is JSON, else the text itself. */
function parsed(/** @type {string} */ text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
