import { tellStory } from "../lib/story.mjs";
import { startPlasmic } from "./harness.mjs";

tellStory("plasmic", startPlasmic, {
  missing: false,
  hands: { adapter: "Doorkey.hosts.plasmic({ push: platform.push })", query: "{ run: async (p) => p }", page: "/dashboard" },
});
