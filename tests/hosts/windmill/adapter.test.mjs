// The adapter by itself: failures, and builders that are missing, throw, hang or lie.

import { tellBadInput } from "../lib/bad-input.mjs";
import { pageShapes, testShapes } from "../lib/failure-shapes.mjs";
import { useStorage } from "../lib/memory.mjs";

useStorage();

testShapes("windmill", (hosts, run) => ({ run: hosts.windmill().run, query: { run } }), pageShapes());

tellBadInput("windmill", {
  make: () => ({ state: {}, goto: () => {}, orders: { run: async () => [1] } }),
  open: (hosts, given) => hosts.windmill({ state: given.state, goto: (...args) => given.goto(...args) }),
  uses: { goto: (auth) => auth.guard("login") },
  values: { state: (auth) => auth.storeValue("theme", "dark") },
});
