import { tellBadInput } from "../lib/bad-input.mjs";

function make() {
  const localStorage = {
    values: {},
    setValue: async (key, value) => void (localStorage.values = { ...localStorage.values, [key]: value }),
  };
  return { localStorage, utils: { openPage: async () => {}, openApp: async () => {} }, queries: { orders: { trigger: async () => [1] } } };
}

tellBadInput("retool", {
  make,
  open: (hosts, given) => hosts.retool(given),
  uses: {
    "localStorage.setValue": (auth) => auth.storeValue("theme", "dark"),
    "utils.openPage": (auth) => auth.guard("login"),
    "queries.orders.trigger": (auth) => auth.run("orders"),
  },
  values: {
    utils: (auth) => auth.guard("login"),
    queries: (auth) => auth.run("orders"),
    "localStorage.values": (auth) => auth.storeValue("theme", "dark"),
  },
});
