// @ts-check
// The fields that a run asks for, made of the flow. What was filled in stays while the flow is edited, in this page's memory only.

import { h, keyed, setText } from "../runtime/dom.js";
import { fieldsOf, flowsOf, optionsOf } from "./flow.js";
import { SECRET_FIELD } from "./secrets.js";

const TYPES = /** @type {Record<string, string>} */ ({ "one-time-code": "text", hidden: "text" });

/** @typedef {import("./flow.js").Field} Field */

/** @param {HTMLElement} parent */
export function createInputs(parent) {
  /** @type {Field[]} */
  let fields = [];
  const empty = h("p", { class: "empty" });
  const list = h("div", { class: "fields" });
  parent.replaceChildren(list, empty);

  return {
    /**
     * Shows the fields of a document's flow, and tells whether there are any, and whether it has a form.
     * @param {any} document @param {string} flow @param {boolean} withForms
     */
    show(document, flow, withForms) {
      const flows = optionsOf(document).options?.flows ?? {};
      // Without a session the others sign in first; what their own inputs are, doorkey knows.
      const all = fieldsOf(flows[flowsOf(document).includes("signin") ? "signin" : flow]);
      fields = all.filter(({ step }) => withForms || step === undefined);
      keyed(list, fields, (field) => JSON.stringify(field), make);
      empty.hidden = fields.length > 0;
      setText(empty, all.length > 0 ? "The form asks when the flow runs." : "This flow asks for nothing.");
      return { isAsked: fields.length > 0, hasForm: all.some(({ step }) => step !== undefined) };
    },
    /** What is filled in. */
    values: () =>
      fields.map(({ key, step, name, type }) => ({
        step,
        name,
        value: entered(elementOf(key), type),
        isSecret: SECRET_FIELD.test(type),
      })),
    /** Fills in a user. @param {{ email: string, password: string }} user */
    fill({ email, password }) {
      for (const { key, name, type } of fields) {
        const element = elementOf(key);
        if (type === "password" && /pass/i.test(name)) element.value = password;
        else if (type === "email" || /mail|user/i.test(name)) element.value = email;
      }
    },
  };

  /** @param {string} key */
  function elementOf(key) {
    return /** @type {HTMLInputElement} */ (list.querySelector(`[name="${CSS.escape(key)}"]`));
  }
}

/** @param {HTMLInputElement} element @param {string} type */
function entered(element, type) {
  if (type === "checkbox") return element.checked;
  return type === "number" && element.value !== "" ? Number(element.value) : element.value;
}

/** @param {Field} field */
function make({ key, step, label, type, required, value, help, options }) {
  const helpId = help && `help-${key}`;
  const about = { name: key, required, "data-testid": `input-${key}`, "aria-describedby": helpId };
  const text = typeof value === "string" && !value.includes("{{") ? value : undefined;
  const element =
    type === "select"
      ? h("select", about, ...(options ?? []).map((option) => optionOf(option, text)))
      : h("input", {
          ...about,
          type: TYPES[type] ?? type,
          value: text,
          checked: type === "checkbox" && value === true,
          autocomplete: "off",
          autocapitalize: "off",
          spellcheck: "false",
        });
  return h(
    "label",
    { class: type === "checkbox" && "check" },
    type === "checkbox" && element,
    h("span", null, label, " ", h("small", null, step ?? "inputs")),
    type !== "checkbox" && element,
    help && h("small", { id: helpId, class: "hint" }, help),
  );
}

/** @param {any} option @param {string | undefined} chosen */
function optionOf(option, chosen) {
  const value = option && typeof option === "object" ? option.value : option;
  return h("option", { value, selected: value === chosen }, String(option?.label ?? value));
}
