import { tellStory } from "../lib/story.mjs";
import { startRetool } from "./harness.mjs";

// Another tab's work is seen after a reload, since the frame shares nothing with that tab.
tellStory("retool", startRetool, {
  missing: true,
  otherTabs: false,
  evaluates: true,
  hands: { adapter: "Doorkey.hosts.retool({ localStorage, utils })", query: "sign_in", page: "Dashboard" },
});
