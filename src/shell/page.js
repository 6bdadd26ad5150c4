// @ts-check
// The page of one session in one life of the wasm: what its ports hold, and how they answer.

import { failure } from "./copy.js";
import { failed } from "./ports/answer.js";
import { memory } from "./ports/web.js";

/** @typedef {import("./module.js").Message} Message */

export class Page {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
    this.isOpen = true;
    /** The session's name, once Rust has read the options. */
    this.name = "";
    /** How long a host is waited for, likewise. */
    this.limitMs = 0;
    /** @type {import("./ports/web.js").Store} */
    this.store = memory("");
    /** The address that was told to Rust. @type {string | undefined} */
    this.arrivedAt = undefined;
    /** The window in which a sign-in goes on. @type {any} */
    this.popup = undefined;
    this.hearsAnswers = false;
    /** What is kept of sign-ins that go on in a window of their own, by key. @type {Map<string, string>} */
    this.held = new Map();
    /** By id, how a request under way is aborted. @type {Map<number, AbortController>} */
    this.aborts = new Map();
    /** What core permits to send without asking. @type {import("./ports/ahead.js").Permit | undefined} */
    this.permit = undefined;
    /** By call, the requests that have gone ahead, of which core has not heard: how they are handed over. @type {Map<number, () => void>} */
    this.ahead = new Map();
    /** The timer at which they are handed over. @type {any} */
    this.sweep = undefined;
    /** The answers that came too late, by id: what is not done by then is not to be done. @type {Set<number>} */
    this.late = new Set();
    /** What ends with the page. @type {(() => void)[]} */
    this.ends = [];
    /** Gives the lock back, or stops waiting for it. */
    this.unlock = () => {};
    /** @type {BroadcastChannel | undefined} */
    this.channel = undefined;
    this.listens = false;
    /** The page from which a guard has sent away, where the tab keeps nothing. @type {string | undefined} */
    this.kept = undefined;
    /** The one timer: for how long it was set, and what `setTimeout` gave. @type {number | undefined} */
    this.delay = undefined;
    /** @type {any} */
    this.timeout = undefined;
    /** The moment that it was set for. @type {number | undefined} */
    this.timeoutAt = undefined;
  }

  get host() {
    return this.session.host;
  }

  /**
   * Tells Rust, in whose loop it waits its turn; from a page that is closed nobody hears.
   * @param {Message} message @param {boolean} [hasRoom] see Module.enter
   */
  tell(message, hasRoom) {
    if (this.isOpen) this.session.feed(message, hasRoom);
  }

  /** Something happened that may have come after a sleep. @param {Message} message */
  hint(message) {
    this.delay = undefined;
    this.tell(message);
  }

  /** Answers with what `work` gives at once. @param {string} op @param {number} id @param {() => object} work */
  answer(op, id, work) {
    let fields;
    try {
      fields = work();
    } catch (thrown) {
      fields = failure(thrown);
    }
    this.tell({ ...fields, op, id });
  }

  /** Answers with what `work` gives, once that is there. @param {string} op @param {number} id @param {() => Promise<object>} work */
  async answerLater(op, id, work) {
    let fields;
    try {
      fields = await work();
    } catch (thrown) {
      fields = await failed(thrown);
    }
    this.late.delete(id);
    // Whoever goes on after an `await` begins with an empty stack.
    this.tell({ ...fields, op, id }, true);
  }

  /** A process stays alive for who waits for a call, and not for a refresh that nobody may need; browsers have no `ref`. */
  stay() {
    const how = this.session.calls.size ? "ref" : "unref";
    this.timeout?.[how]?.();
    this.sweep?.[how]?.();
  }

  /** Tells core of all requests that have gone ahead. */
  handAllOver() {
    this.sweep = undefined;
    for (const handOver of [...this.ahead.values()]) handOver();
  }

  /** Has no part in what other tabs say. */
  mute() {
    this.channel?.close();
    this.channel = undefined;
  }

  close() {
    this.isOpen = false;
    this.permit = undefined;
    for (const end of this.ends) end();
    clearTimeout(this.timeout);
    clearTimeout(this.sweep);
    this.unlock();
    for (const abort of this.aborts.values()) abort.abort(new Error("the session has ended"));
  }
}
