// @ts-check
// <doorkey-form>: asks a person for the fields of a form, in a modal dialog.
import { Base, register, textOf } from "./dom.mjs";
import { makeFields } from "./field.mjs";
import { Modal } from "./modal.mjs";

/**
 * @typedef {import("./field.mjs").Field} Field
 * @typedef {{ title?: string, error?: string, fields?: readonly import("./field.mjs").Data[] }} Form
 * @typedef {Record<string, any> | null} Values
 * @typedef {{ form: Form, owner: unknown, answer?: (values: Values) => void, fail: (reason: unknown) => void, element?: DoorkeyFormElement }} Ask
 */

const DEFAULT_FIELDS = [
  { name: "email", label: "Email", type: "email", required: true },
  { name: "password", label: "Password", type: "password", required: true },
];

/** What is asked now. Once it is answered it stays, busy, until its owner asks again or is done. @type {Ask | undefined} */
let current;
/** @type {Ask[]} */
const waiting = [];
/** Whoever was cancelled after the answer, and does not know it yet. @type {Set<unknown>} */
const abandoned = new Set();

class DoorkeyFormElement extends Base {
  constructor() {
    super();
    this.modal = new Modal(this);
    this.modal.onCancel = () => current?.element === this && cancel();
    this.modal.onSubmit = () => this.submit();
    /** @type {Field[]} */
    this.fields = [];
    /** Whether it is ours, and no part of the page. */
    this.isMade = false;
  }

  /** A page that takes the element away has cancelled. */
  disconnectedCallback() {
    this.modal.onCancel();
  }

  /**
   * Asks, as soon as no other form is open. An answered form stays open and busy: the next `ask` of the same owner shows
   * there what was wrong, or the next step, and `done` closes it.
   * @param {Form} form @param {unknown} [owner] who asks: anything, compared by identity
   * @returns {Promise<Values>} the values by the fields' names; null: cancelled
   */
  static ask(form, owner) {
    if (abandoned.delete(owner)) return Promise.resolve(null);
    return new Promise((answer, fail) => {
      const ask = { form, owner, answer, fail };
      if (current && !current.answer && current.owner === owner) show(ask);
      else waiting.push(ask);
      next();
    });
  }

  /** Ends what the owner asks: a form that is open closes, one that waits is not shown. @param {unknown} [owner] */
  static done(owner) {
    abandoned.delete(owner);
    if (current?.owner === owner) return current && close();
    const at = waiting.findIndex((ask) => ask.owner === owner);
    if (at >= 0) waiting.splice(at, 1)[0].answer?.(null);
  }

  /** @param {Form} form */
  present({ title, error, fields = DEFAULT_FIELDS }) {
    const message = error ?? (fields.some((data) => data.error) ? textOf(this, "check") : undefined);
    const kept = message ? this.fields.filter(({ isSecret }) => !isSecret) : [];
    const typed = new Map(kept.map((field) => [field.data.name, field.read()]));
    this.clear();
    this.fields = makeFields(this, fields, typed);
    for (const field of this.fields) if (field.data.error) field.show(field.data.error);
    this.modal.show(
      title,
      message,
      this.fields.flatMap(({ element }) => element ?? []),
    );
    this.focusField();
  }

  submit() {
    const wrong = this.fields.filter((field) => field.problem());
    for (const field of wrong) field.show(field.problem());
    this.modal.tell(wrong.length > 0 ? textOf(this, "check") : undefined);
    if (wrong.length > 0) return this.focusField();
    const values = Object.fromEntries(this.fields.map((field) => [field.data.name, field.read()]));
    for (const field of this.fields) field.lock();
    this.modal.busy(true);
    const { answer } = current ?? {};
    if (current) current.answer = undefined;
    answer?.(values);
  }

  /** To the first field with an error, else to the first that is empty, else to the first. */
  focusField() {
    const controls = this.fields.flatMap(({ control }) => control ?? []);
    const first =
      controls.find((control) => control.hasAttribute("aria-invalid")) ?? controls.find(({ value }) => value === "") ?? controls[0];
    (first ?? this.modal.submit).focus();
  }

  /** Nothing of what was typed stays in the page. */
  clear() {
    for (const field of this.fields) field.clear();
    this.fields = [];
  }
}

/** @param {Ask} ask */
function show(ask) {
  const { element } = current ?? {};
  current = { ...ask, element };
  try {
    current.element ??= find();
    current.element.present(ask.form);
  } catch (error) {
    ask.fail(error); // and those that wait have their turn
    close();
  }
}

/** The element that the page has, with its words and slots, or a new one. In a part that is not shown nobody would see the dialog. */
function find() {
  const all = /** @type {NodeListOf<DoorkeyFormElement>} */ (document.querySelectorAll("doorkey-form"));
  const found = [...all].find(({ isMade, modal: { dialog } }) => {
    if (isMade) return false;
    // Tried out, since neither the element nor what it stands in needs a box of its own.
    dialog.open = true;
    const isSeen = dialog.checkVisibility?.() ?? dialog.offsetWidth;
    dialog.open = false;
    return isSeen;
  });
  return found ?? makeForm();
}

/** Adds an element to the page, for as long as it is needed. */
export function makeForm() {
  const made = new DoorkeyForm();
  made.isMade = true;
  document.body.append(made);
  return made;
}

function next() {
  const ask = current ? undefined : waiting.shift();
  if (ask) show(ask);
}

/** The user wants no more. What is already answered goes on, but asks nobody again. */
function cancel() {
  if (current && !current.answer) abandoned.add(current.owner);
  close();
}

function close() {
  const { element, answer } = current ?? {};
  current = undefined;
  if (element) {
    element.clear();
    element.modal.hide();
    if (element.isMade) element.remove();
  }
  answer?.(null);
  next();
}

export const DoorkeyForm = register("doorkey-form", DoorkeyFormElement);
