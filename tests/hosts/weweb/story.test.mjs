import { tellStory } from "../lib/story.mjs";
import { startWeWeb } from "./harness.mjs";

// WeWeb goes to any path; what is not there is its own error page.
tellStory("weweb", startWeWeb, { missing: true });
