import { tellStory } from "../lib/story.mjs";
import { startNocoBase } from "./harness.mjs";

// Its router takes any path.
tellStory("nocobase", startNocoBase, {
  missing: true,
  hands: { adapter: "Doorkey.hosts.nocobase(ctx)", query: '"/nothing"', page: "/admin/Dashboard" },
});
