import { tellStory } from "../lib/story.mjs";
import { startPlasmic } from "./harness.mjs";

tellStory("plasmic", startPlasmic, { missing: false });
