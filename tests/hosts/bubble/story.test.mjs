import { tellStory } from "../lib/story.mjs";
import { startBubble } from "./harness.mjs";

// An element's event tells nobody what came of it.
tellStory("bubble", startBubble, {
  missing: true,
  hands: { adapter: "{ navigateTo: (page) => bubble_fn_goto(page) }", page: "dashboard" },
});
