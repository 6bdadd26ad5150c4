// The adapter by itself: failures, and builders that are missing, throw, hang or lie.

import { tellBadInput } from "../lib/bad-input.mjs";
import { pageShapes, testShapes } from "../lib/failure-shapes.mjs";

testShapes("plasmic", (hosts, run) => ({ run: hosts.plasmic().run, query: { run } }), pageShapes());

tellBadInput("plasmic", {
  make: () => ({ push: async () => true }),
  open: (hosts, given) => hosts.plasmic({ push: (path) => given.push(path) }),
  uses: { push: (auth) => auth.guard("login") },
});
