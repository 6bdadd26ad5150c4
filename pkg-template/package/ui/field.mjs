// @ts-check
// One field of a form: its elements, what it gives, and what is wrong with it.
import { make, set, textOf } from "./dom.mjs";

/**
 * @typedef {{ name: string, label?: string, type?: string, required?: boolean, value?: any, help?: string, options?: readonly any[], error?: string }} Data
 * @typedef {{ element?: HTMLElement, control?: HTMLInputElement | HTMLSelectElement, isSecret: boolean, data: Data,
 *   read(): any, problem(): string, show(error: string): void, lock(): void, clear(): void }} Field
 */

/** How an `<input>` is told of its type. @type {Record<string, Record<string, unknown>>} */
const INPUTS = {
  text: { type: "text" },
  email: { type: "email", inputmode: "email", autocomplete: "email" },
  password: { type: "password", autocomplete: "current-password" },
  number: { type: "number", inputmode: "decimal", step: "any" },
  checkbox: { type: "checkbox" },
  "one-time-code": {
    type: "text",
    inputmode: "numeric",
    autocomplete: "one-time-code",
    autocapitalize: "none",
    spellcheck: "false",
    class: "code",
  },
};
const USER = { autocomplete: "username", autocapitalize: "none", spellcheck: "false" };

/**
 * The fields of a form. What stands for the user is found here, since a password manager fills it in.
 * @param {Element} host whose words are used @param {readonly Data[]} list @param {Map<string, any>} typed values by name, of before
 */
export function makeFields(host, list, typed) {
  const user =
    list.find(({ type }) => type === "email") ??
    list.find(({ type = "text", name }) => type === "text" && /user|login|account/i.test(name));
  return list.map((data, index) => makeField(host, data, `field-${index}`, data === user, typed.get(data.name)));
}

/** @param {Element} host @param {Data} data @param {string} id @param {boolean} isUser @param {any} typed @returns {Field} */
function makeField(host, data, id, isUser, typed) {
  const { name, label = name[0].toUpperCase() + name.slice(1), type = "text", required = false, help, options = [] } = data;
  const value = typed ?? data.value;
  const isSecret = type === "password" || type === "one-time-code";
  // It may hold anything, and nobody has to see it: it is not put into the page.
  if (type === "hidden") return { isSecret, data, read: () => data.value, problem: () => "", show() {}, lock() {}, clear() {} };

  const choices = options.map((option) =>
    option !== null && typeof option === "object" ? option : { value: option, label: String(option) },
  );
  const shared = { id, name, required, part: "input" };
  const control =
    type === "select"
      ? make(
          "select",
          shared,
          ...[{ value: "", label: textOf(host, "choose") }, ...choices].map((choice, at) =>
            make("option", { value: at || "" }, String(choice.label ?? choice.value)),
          ),
        )
      : make("input", { ...shared, ...(INPUTS[type] ?? INPUTS.text), ...(isUser && USER) });
  if (control instanceof HTMLSelectElement) {
    control.selectedIndex = choices.findIndex((choice) => String(choice.value) === String(value)) + 1;
  } else if (type === "checkbox") {
    control.checked = value === true || value === "true";
  } else {
    control.value = String(value ?? "");
  }

  const helpId = help && `${id}-help`;
  const problem = make("p", { id: `${id}-error`, class: "error", part: "field-error", hidden: true });
  const words = make("label", { for: id, part: "label" }, label);
  if (required) words.append(make("span", { "aria-hidden": "true" }, " *"));
  const describe = () => {
    const ids = [!problem.hidden && problem.id, helpId].filter(Boolean).join(" ");
    set(control, "aria-describedby", ids || undefined);
    set(control, "aria-invalid", !problem.hidden && "true");
  };
  describe();

  const isCheck = type === "checkbox";
  const line = make("div", { class: isCheck ? "check" : "line" }, control);
  const toggle = type === "password" ? addToggle(host, /** @type {HTMLInputElement} */ (control), label) : undefined;
  if (isCheck) line.append(words);
  const element = make("div", { class: "field", part: "field" }, ...(isCheck ? [] : [words]), line, problem);
  if (help) element.append(make("p", { id: helpId, class: "help", part: "help" }, help));

  /** @type {Field} */
  const field = {
    element,
    control,
    isSecret,
    data,
    read() {
      if (control instanceof HTMLSelectElement) return choices[control.selectedIndex - 1]?.value ?? null;
      if (type === "checkbox") return control.checked;
      if (type === "number") return control.value === "" ? null : control.valueAsNumber;
      return type === "one-time-code" ? control.value.replace(/\s/g, "") : control.value;
    },
    problem: () => control.validationMessage,
    show(error) {
      problem.textContent = error;
      problem.hidden = false;
      describe();
    },
    lock() {
      // Not `disabled`, which would take the focus away.
      if (control instanceof HTMLInputElement) control.readOnly = true;
      toggle?.("password");
    },
    clear() {
      if (control instanceof HTMLSelectElement) control.selectedIndex = 0;
      else if (type === "checkbox") control.checked = false;
      else control.value = "";
    },
  };
  control.addEventListener("input", () => {
    problem.hidden = true;
    describe();
  });
  return field;
}

/**
 * Adds the button that shows a password.
 * @param {Element} host @param {HTMLInputElement} input @param {string} label
 * @returns {(type: string) => void} makes it readable ("text"), or not ("password")
 */
function addToggle(host, input, label) {
  const button = make("button", { type: "button", part: "toggle", "aria-controls": input.id });
  const toggle = (/** @type {string} */ type) => {
    input.type = type;
    button.textContent = textOf(host, type === "password" ? "show" : "hide");
    set(button, "aria-label", `${button.textContent}: ${label}`);
  };
  button.addEventListener("click", () => toggle(input.type === "password" ? "text" : "password"));
  toggle("password");
  input.after(button);
  return toggle;
}
