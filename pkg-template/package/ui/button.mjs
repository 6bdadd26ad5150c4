// @ts-check
// <doorkey-button>: signs in, or out when there is a session.

import css from "./button.css";
import { Base, make, register, set, setBusy, textOf } from "./dom.mjs";
import { adopt, sessionOf } from "./session.mjs";
import { dress } from "./style.mjs";

/** Those after which there may be a session, or none. */
const EVENTS = ["signedIn", "refreshed", "expiring", "signedOut", "expired"];
const FIRST_LOOK_MS = 50;
const LAST_LOOK_MS = 2000;

class DoorkeyButtonElement extends Base {
  constructor() {
    super();
    const slots = ["signin", "signout"].map((name) => make("slot", { name }));
    this.slots = Object.fromEntries(slots.map((slot) => [slot.name, slot]));
    /** What the session is called, where a page has several. */
    this.whose = make("span", { class: "quiet" });
    this.button = make(
      "button",
      { type: "button", class: "main", part: "button" },
      make("span", { class: "spinner" }),
      ...slots,
      this.whose,
    );
    this.alert = make("div", { class: "error", part: "error", role: "alert" });
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    dress(root, css);
    root.append(make("div", { class: "box" }, this.button, this.alert));
    this.button.addEventListener("click", () => this.toggle());
    /** @type {any} */
    this.given = undefined;
    /** @type {(() => void)[]} */
    this.ends = [];
    this.isBusy = false;
  }

  static get observedAttributes() {
    return ["auth", "label", "signin-only", "text-signin", "text-signout", "text-signed-in", "text-busy"];
  }

  /**
   * The session: an Auth, or what has the functions of one. Default: the global that the attribute `auth` names, else `Doorkey`;
   * markup may come from anybody, and a page has many objects with a `signin`, so it must be doorkey's.
   */
  get auth() {
    return sessionOf(this, this.given);
  }

  set auth(auth) {
    this.given = auth;
    this.follow();
  }

  connectedCallback() {
    adopt(this, "auth");
    this.follow();
  }

  disconnectedCallback() {
    this.leave();
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (name === "auth") this.follow();
    else this.update();
  }

  leave() {
    for (const end of this.ends.splice(0)) end();
  }

  /** Hears of what happens to the session. What is not there yet, or not yet configured, is looked for again. @param {number} [wait] */
  follow(wait = FIRST_LOOK_MS) {
    this.leave();
    this.update();
    if (!this.isConnected) return;
    try {
      for (const event of EVENTS) {
        const heard = () => {
          // What went wrong is over, whichever tab has signed in.
          if (event === "signedIn") this.alert.textContent = "";
          this.update();
        };
        this.ends.push(this.auth.on(event, heard));
      }
      this.update();
      // A storage may take its time to say whether there is a session, and tells nobody.
      for (let look = FIRST_LOOK_MS; look < LAST_LOOK_MS; look *= 2) this.later(() => this.update(), look);
    } catch {
      this.leave();
      this.later(() => this.follow(Math.min(wait * 2, LAST_LOOK_MS)), wait);
    }
  }

  /** @param {() => void} work @param {number} wait */
  later(work, wait) {
    const timer = setTimeout(work, wait);
    this.ends.push(() => clearTimeout(timer));
  }

  get isSignedIn() {
    try {
      return this.auth.status().signedIn === true;
    } catch {
      return false;
    }
  }

  update() {
    const { isSignedIn, isBusy } = this;
    const isOver = isSignedIn && this.hasAttribute("signin-only");
    const shown = isSignedIn && !isOver ? "signout" : "signin";
    const text = textOf(this, isBusy ? "busy" : isOver ? "signed-in" : shown);
    for (const [name, slot] of Object.entries(this.slots)) {
      slot.hidden = name !== shown;
      slot.textContent = text;
    }
    this.whose.textContent = this.getAttribute("label");
    setBusy(this.button, isBusy);
    if (isOver) set(this.button, "aria-disabled", "true");
    set(this, "signed-in", isSignedIn);
  }

  async toggle() {
    if (this.button.hasAttribute("aria-disabled")) return;
    const { auth, isSignedIn } = this;
    this.alert.textContent = "";
    this.isBusy = true;
    this.update();
    try {
      if (!auth) throw new Error("There is no session: set the property auth.");
      await (isSignedIn ? auth.logout() : auth.signin());
    } catch (error) {
      const { code, message } = /** @type {any} */ (error ?? {});
      // Who wanted no more, or signs in elsewhere, need not be told.
      if (code !== "ERR_CANCELLED" && code !== "ERR_SUPERSEDED") this.alert.textContent = message ?? String(error);
    } finally {
      this.isBusy = false;
      this.update();
    }
  }
}

export const DoorkeyButton = register("doorkey-button", DoorkeyButtonElement);
