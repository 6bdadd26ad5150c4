// What Appsmith does to the worker's global scope before it loads any library, in its order.

import { setupDom } from "./worker-dom.js";
import { restoreContext } from "./worker-evaluate.js";
import { addFunction, addPlatformFunctions } from "./worker-platform.js";

const native = {
  setTimeout: self.setTimeout.bind(self),
  clearTimeout: self.clearTimeout.bind(self),
  setInterval: self.setInterval.bind(self),
  clearInterval: self.clearInterval.bind(self),
  fetch: self.fetch.bind(self),
};

export function setup() {
  self.$isDataField = false;
  for (const name of ["XMLHttpRequest", "setImmediate", "Navigator"]) self[name] = undefined;
  setupDom();
  overrideWebApis();
  addPlatformFunctions();
}

function overrideWebApis() {
  addFunction("setTimeout", (callback, delay, ...args) => native.setTimeout(inContext(callback), delay, ...args));
  addFunction("clearTimeout", native.clearTimeout);
  addFunction("setInterval", (callback, delay, ...args) => native.setInterval(inContext(callback), delay, ...args));
  addFunction("clearInterval", native.clearInterval);
  addFunction("fetch", (input, init) => native.fetch(new Request(input, { ...init, credentials: "omit" })));
  Object.defineProperty(self, "localStorage", {
    value: {
      getItem: (key) => (key in self.appsmith.store ? self.appsmith.store[key] : dig(self.appsmith.store, key)),
      setItem: (key, value) => self.storeValue(key, value),
      removeItem: (key) => self.removeValue(key),
      clear: () => self.clearStore(),
    },
    enumerable: false,
    writable: false,
    configurable: false,
  });
}

/** The facade reads by path: `user.name` digs. */
const dig = (value, path) => path.split(".").reduce((at, part) => at?.[part], value);

/** A timer's callback finds the entities of the page again, and is no data field. */
function inContext(callback) {
  return (...args) => {
    restoreContext();
    if (typeof callback === "function") callback(...args);
  };
}
