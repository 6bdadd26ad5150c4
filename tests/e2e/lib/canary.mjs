// @ts-check
/** What a run with known secrets is searched by: they may be nowhere but where they must be. */

/** @typedef {"code" | "verifier" | "nonce" | "state" | "tokens" | "idTokens"} Kind */

/** What went over the wire of a sign-in elsewhere, by what it is: as the provider saw it, whatever a browser tells of it. */
export class Heard {
  /** @type {Record<Kind, string[]>} */
  secrets = { code: [], verifier: [], nonce: [], state: [], tokens: [], idTokens: [] };
  /** @type {{ url: string, referer: string }[]} */
  requests = [];

  /** @param {{ hear: Awaited<ReturnType<typeof import("../../servers/faulty.mjs").startFaulty>>["hear"] }} server */
  constructor(server) {
    server.hear((answer, { path, url, referer = "", body }) => {
      this.requests.push({ url, referer });
      const form = new URLSearchParams(body);
      this.#read(new URL(url).searchParams);
      this.#read(form);
      this.add("verifier", form.get("code_verifier"));
      if (answer.headers.location?.includes("state=")) this.#read(new URL(answer.headers.location, url).searchParams);
      if (path !== "/token" || !answer.headers["content-type"]?.includes("json")) return;
      const tokens = JSON.parse(answer.body);
      this.add("tokens", tokens.access_token, tokens.refresh_token);
      this.add("idTokens", tokens.id_token);
    });
  }

  /** @param {URLSearchParams} params */
  #read(params) {
    for (const kind of /** @type {const} */ (["state", "nonce", "code"])) this.add(kind, params.get(kind));
  }

  /** @param {Kind} kind @param {(string | null | undefined)[]} values */
  add(kind, ...values) {
    for (const value of values) if (value && !this.secrets[kind].includes(value)) this.secrets[kind].push(value);
  }

  /** All but those kinds. @param {Kind[]} kinds */
  without(...kinds) {
    return Object.entries(this.secrets).flatMap(([kind, values]) => (kinds.includes(/** @type {Kind} */ (kind)) ? [] : values));
  }

  /** How many of each kind there are. */
  counts() {
    return Object.fromEntries(Object.entries(this.secrets).map(([kind, { length }]) => [kind, length]));
  }
}

/** Runs before a page's scripts: remembers what tabs say to each other. */
export function overhear() {
  const heard = /** @type {string[]} */ ([]);
  Object.assign(globalThis, { overheard: heard });
  const { postMessage } = BroadcastChannel.prototype;
  BroadcastChannel.prototype.postMessage = function (message) {
    heard.push(JSON.stringify(message));
    postMessage.call(this, message);
  };
}

/** Runs in a page: all that its scripts, or the next page, can see. */
export const inPage = () => ({
  record: globalThis.kit.record,
  overheard: /** @type {any} */ (globalThis).overheard,
  session: [JSON.stringify(globalThis.auth), String(globalThis.auth), Object.keys(globalThis.auth).join()].join(),
  entries: performance.getEntries().map(({ name }) => name),
  history: JSON.stringify(history.state),
  document: document.documentElement.outerHTML,
  title: document.title,
  cookie: document.cookie,
  window: [window.name, location.href].join(),
  after: JSON.stringify({ ...localStorage, ...sessionStorage }),
});

/** Names each place that holds a secret. @param {Record<string, unknown>} places @param {string[]} secrets */
export function leaks(places, secrets) {
  return Object.entries(places).flatMap(([place, content]) => {
    const text = typeof content === "string" ? content : (JSON.stringify(content) ?? "");
    return secrets.filter((secret) => text.includes(secret)).map((secret) => `${place} holds ${secret.slice(0, 12)}…`);
  });
}
