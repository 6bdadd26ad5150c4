// @ts-check
// The dialog in an element's shadow root: title, error, content, buttons. What it asks is told by its owner.
import { make, set, setBusy, textOf } from "./dom.mjs";
import css from "./form.css";
import { dress } from "./style.mjs";

/** Those that are open, the topmost last. Only that one is seen. @type {HTMLDialogElement[]} */
const open = [];

export class Modal {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.title = make("h2", { id: "title", part: "title" });
    this.alert = make("p", { class: "alert", part: "error", role: "alert" });
    this.content = make("div", { class: "fields", part: "fields" });
    this.word = make("span");
    this.submit = make("button", { class: "main", part: "button submit" }, make("span", { class: "spinner" }), this.word);
    this.cancel = make("button", { type: "button", part: "button cancel" });
    this.actions = make("div", { class: "actions", part: "actions" }, this.cancel, this.submit);
    this.form = make("form", { novalidate: true, part: "form" }, this.title, this.alert, this.content, this.actions);
    /** What only a screen reader tells. It stands outside of the form, since nothing is told of what is busy. */
    this.status = make("p", { class: "quiet", role: "status" });
    const box = make(
      "div",
      { class: "box", part: "box" },
      make("slot", { name: "header" }),
      this.form,
      make("slot", { name: "footer" }),
      this.status,
    );
    this.dialog = make("dialog", { part: "dialog", "aria-labelledby": "title" }, box);
    const root = host.attachShadow({ mode: "open" });
    dress(root, css);
    root.append(this.dialog);

    /** @type {() => void} */
    this.onSubmit = () => {};
    /** Called when the user wants no more, by Escape or the button. @type {() => void} */
    this.onCancel = () => {};
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.isBusy) this.onSubmit();
    });
    this.cancel.addEventListener("click", () => this.onCancel());
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.onCancel();
    });
    // A browser may close it without asking. The event comes late: it may be open again.
    this.dialog.addEventListener("close", () => {
      if (!this.dialog.open && open.includes(this.dialog)) this.onCancel();
    });
  }

  /** @param {string | undefined} title @param {string | undefined} error @param {Node[]} content */
  show(title, error, content) {
    this.title.textContent = title ?? textOf(this.host, "title");
    this.cancel.textContent = textOf(this.host, "cancel");
    this.content.replaceChildren(...content);
    this.busy(false);
    if (!this.dialog.open) {
      for (const under of open) set(under, "data-under", true);
      open.push(this.dialog);
      this.dialog.showModal();
    }
    this.tell(error); // now: an alert is told when it changes in what is shown
  }

  /** @param {string} [error] */
  tell(error = "") {
    this.alert.textContent = error;
  }

  get isBusy() {
    return this.form.hasAttribute("aria-busy");
  }

  /** @param {boolean} isBusy */
  busy(isBusy) {
    set(this.form, "aria-busy", isBusy && "true");
    setBusy(this.submit, isBusy);
    this.word.textContent = textOf(this.host, isBusy ? "busy" : "submit");
    this.status.textContent = isBusy ? this.word.textContent : "";
  }

  /** The focus goes back to where it was. */
  hide() {
    const at = open.indexOf(this.dialog);
    if (at >= 0) open.splice(at, 1);
    if (open.length > 0) set(open[open.length - 1], "data-under", false);
    this.dialog.close();
    this.tell();
    this.busy(false);
    this.content.replaceChildren();
  }
}
