// @ts-check
/** What a browser adds to `fetch`: a jar of cookies for requests that are to carry them, and the page's view of it. */

/** By origin: the servers of a test all stand on one host. @type {Map<string, Map<string, { value: string, httpOnly: boolean, until: number }>>} */
const jar = new Map();

/** @param {string} origin */
export function cookiesOf(origin) {
  const cookies = [...(jar.get(origin) ?? [])].filter(([, { until }]) => until > Date.now());
  return cookies.map(([name, { value }]) => `${name}=${value}`).join("; ");
}

/** Keeps what an answer sets. @param {string} origin @param {Headers} headers */
export function keepCookies(origin, headers) {
  const cookies = jar.get(origin) ?? new Map();
  jar.set(origin, cookies);
  for (const line of headers.getSetCookie()) {
    const [pair, ...attributes] = line.split("; ");
    const [name] = pair.split("=", 1);
    const of = Object.fromEntries(attributes.map((text) => text.split("=")).map(([key, value = ""]) => [key.toLowerCase(), value]));
    const until = of["max-age"] ? Date.now() + Number(of["max-age"]) * 1000 : of.expires ? Date.parse(of.expires) : Infinity;
    cookies.set(name, { value: pair.slice(name.length + 1), httpOnly: "httponly" in of, until });
  }
}

/** As in a browser that was never there. @param {string} origin */
export const forgetCookies = (origin) => void jar.delete(origin);

/** Makes of this process a page as far as the contract needs one: its cookies where a caller of `fetch` wants them, its storage, its address. */
export function actAsPage() {
  const plain = globalThis.fetch;
  /** @type {typeof fetch} */
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (!request.headers.has("origin")) request.headers.set("origin", location.origin);
    if (request.credentials !== "include") return plain(request);
    const { origin } = new URL(request.url);
    const cookies = cookiesOf(origin);
    if (cookies) request.headers.set("cookie", cookies);
    const answer = await plain(request);
    keepCookies(origin, answer.headers);
    return answer;
  };
  const document = {
    get cookie() {
      const readable = [...jar.values()].flatMap((cookies) =>
        [...cookies].filter(([, { httpOnly, until }]) => !httpOnly && until > Date.now()),
      );
      return readable.map(([name, { value }]) => `${name}=${value}`).join("; ");
    },
  };
  Object.assign(globalThis, { Storage, sessionStorage: new Storage(), document, location: new URL("http://127.0.0.1/") });
}

/** That of one tab, which survives the way to a provider and back. */
class Storage {
  /** @type {Map<string, string>} */
  #items = new Map();
  get length() {
    return this.#items.size;
  }
  /** @param {number} at */
  key = (at) => [...this.#items.keys()][at] ?? null;
  /** @param {string} key */
  getItem = (key) => this.#items.get(key) ?? null;
  /** @param {string} key @param {string} text */
  setItem = (key, text) => void this.#items.set(key, text);
  /** @param {string} key */
  removeItem = (key) => void this.#items.delete(key);
}
