// @ts-check
// One session of a page: its calls, its values, its listeners. It outlives the instance of the wasm that serves it.

import { callMessage, isDataField } from "./arguments.js";
import { copy, dataOf, keyOf, textOf } from "./copy.js";
import { holds } from "./known.js";
import { Listeners } from "./listeners.js";
import { perform } from "./loop.js";
import { HALF, now, probe } from "./module.js";
import { isA, member, NativePromise, object } from "./own.js";
import { Page } from "./page.js";
import { goAhead, requested } from "./ports/ahead.js";
import { arrival } from "./ports/authorize.js";
import { textOfRequest } from "./ports/body.js";
import { heedsAbort } from "./ports/http.js";
import { facts, place } from "./ports/page.js";
import { asRefusal, disposed, fit, given, Refusal } from "./refusal.js";

/** @typedef {import("./module.js").Message} Message */
/** @typedef {{ resolve(value: unknown): void, reject(refusal: unknown): void, name: string, made?: Partial<import("./ports/request.js").Made>, deaf?: () => void, response?: any, begun?: ReturnType<typeof import("./ports/http.js").begun> }} Waiting who waits for a call */

/** No session has this number. */
const NOBODY = 0xffffffff;
/** The calls that look first whether the user has come back from a sign-in elsewhere. */
const LOOKS_BACK = new Set(["signin", "guard", "signinCallback"]);

let sessions = 0;

export class Session {
  /**
   * @param {import("./module.js").Module} module
   * @param {any} options those of `createAuth`, as they were given
   * @param {object} [host] where they name none
   */
  constructor(module, options, host) {
    this.module = module;
    this.options = options;
    this.number = sessions++;
    this.otherHost = host;
    this.host = member(options, "host") ?? host;
    /** What `getValue` gives, by key, with its JSON. @type {Map<string, { value: unknown, text: string | undefined }>} */
    this.view = new Map();
    /** By id: who waits, and the request of `fetch` with its last answer. @type {Map<number, Waiting>} */
    this.calls = new Map();
    this.lastCall = 0;
    /** The look at the page's address, while it takes its time: a sign-out comes after the sign-in before it. @type {PromiseLike<unknown> | undefined} */
    this.looking = undefined;
    /** The answers that hold until the next input, by what was asked. @type {Record<string, import("./known.js").Known | undefined>} */
    this.known = {};
    this.listeners = new Listeners();
    /** The keys of DPoP, by name. @type {import("./ports/dpop.js").Keys} */
    this.keys = new Map();
    /** @type {Message[]} What comes while the effects of another input are performed. */
    this.inputs = [];
    this.taken = 0;
    this.isBusy = this.isDisposed = this.isOver = false;
    this.page = new Page(this);
    /** Why it could not be opened again. @type {Refusal | undefined} */
    this.refusal = undefined;
    this.begin();
    if (this.refusal) throw this.refusal;
    module.lodgers.add(this);
  }

  /** Opens the session in the wasm: the first time, and in each new life. */
  begin() {
    this.refusal = undefined;
    this.page = new Page(this);
    try {
      const options = fit(() => copy(this.options), "ERR_INVALID_OPTION");
      this.feed({ op: "open", options, ...facts(this.host) });
    } catch (thrown) {
      this.page.close();
      [this.inputs, this.taken] = [[], 0];
      this.refusal = asRefusal(thrown);
    }
  }

  /** Everything ends with the instance: who waits is told. @param {Refusal} refusal */
  died(refusal) {
    this.page.close();
    this.isOver = true;
    [this.inputs, this.taken, this.known] = [[], 0, {}];
    this.refuse(refusal);
    if (this.isDisposed) this.quit();
  }

  /** Tells all who wait for a call. @param {Refusal} error */
  refuse(error) {
    for (const call of [...this.calls.keys()]) this.settle({ call, error });
  }

  /**
   * Calls a member that takes time.
   * @param {string} name @param {unknown[]} args @returns {Promise<any>} rejects with a Refusal
   */
  async call(name, args) {
    if (this.module.death) await this.module.revived();
    if (this.refusal) throw this.refusal;
    const { accessToken } = name === "accessToken" && args[0] === undefined && !isDataField() ? this.known : {};
    if (holds(accessToken)) return accessToken.value;
    // What is given is read in the call itself, as is the place from which it comes.
    const made = name === "fetch" ? requested(args[0], args[1], this.page) : undefined;
    probe(made?.permit && HALF);
    if (made?.permit) return this.wait(name, made, (id) => goAhead(this.page, id, made));
    const { isUnread, ...message } = callMessage(name, made ? [made] : args);
    const longest = isUnread && this.ask({ ...message, op: "reads" });
    if (longest) message.body = await textOfRequest(/** @type {any} */ (made).request, longest);
    const looks = LOOKS_BACK.has(name) && !message.isDataField;
    /** @type {any} */
    let found = looks ? arrival(this.page, name === "signinCallback" ? args[0] : undefined) : undefined;
    // Only where it must: what can be is done in the call.
    if (found && "then" in found) {
      this.looking = found;
      found = await found;
      this.looking = undefined;
      // Nobody knows that it is no answer: whoever asks just that is told so.
      if (isA(found, Refusal)) {
        if (name === "signinCallback") throw found;
        found = undefined;
      }
    } else if (this.looking && name === "logout") await this.looking;
    return this.wait(name, made, (id) => {
      if (LOOKS_BACK.has(name)) this.feed({ op: "place", ...place(this.page) }, true);
      this.feed({ ...message, ...found, op: "call", id, call: name }, true);
    });
  }

  /**
   * Lets who calls wait, under a number, for what is begun; it is not where they have ended it already.
   * @param {string} name @param {Partial<import("./ports/request.js").Made> | undefined} made @param {(id: number) => void} begin @returns {Promise<any>}
   */
  wait(name, made, begin) {
    return new NativePromise((resolve, reject) => {
      const id = (this.lastCall = (this.lastCall + 1) >>> 0);
      this.calls.set(id, { resolve, reject, name, made });
      this.page.stay();
      try {
        if (!made?.signal || !heedsAbort(this, id, made.signal)) begin(id);
      } catch (thrown) {
        this.settle({ call: id, error: asRefusal(thrown) });
      }
    });
  }

  /** Asks what Rust answers at once. @param {Message} message */
  ask(message) {
    if (this.module.death) this.module.revive();
    if (this.refusal && !this.isDisposed) throw this.refusal;
    return given(this.module.enter({ ...message, session: this.isDisposed ? NOBODY : this.number }));
  }

  /** @param {any} [store] */
  status(store) {
    if (typeof store === "object" && store !== null) {
      return this.ask({ op: "status", hasStore: true, stored: dataOf(member(store, this.page.name)) });
    }
    if (holds(this.known.status)) return { ...this.known.status.value };
    const since = now();
    const { until, ...value } = this.ask({ op: "status" });
    this.known.status = { value, since, until };
    return { ...value };
  }

  trace() {
    return this.ask({ op: "trace" });
  }

  /** Takes new options and another host for the same session. @param {any} options */
  configure(options) {
    const host = member(options, "host") ?? this.otherHost;
    const message = { options: fit(() => copy(options), "ERR_INVALID_OPTION"), ...facts(host) };
    this.page.limitMs = this.ask({ ...message, op: "validate" });
    this.options = options;
    this.host = host;
    this.feed({ ...message, op: "configure" });
  }

  dispose() {
    probe(); // all of it, or nothing
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.isOver = !this.page.isOpen;
    if (this.page.isOpen) this.feed({ op: "dispose" });
    if (!this.isBusy) this.quit();
  }

  // It keeps nothing, since an app may hold its Auth for good. What goes on has the page that it began in: a refresh that is sent,
  // until core says that it is over, and what the storage was asked.
  quit() {
    this.refusal = disposed();
    this.refuse(this.refusal);
    this.listeners.end();
    this.view.clear();
    if (!this.isOver) return;
    this.module.lodgers.delete(this);
    this.page.close();
    this.page = Object.assign(new Page(this), { isOpen: false });
    this.keys.clear();
    this.options = undefined;
  }

  /** @param {unknown} key */
  getValue(key) {
    return this.view.get(/** @type {string} */ (key))?.value;
  }

  values() {
    return object([...this.view].flatMap(([key, { value }]) => [key, value]));
  }

  /** @param {unknown} event @param {unknown} listener */
  on(event, listener) {
    this.ask({ op: "event", event: textOf(event) });
    return this.listeners.add(/** @type {string} */ (event), listener);
  }

  /** @param {unknown} key @param {unknown} listener */
  watch(key, listener) {
    this.ask({ op: "key", key: keyOf(key) });
    return this.listeners.add(`value:${key}`, listener);
  }

  /** @param {string} topic @param {unknown} value */
  tell(topic, value) {
    // The first events come before `createAuth` has given anybody anything to listen to.
    this.listeners.tell(topic, value, !this.module.lodgers.has(this) && !topic.startsWith("value:"));
  }

  /** Settles a call. @param {{ call: number, value?: unknown, error?: any }} message */
  settle({ call, error, value }) {
    const waiting = this.calls.get(call);
    this.calls.delete(call);
    this.page.stay();
    waiting?.deaf?.();
    if (error) {
      // Core may not have heard of its request.
      waiting?.begun?.abort.abort();
      return waiting?.reject(Refusal.from(error));
    }
    // How long it holds is said at the end of the turn.
    if (waiting?.name === "accessToken") this.known.accessToken = { value, since: 0, until: 0 };
    waiting?.resolve(value);
  }

  /**
   * Hands an input in, and does all that is asked for; what comes meanwhile waits its turn.
   * @param {Message} message @param {boolean} [hasRoom] see Module.enter
   */
  feed(message, hasRoom) {
    this.inputs.push(message);
    if (this.isBusy) return;
    if (this.module.isInside && message.op !== "open") return this.later();
    this.isBusy = true;
    try {
      this.drain(hasRoom);
    } finally {
      this.isBusy = false;
    }
    if (this.isDisposed) this.quit();
  }

  /** @param {boolean} [hasRoom] */
  drain(hasRoom) {
    for (let room = hasRoom; this.taken < this.inputs.length; room = true) {
      const input = this.inputs[this.taken];
      const { page } = this;
      let effects;
      this.known = {};
      try {
        effects = this.module.enter({ ...input, session: this.number }, room);
      } catch (thrown) {
        if (input.op === "open") throw thrown;
        // The death of an instance has rejected for everybody who waited.
        if (!page.isOpen) return;
        // For want of stack an answer waits, as nobody would give it again.
        if (!this.calls.has(input.id) || input.op !== "call") return this.later();
        this.taken++;
        this.settle({ call: input.id, error: asRefusal(thrown) });
        continue;
      }
      this.taken++;
      given(effects);
      for (const effect of effects) {
        // What it leads to may be the end of the instance.
        if (page.isOpen || effect.op === "settle") perform(page, effect);
      }
    }
    [this.inputs, this.taken] = [[], 0];
  }

  /** Goes on in a task of its own. */
  later() {
    setTimeout(() => {
      try {
        if (this.taken < this.inputs.length) this.feed(/** @type {Message} */ (this.inputs.pop()));
      } catch {} // Who waits has been told why.
    });
  }
}
