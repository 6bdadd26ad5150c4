// Appsmith's functions as a script sees them: guarded in data fields, and answered by the page.

import { tree } from "./worker-tree.js";

const post = self.postMessage.bind(self);
const waiting = new Map();
let lastId = 0;

/** Asks the page and waits for its answer. */
export function request(body) {
  return new Promise((resolve) => {
    const messageId = `worker-${(lastId += 1)}`;
    post({ messageId, messageType: "REQUEST", body });
    waiting.set(messageId, resolve);
  });
}

/** Tells the page; what can't be cloned is lost, and only the console hears of it. */
export function ping(body) {
  try {
    post({ messageType: "DEFAULT", body });
  } catch (error) {
    console.error(error);
  }
}

export function answer(messageId, body) {
  post({ messageId, messageType: "RESPONSE", body });
}

export function settle(messageId, body) {
  const resolve = waiting.get(messageId);
  waiting.delete(messageId);
  resolve?.(body);
}

class ActionCalledInSyncFieldError extends Error {
  constructor(name) {
    super(`Please remove any direct/indirect references to ${name}() and try again. Data fields cannot execute framework actions.`);
    this.name = "";
  }
}

/** Throws when a data field is being evaluated. */
export function isDataFieldGuard(name) {
  if (!self.$isDataField) return;
  self.$isAsync = true;
  throw new ActionCalledInSyncFieldError(name);
}

function guarded(name, fn) {
  return (...args) => {
    isDataFieldGuard(name);
    return fn(...args);
  };
}

export function addFunction(name, fn) {
  Object.defineProperty(self, name, { value: guarded(name, fn), enumerable: false, writable: true, configurable: true });
}

/** Turns a description of a trigger into a function that has the page carry it out. A refusal is a plain object. */
function promisify(describe) {
  return async (...args) => {
    const { data, error } = await request({ method: "PROCESS_TRIGGER", data: { trigger: describe(...args) } });
    self.$isDataField = false;
    if (error) throw error;
    return data;
  };
}

let batch = [];

/** Store changes of one turn travel in one message, posted in a microtask. */
function emit(operation) {
  batch.push(operation);
  if (batch.length > 1) return;
  queueMicrotask(() => {
    const data = batch;
    batch = [];
    ping({ method: "PROCESS_STORE_UPDATES", data });
  });
}

/** Both places in which a script may look. */
const stores = () => [tree.appsmith, self.appsmith].filter(Boolean);

const storeFunctions = {
  async storeValue(key, value, persist = true) {
    for (const place of stores()) place.store[key] = value;
    emit({ type: "STORE_VALUE", payload: { key, value, persist } });
    return {};
  },
  async removeValue(key) {
    for (const place of stores()) delete place.store[key];
    emit({ type: "REMOVE_VALUE", payload: { key } });
    return {};
  },
  async clearStore() {
    for (const place of stores()) place.store = {};
    emit({ type: "CLEAR_STORE", payload: null });
    return {};
  },
};

const trigger = (type, payload) => promisify((...args) => ({ type, payload: payload(...args) }));

const triggers = {
  navigateTo: trigger("NAVIGATE_TO", (pageNameOrUrl, params, target = "SAME_WINDOW") => ({ pageNameOrUrl, params, target })),
  showAlert: trigger("SHOW_ALERT", (message, style) => ({ message, style })),
  showModal: trigger("SHOW_MODAL_BY_NAME", (modalName) => ({ modalName })),
  closeModal: trigger("CLOSE_MODAL", (modalName) => ({ modalName })),
  download: trigger("DOWNLOAD", (data, name, type) => ({ data, name, type })),
  copyToClipboard: trigger("COPY_TO_CLIPBOARD", (data) => ({ data })),
  postWindowMessage: trigger("POST_MESSAGE", (message, source, targetOrigin) => ({ message, source, targetOrigin })),
  resetWidget: trigger("RESET_WIDGET_META_RECURSIVE_BY_NAME", (widgetName, resetChildren = true) => ({ widgetName, resetChildren })),
  logoutUser: trigger("LOGOUT_USER_INIT", (redirectURL) => ({ redirectURL })),
};

export function addPlatformFunctions() {
  for (const [name, fn] of Object.entries({ ...storeFunctions, ...triggers })) addFunction(name, fn);
}

const isTrueObject = (value) => Object.prototype.toString.call(value) === "[object Object]";

/** `run` and `clear` of a query, as the evaluation context carries them. */
export function queryFunctions(name) {
  const start = promisify((onSuccessOrParams, onError, params = {}) => ({
    type: "RUN_PLUGIN_ACTION",
    payload: {
      actionId: name,
      params: isTrueObject(onSuccessOrParams) ? onSuccessOrParams : params,
      onSuccess: typeof onSuccessOrParams === "function" ? onSuccessOrParams.toString() : undefined,
      onError: typeof onError === "function" ? onError.toString() : undefined,
    },
  }));
  const run = async (onSuccessOrParams, onError, params) => {
    try {
      const response = await start(onSuccessOrParams, onError, params);
      const action = self[name];
      if (action) Object.assign(action, { data: response[0], responseMeta: response[2], isLoading: false });
      if (typeof onSuccessOrParams !== "function") return response[0];
      onSuccessOrParams(...response);
    } catch (error) {
      if (typeof onError !== "function") throw error;
      onError(error.message);
    }
    return undefined;
  };
  const clear = promisify(() => ({ type: "CLEAR_PLUGIN_ACTION", payload: { actionId: name } }));
  return { run: guarded(`${name}.run`, run), clear: guarded(`${name}.clear`, clear) };
}
