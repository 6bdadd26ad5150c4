import { tellBadInput } from "../lib/bad-input.mjs";

// The page's storage, which ToolJet's scripts have.
const kept = new Map();
Object.defineProperty(globalThis, "localStorage", {
  value: {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => void kept.set(key, text),
    removeItem: (key) => void kept.delete(key),
  },
});

tellBadInput("tooljet", {
  make: () => ({
    actions: { setVariable: async () => {}, unSetVariable: async () => {}, switchPage: async () => {}, showAlert: async () => {} },
    queries: { orders: { run: async () => ({ status: "ok", data: [1] }) } },
  }),
  open: (hosts, given) => hosts.tooljet(given),
  uses: {
    "actions.setVariable": (auth) => auth.storeValue("theme", "dark"),
    "actions.unSetVariable": (auth) => auth.storeValue("theme", "dark").then(() => auth.removeValue("theme")),
    "actions.switchPage": (auth) => auth.guard("login"),
    "queries.orders.run": (auth) => auth.run("orders"),
    "queries.orders": (auth) => auth.run("orders"),
  },
  values: { actions: (auth) => auth.storeValue("theme", "dark"), queries: (auth) => auth.run("orders") },
});
