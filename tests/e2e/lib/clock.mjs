// @ts-check
/** A clock that a test can move, in the page. It moves `Date` and `performance`, never timers: that is what sleep looks like. */

/** Runs in the page before any of its scripts. */
export function installClock() {
  const RealDate = Date;
  const realNow = performance.now.bind(performance);
  const realOrigin = performance.timeOrigin;
  let wall = 0;
  let steady = 0;
  const now = () => RealDate.now() + wall;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  });
  performance.now = () => realNow() + steady;
  Object.defineProperty(performance, "timeOrigin", { get: () => realOrigin + wall - steady });
  const clock = {
    realNow: () => RealDate.now(),
    /** Time passes while nothing runs. */
    sleep(/** @type {number} */ ms) {
      wall += ms;
      steady += ms;
    },
    /** Somebody sets the device's clock: no time passes. */
    set(/** @type {number} */ ms) {
      wall += ms;
    },
  };
  globalThis.testClock = clock;
  return clock;
}

/** The moves so far, so that pages opened later in the same context agree. */
export class Clock {
  #context;

  /** @param {import("playwright-core").BrowserContext} context */
  constructor(context) {
    this.#context = context;
  }

  /** @param {import("playwright-core").BrowserContext} context */
  static async install(context) {
    await context.addInitScript(installClock);
    return new Clock(context);
  }

  /**
   * @param {"sleep" | "set"} how
   * @param {number} ms
   */
  async move(how, ms) {
    const script = `globalThis.testClock.${how}(${ms})`;
    await this.#context.addInitScript(script);
    const frames = this.#context.pages().flatMap((page) => page.frames());
    await Promise.all(frames.map((frame) => frame.evaluate(script)));
  }
}
