// The frame in which Retool runs an app's JavaScript: another origin, sandboxed, so that it has no storage, cookies or locks.
// What the code gets of Retool are messages to the page.

const waiting = new Map();
let last = 0;

function ask(method, ...args) {
  return new Promise((resolve, reject) => {
    waiting.set((last += 1), { resolve, reject });
    parent.postMessage({ ask: last, method, args }, "*");
  });
}

/** What Retool's names are while one query runs: `values` and `data` stay as they were at its start. */
function scopeOf({ values, url, inputs, queries }) {
  const method =
    (name) =>
    (...args) =>
      ask(name, ...args);
  const query = (name, state) => ({ ...state, trigger: ({ additionalScope } = {}) => ask("trigger", name, additionalScope ?? {}) });
  return {
    localStorage: { values, setValue: method("setValue"), clear: method("clear") },
    utils: Object.fromEntries(
      ["openApp", "openPage", "openUrl", "setUrlParameters", "showNotification"].map((name) => [name, method(name)]),
    ),
    url,
    retoolContext: { appUuid: "3b4f2d1a-0c5e-4f6a-9b7d-8e1f2a3b4c5d" },
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, { value }])),
    ...Object.fromEntries(Object.entries(queries).map(([name, state]) => [name, query(name, state)])),
  };
}

const AsyncFunction = (async () => {}).constructor;

async function load({ libraries, preload }) {
  for (const src of libraries) {
    await new Promise((done) =>
      document.head.append(Object.assign(document.createElement("script"), { src, onload: done, onerror: done })),
    );
  }
  if (preload) document.head.append(Object.assign(document.createElement("script"), { textContent: preload }));
}

const tasks = {
  load,
  run: ({ code, scope }) => {
    const given = scopeOf(scope);
    return new AsyncFunction(...Object.keys(given), code)(...Object.values(given));
  },
};

addEventListener("message", async ({ source, data }) => {
  if (source !== parent) return;
  if (data.answer) {
    const { resolve, reject } = waiting.get(data.answer);
    waiting.delete(data.answer);
    if ("thrown" in data) reject(data.isError ? new Error(data.thrown) : data.thrown);
    else resolve(data.result);
    return;
  }
  try {
    parent.postMessage({ done: data.task, result: await tasks[data.kind](data) }, "*");
  } catch (error) {
    const { name, code, status, message = String(error) } = error ?? {};
    parent.postMessage({ done: data.task, error: { name, code, status, message } }, "*");
  }
});
parent.postMessage({ ready: true }, "*");
