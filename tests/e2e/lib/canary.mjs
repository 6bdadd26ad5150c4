// @ts-check
/** What a run with known secrets is searched by: they may be nowhere but where they must be. */

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
