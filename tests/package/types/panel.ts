// What a user writes with doorkey/panel, and what a user must be told is wrong. Compiled against the packed types, never run.
import { createAuth, type Options } from "doorkey";
import { DoorkeyPanel } from "doorkey/panel";

const options: Options = { name: "shop" };
const panel = document.createElement("doorkey-panel");
panel satisfies DoorkeyPanel;
panel.auth = createAuth(options);
panel.options = options;
// @ts-expect-error
panel.auth = "shop";
// @ts-expect-error
panel.options = { nmae: "shop" };

for (const { about, level, text, write } of await panel.diagnose()) {
  text satisfies string;
  if (level === "fault" && about === "cors") console.log(write?.length);
  // @ts-expect-error
  if (level === "error") console.log(text);
}
