// @ts-check
// Loads a module once and takes the time; runs in a page, and in a Node process of its own.

/** @type {Record<string, (url: string) => Promise<any>>} */
const LOADERS = {
  async module(url) {
    const module = await import(url);
    await module.ready;
    return module;
  },
  async slim(url) {
    const module = await import(url);
    await module.init();
    return module;
  },
  async script(url) {
    const script = document.createElement("script");
    script.src = url;
    await new Promise((resolve, reject) => {
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    const { Doorkey, Floor } = /** @type {any} */ (globalThis);
    const module = Doorkey ?? Floor;
    await module.ready;
    return module;
  },
};

/**
 * Milliseconds from asking for the module until it can be used (`ready`), and until it has answered a `status()` (`answered`).
 * @param {{ form: string, url: string, options: any }} what
 */
export async function start({ form, url, options }) {
  const begun = performance.now();
  const module = await LOADERS[form](url);
  const ready = performance.now() - begun;
  const { signedIn } = module.createAuth(options).status();
  const answered = performance.now() - begun;
  if (signedIn !== false) throw new Error(`${url} says signed in where nobody is`);
  return { ready, answered };
}
