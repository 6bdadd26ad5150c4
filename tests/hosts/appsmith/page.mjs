// Appsmith's page, as far as a library can feel it: the store and its persistence, pages, alerts, queries.
// Runs in the browser; harness.mjs drives it through `window.appsmithPage`.

const waiting = new Map();
/** Every message of the worker in the order of its arrival, and what the page showed. */
const log = [];
let config;
let worker;
let store = {};
let told = {};
let currentPage;
let lastId = 0;

const record = (entry) => log.push({ n: log.length, at: Date.now(), ...entry });
const storeKey = () => `APPSMITH_LOCAL_STORE-${config.id}${config.branch ? `-${config.branch}` : ""}`;
const toast = (kind, message) => record({ method: "TOAST", kind, message });

/** Starts the app: worker, libraries, store, page, on-page-load functions; in that order. */
async function boot(given) {
  config = given;
  worker = new Worker("/evaluation.worker.js", { name: "evalWorker" });
  worker.addEventListener("message", ({ data }) => receive(data));
  await send("SETUP");
  const loaded = await send("LOAD_LIBRARIES", config.libraries);
  if (!loaded.success) {
    if (config.mode === "VIEW") return { ok: false, message: loaded.message };
    toast("warning", loaded.message.split(": ").slice(1).join(""));
  }
  store = readPersisted();
  told = structuredClone(store);
  await openPage(location.pathname.split("/")[3] || config.home, structuredClone(store));
  return { ok: true };
}

function readPersisted() {
  try {
    return JSON.parse(localStorage.getItem(storeKey()) ?? "{}");
  } catch {
    return {};
  }
}

/** Sends a request to the worker. */
function send(method, data) {
  return new Promise((resolve, reject) => {
    const messageId = `page-${(lastId += 1)}`;
    waiting.set(messageId, ({ data: result, error }) => (error === undefined ? resolve(result) : reject(new Error(error))));
    worker.postMessage({ messageId, messageType: "REQUEST", body: { method, data } });
  });
}

async function receive({ messageId, messageType, body }) {
  if (messageType === "RESPONSE") {
    waiting.get(messageId)?.(body);
    waiting.delete(messageId);
    return;
  }
  const { method, data } = body;
  record({ method, type: data?.trigger?.type, payload: structuredClone(data?.trigger?.payload ?? data) });
  if (method === "PROCESS_STORE_UPDATES") applyStore(data);
  if (messageType !== "REQUEST") return;
  const answer = await carryOut(data.trigger).then(
    (result) => ({ data: result }),
    (error) => ({ error: { message: "told" in error ? error.told : error.message } }),
  );
  worker.postMessage({ messageId, messageType: "RESPONSE", body: answer });
}

function applyStore(operations) {
  const persisted = readPersisted();
  for (const { type, payload } of operations) {
    if (type === "CLEAR_STORE") {
      for (const each of [store, persisted]) for (const key of Object.keys(each)) delete each[key];
    } else if (type === "REMOVE_VALUE") {
      delete store[payload.key];
      delete persisted[payload.key];
    } else {
      store[payload.key] = payload.value;
      if (payload.persist) persisted[payload.key] = payload.value;
    }
  }
  try {
    localStorage.setItem(storeKey(), JSON.stringify(persisted));
  } catch (error) {
    toast("error", error.message);
  }
  setTimeout(tellStore, config.storeLagMs ?? 0);
}

/** The tree's next update: the worker learns what differs from the last one. */
function tellStore() {
  const differs = (key) => JSON.stringify(store[key]) !== JSON.stringify(told[key]);
  const changed = Object.fromEntries(Object.entries(store).filter(([key]) => differs(key)));
  const removed = Object.keys(told).filter((key) => !(key in store));
  told = { ...store };
  if (Object.keys(changed).length || removed.length) send("UPDATE_STORE", { changed, removed });
}

class TriggerFailure extends Error {
  /** @param {unknown} told what the script finds as `message`: a text, or the body of an answer */
  constructor(told) {
    super(String(told));
    this.told = told;
  }
}

const triggers = {
  NAVIGATE_TO: ({ pageNameOrUrl, params, target }) => navigate(pageNameOrUrl, params ?? {}, target),
  SHOW_ALERT: ({ message, style }) => {
    if (typeof message !== "string") throw new TriggerFailure(`showAlert expects a string, not ${typeof message}`);
    if (style && !["info", "success", "warning", "error"].includes(style)) {
      throw new TriggerFailure("Toast type needs to be a one of success, info, warning, error");
    }
    toast(style, message);
  },
  RUN_PLUGIN_ACTION: runQuery,
  CLEAR_PLUGIN_ACTION: ({ actionId }) =>
    send("UPDATE_ENTITY", { name: actionId, values: { data: undefined, responseMeta: {} } }).then(() => undefined),
  RESET_WIDGET_META_RECURSIVE_BY_NAME: async ({ widgetName }) => {
    if (!config.pages[currentPage].widgets?.[widgetName]) throw new TriggerFailure(`Widget ${widgetName} could not be found.`);
    await send("UPDATE_ENTITY", { name: widgetName, values: { text: "" } });
  },
  LOGOUT_USER_INIT: () => localStorage.clear(),
};

async function carryOut({ type, payload }) {
  return triggers[type]?.(payload);
}

async function navigate(target, params, how) {
  const query = new URLSearchParams(params).toString();
  const suffix = query ? `?${query}` : "";
  if (config.pages[target]) {
    const path = `/app/${config.id}/${target}${suffix}`;
    if (how === "NEW_WINDOW") return record({ method: "WINDOW_OPEN", url: path });
    history.pushState(null, "", path);
    setTimeout(openPage, 0, target);
    return undefined;
  }
  if (!/^(https?:\/\/)?[\w-]+(\.[\w-]+)+/.test(target)) throw new TriggerFailure("Enter a valid URL or page name");
  const url = `${/^https?:/.test(target) ? "" : "https://"}${target}${suffix}`;
  record({ method: "LOCATION_ASSIGN", url });
  if (/^https?:/.test(target)) location.assign(url);
  return undefined;
}

/** Shows a page: its own entities, the same worker, then its on-page-load sets, one after the other. */
async function openPage(name, hydrated) {
  currentPage = name;
  const page = config.pages[name];
  record({ method: "PAGE", payload: name });
  await send("SET_TREE", {
    appsmith: {
      store: hydrated,
      mode: config.mode,
      URL: {
        fullPath: location.href,
        host: location.host,
        pathname: location.pathname,
        queryParams: Object.fromEntries(new URLSearchParams(location.search)),
      },
    },
    ...structuredClone(page.entities),
  });
  for (const set of page.onLoad ?? []) {
    await Promise.all(set.map((member) => trigger(page.entities[member]?.type === "QUERY" ? `${member}.run()` : `${member}()`)));
  }
}

async function trigger(script) {
  const outcome = await send("EVAL_TRIGGER", script);
  for (const { name, message } of outcome.errors) toast("error", `${name}: ${message}`);
  return outcome;
}

async function runQuery({ actionId: name, params, onError }) {
  if (params !== null && (typeof params !== "object" || Array.isArray(params)))
    throw new TriggerFailure("RUN_PLUGIN_ACTION params should be an OBJECT");
  const query = config.pages[currentPage].entities[name];
  if (!query) throw new TriggerFailure(`Action not found for id - ${name}`);
  const plain = JSON.parse(JSON.stringify(params ?? {}));
  const texts = await send("EVAL_QUERY", { texts: query.texts, params: plain, inputs: query.inputs ?? {} });
  // The page of a tab that is gone answers nobody.
  const answer = await window.executeQuery({ name, texts, params: plain });
  if (answer.thrown) throw new TriggerFailure(answer.thrown);
  const { body, isExecutionSuccess, statusCode, headers } = answer;
  const responseMeta = { isExecutionSuccess, statusCode, headers };
  if (isExecutionSuccess) return [body, params, responseMeta];
  const meta = () => send("UPDATE_ENTITY", { name, values: { responseMeta } });
  await send("UPDATE_ENTITY", { name, values: { data: body } });
  if (config.variant === "C") await meta();
  else setTimeout(meta, 20);
  throw new TriggerFailure(config.variant === "C" || (config.variant === "B" && onError) ? body : `${name} failed to execute`);
}

addEventListener("popstate", () => openPage(location.pathname.split("/")[3]));

window.appsmithPage = {
  boot,
  send,
  trigger,
  log: () => log,
  page: () => currentPage,
  /** Editing a widget by hand. */
  type: (name, text) => send("UPDATE_ENTITY", { name, values: { text } }),
  /** What the editor does when another environment is chosen. */
  switchEnvironment: () => applyStore([{ type: "CLEAR_STORE" }]),
};
