// @ts-check
/** Runs in a page before its scripts: counts the timers that wait, and keeps the wasm's memory in view. */
export function count() {
  const timers = new Set();
  /** @type {WebAssembly.Memory[]} */
  const memories = [];
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  globalThis.setTimeout = /** @type {any} */ (
    (/** @type {any} */ run, /** @type {number} */ ms, /** @type {any[]} */ ...args) => {
      const id = set(() => {
        timers.delete(id);
        run(...args);
      }, ms);
      timers.add(id);
      return id;
    }
  );
  globalThis.clearTimeout = (id) => {
    timers.delete(id);
    clear(id);
  };
  const { Instance, instantiate, instantiateStreaming } = WebAssembly;
  const note = (/** @type {any} */ instance) => {
    for (const value of Object.values(instance.exports)) if (value instanceof WebAssembly.Memory) memories.push(value);
    return instance;
  };
  const noted = (/** @type {any} */ made) => note(made.instance ?? made) && made;
  WebAssembly.Instance = /** @type {any} */ (new Proxy(Instance, { construct: (target, args) => note(Reflect.construct(target, args)) }));
  WebAssembly.instantiate = /** @type {any} */ (async (/** @type {[any, any]} */ ...args) => noted(await instantiate(...args)));
  WebAssembly.instantiateStreaming = async (...args) => noted(await instantiateStreaming(...args));
  const counts = () => ({ timers: timers.size, wasmBytes: memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) });
  Object.assign(globalThis, { soak: counts });
}
