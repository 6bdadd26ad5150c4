import { tellStory } from "../lib/story.mjs";
import { startBubble } from "./harness.mjs";

// An element's event tells nobody what came of it.
tellStory("bubble", startBubble, { missing: true });
