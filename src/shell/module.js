// @ts-check
// The way into the wasm: one message in, a list of messages out, and nothing of a page runs meanwhile. What comes out as an
// exception is a trap; nobody knows the state that it leaves behind, so the instance is dead, and a new one takes its place.

import { Refusal } from "./refusal.js";
import { decode, encode, Refs } from "./wire.js";

/** @typedef {{ op: string } & Record<string, any>} Message */
/** @typedef {(bytes: Uint8Array, now: number) => Uint8Array} Turn */
/** @typedef {{ died(refusal: Refusal): void, begin(): void }} Lodger what lives in the module and dies with it */

/** After this many traps within a minute there is no other try. */
const MOST_TRAPS = 3;
const MINUTE_MS = 60000;

/** Arguments enough to fill the stack that a turn may need; half of them are enough for a request without one. */
const FILLER = new Array(8192).fill(0);
export const HALF = FILLER.slice(4096);
const filled = (/** @type {unknown} */ first) => first;

/**
 * Throws where the stack is nearly full: in the page's own runaway recursion, it must run over before a frame of the module
 * is on it. That takes some microseconds, so it is done once on the way in from a page, and not where a promise or a turn
 * before this one was on the same stack.
 * @param {number[]} [filler] what fills it
 */
export function probe(filler = FILLER) {
  try {
    filled.apply(undefined, /** @type {any} */ (filler));
  } catch (cause) {
    throw new Refusal("ERR_NOT_READY", "there is no room left on the stack: this was called from the depths of a recursion", { cause });
  }
}

let last = 0;

/** The moment, whatever has been made of the page's clock. */
export function now() {
  let moment;
  try {
    moment = Date.now();
  } catch {}
  if (typeof moment === "number" && moment >= 0 && moment < 2 ** 53) last = moment;
  return last;
}

export class Module {
  /**
   * @param {Turn} turn the way into an instance
   * @param {(() => void) | undefined} [renew] makes another instance, or throws where that can't be at once
   * @param {() => Promise<() => void>} [renewLater] the same, in its time: gives what puts it in use
   */
  constructor(turn, renew, renewLater) {
    this.turn = turn;
    this.renew = renew;
    this.renewLater = renewLater;
    this.refs = new Refs();
    /** @type {Set<Lodger>} */
    this.lodgers = new Set();
    this.isInside = false;
    /** Why it is dead, while it is. @type {{ cause: unknown } | undefined} */
    this.death = undefined;
    /** @type {number[]} When it trapped, of late. */
    this.traps = [];
    this.isStopped = false;
    /** @type {Promise<void> | undefined} */
    this.reviving = undefined;
  }

  /**
   * Hands a message in, and gives what Rust wants done.
   * @param {Message} message @param {boolean} [hasRoom] whether the stack is known to have room @returns {Message[]}
   */
  enter(message, hasRoom) {
    if (this.isInside)
      throw new Refusal("ERR_NOT_READY", "doorkey was called by a function of the language that it was using itself: call it later");
    if (this.death) this.revive();
    const bytes = encode(message, this.refs);
    const moment = now();
    if (!hasRoom) probe();
    this.isInside = true;
    let answer;
    try {
      answer = this.turn(bytes, moment);
    } catch (thrown) {
      throw this.died(thrown);
    } finally {
      this.isInside = false;
    }
    return decode(answer, this.refs);
  }

  /** @param {unknown} cause */
  died(cause) {
    const moment = now();
    this.traps = [...this.traps, moment].filter((at) => Math.abs(moment - at) < MINUTE_MS);
    this.isStopped = !this.renew || this.traps.length >= MOST_TRAPS;
    this.death = { cause };
    this.refs.clear();
    const refusal = this.refusal();
    for (const lodger of this.lodgers) lodger.died(refusal);
    return refusal;
  }

  refusal() {
    const message = this.isStopped ? "doorkey has stopped: reload the page" : "doorkey had to start again: try once more";
    return new Refusal("ERR_NOT_READY", message, { cause: this.death?.cause });
  }

  /** Begins a new life at once, or throws. */
  revive() {
    if (this.isStopped) throw this.refusal();
    try {
      this.renew?.();
    } catch {
      throw this.refusal();
    }
    this.born();
  }

  /** Begins a new life, in its time, for all who wait for it; throws where there is none. */
  async revived() {
    this.reviving ??= this.reviveLater();
    try {
      await this.reviving;
    } finally {
      this.reviving = undefined;
    }
  }

  async reviveLater() {
    if (this.isStopped) throw this.refusal();
    let use = this.renew;
    try {
      use?.();
      use = undefined;
    } catch {
      // Some browsers instantiate nothing at once on the main thread.
      try {
        use = await this.renewLater?.();
      } catch (cause) {
        throw new Refusal("ERR_NOT_READY", "doorkey could not start again", { cause });
      }
    }
    // A call that takes no time may have come first.
    if (!this.death) return;
    use?.();
    this.born();
  }

  /** Opens everything again, from its storage. */
  born() {
    this.death = undefined;
    for (const lodger of this.lodgers) {
      if (!this.death) lodger.begin();
    }
    if (this.death) throw this.refusal();
  }
}
