import { tellBadInput } from "../../lib/bad-input.mjs";

function make() {
  const kept = new Map();
  const global = {};
  const localStorage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => void kept.set(key, text),
    removeItem: (key) => void kept.delete(key),
  };
  const methods = {
    getGlobal: (key) => global[key] ?? null,
    setGlobal: (values) => void Object.assign(global, values),
    link: () => {},
    request: async (ids) => ids.map(() => [1]),
    displayMessage: () => {},
  };
  return { methods, globals: { window: { localStorage } } };
}

tellBadInput("lowdefy", {
  make,
  open: (hosts, given) => hosts.lowdefy(given),
  uses: {
    "methods.setGlobal": (auth) => auth.storeValue("theme", "dark"),
    "methods.link": (auth) => auth.guard("login"),
    "methods.request": (auth) => auth.run("orders"),
    "globals.window.localStorage.setItem": (auth) => auth.storeValue("theme", "dark"),
  },
  values: {
    methods: (auth) => auth.guard("login"),
    globals: (auth) => auth.storeValue("theme", "dark"),
  },
});
