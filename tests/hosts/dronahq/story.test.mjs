import { tellStory } from "../lib/story.mjs";
import { startDronaHq } from "./harness.mjs";

// UTILITY.NAVIGATE gives nothing back, also for a screen that is not there.
tellStory("dronahq", startDronaHq, { missing: true });
