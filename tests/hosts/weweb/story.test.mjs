import { tellStory } from "../lib/story.mjs";
import { startWeWeb } from "./harness.mjs";

// WeWeb goes to any path; what is not there is its own error page.
tellStory("weweb", startWeWeb, {
  missing: true,
  hands: {
    adapter: "Doorkey.hosts.weweb(wwLib)",
    query: '{ run: (p) => utilsFunctions.executeGlobalFunction["id-of-orders"](p) }',
    page: "/dashboard",
  },
});
