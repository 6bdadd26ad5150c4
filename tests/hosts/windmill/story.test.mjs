import { tellStory } from "../lib/story.mjs";
import { startWindmill } from "./harness.mjs";

// The story's page that is not there is a path beside the app's: Windmill goes there, and leaves the app.
tellStory("windmill", startWindmill, {
  missing: true,
  hands: { adapter: "Doorkey.hosts.windmill({ state, goto })", query: "{ run: async (p) => p }", page: "/apps/get/u/ada/dashboard" },
});
