// The adapter by itself: failures, and builders that are missing, throw, hang or lie.

import { tellBadInput } from "../lib/bad-input.mjs";
import { pageShapes, testShapes } from "../lib/failure-shapes.mjs";
import { useStorage } from "../lib/memory.mjs";

useStorage();

testShapes(
  "uibakery",
  (hosts, run) => ({ run: hosts.uibakery({ actions: { orders: { trigger: run } } }).run, query: "orders" }),
  pageShapes(),
);

const make = () => {
  const state = { theme: "" };
  Object.defineProperty(state, "setValue", { value: (name, value) => void (state[name] = value), writable: true });
  return { state, actions: { goto: { trigger: async () => {} }, orders: { trigger: async () => [1] } } };
};

tellBadInput("uibakery", {
  make,
  open: (hosts, given) => hosts.uibakery(given),
  uses: {
    "state.setValue": (auth) => auth.storeValue("theme", "dark"),
    "actions.goto.trigger": (auth) => auth.guard("login"),
    "actions.orders.trigger": (auth) => auth.run("orders"),
  },
  values: { "actions.orders": (auth) => auth.run("orders"), "actions.goto": (auth) => auth.guard("login") },
});
