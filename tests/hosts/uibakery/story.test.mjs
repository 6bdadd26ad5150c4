import { tellStory } from "../lib/story.mjs";
import { startUiBakery } from "./harness.mjs";

tellStory("uibakery", startUiBakery, {
  missing: false,
  evaluates: true,
  hands: { adapter: "Doorkey.hosts.uibakery({ state, actions })", query: "actions.orders", page: "dashboard" },
});
