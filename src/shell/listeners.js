// @ts-check
// Who listens, by topic: an event, or `value:` and a key.

import { isFunction } from "./own.js";
import { disposed, Refusal } from "./refusal.js";

export class Listeners {
  constructor() {
    /** @type {Map<string, Set<{ listener: Function }>>} */
    this.topics = new Map();
    this.isOver = false;
  }

  /** Gives the function that ends it. @param {string} topic @param {unknown} listener */
  add(topic, listener) {
    if (!isFunction(listener)) throw new Refusal("ERR_INVALID_OPTION", "must be a function", { path: "fn" });
    if (this.isOver) throw disposed();
    const mine = { listener };
    const all = this.topics.get(topic) ?? new Set();
    this.topics.set(topic, all.add(mine));
    return () => void all.delete(mine);
  }

  /**
   * Tells those who listen now, in a task of their own; one that throws harms no other.
   * @param {string} topic @param {unknown} value @param {boolean} isEarly nobody can have come yet: it is for those of that task
   */
  tell(topic, value, isEarly) {
    const all = () => [...(this.topics.get(topic) ?? [])];
    const present = isEarly ? undefined : all();
    if (present && !present.length) return;
    setTimeout(() => {
      for (const mine of present ?? all()) {
        // It may have ended since, also by one before it.
        if (!this.topics.get(topic)?.has(mine)) continue;
        try {
          mine.listener(value);
        } catch (thrown) {
          setTimeout(() => {
            throw thrown;
          });
        }
      }
    });
  }

  /** Nobody is told any more, and nobody can listen. */
  end() {
    this.isOver = true;
    this.topics.clear();
  }
}
