import { tellStory } from "../lib/story.mjs";
import { startDronaHq } from "./harness.mjs";

// UTILITY.NAVIGATE gives nothing back, also for a screen that is not there.
tellStory("dronahq", startDronaHq, {
  missing: true,
  evaluates: true,
  hands: { adapter: "Doorkey.hosts.dronahq(UTILITY)", query: '{ url: "/nothing", method: "POST" }', page: "dashboard" },
});
