import { tellStory } from "../lib/story.mjs";
import { startLowcoder } from "./harness.mjs";

// Lowcoder opens whatever id it is given.
tellStory("lowcoder", startLowcoder, {
  missing: true,
  hands: { adapter: "Doorkey.hosts.lowcoder({ localStorage, utils, message })", query: "orders", page: "Dashboard" },
});
