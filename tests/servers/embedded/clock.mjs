// @ts-check
/**
 * The server's clock. Importing this file replaces `Date` in this process, so it must be imported before anything that reads
 * the time. Timers are not touched: only what "now" means moves, as when a machine has slept or its clock is wrong.
 */

const RealDate = globalThis.Date;
let offsetMs = 0;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [shiftedNow()] : args, newTarget),
  apply: () => new RealDate(shiftedNow()).toString(),
  get: (target, key, receiver) => (key === "now" ? shiftedNow : Reflect.get(target, key, receiver)),
});

function shiftedNow() {
  return RealDate.now() + offsetMs;
}

/** Moves the clock by `ms` (negative: back), on top of earlier shifts. @param {number} ms */
export function shiftTime(ms) {
  offsetMs += ms;
}

/** Puts the clock back to the real time. */
export function resetTime() {
  offsetMs = 0;
}
