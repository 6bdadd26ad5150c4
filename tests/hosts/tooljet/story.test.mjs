import { tellStory } from "../lib/story.mjs";
import { startToolJet } from "./harness.mjs";

// ToolJet passes over a page that is not there, and tells nobody.
tellStory("tooljet", startToolJet, {
  missing: true,
  evaluates: true,
  hands: { adapter: "Doorkey.hosts.tooljet({ actions, queries })", query: '"sign_in"', page: "dashboard" },
});
