import { tellStory } from "../lib/story.mjs";
import { startUiBakery } from "./harness.mjs";

tellStory("uibakery", startUiBakery, { missing: false });
