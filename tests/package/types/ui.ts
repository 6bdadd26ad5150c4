// What a user writes with doorkey/ui, and what a user must be told is wrong. Compiled against the packed types, never run.
import * as doorkey from "doorkey";
import { createAuth, hosts } from "doorkey";
import { DoorkeyForm, signinPrompt } from "doorkey/ui";

const [shop, stock] = [createAuth({ name: "shop" }), createAuth({ name: "stock", host: hosts.browser() })];

// --- Asking

const values = await DoorkeyForm.ask({
  title: "Your code",
  error: "That was an old one.",
  fields: [
    { name: "code", type: "one-time-code", required: true, help: "Six digits.", error: "Too old." },
    { name: "region", type: "select", options: ["eu", { value: "us", label: "United States" }] },
  ],
});
if (values) values["code"] satisfies string;
await DoorkeyForm.ask({}, shop);
DoorkeyForm.done(shop);

// @ts-expect-error
await DoorkeyForm.ask({ fields: [{ name: "code", type: "pin" }] });
// @ts-expect-error a field has a name
await DoorkeyForm.ask({ fields: [{ label: "Code" }] });

// --- Elements

const button = document.querySelector("doorkey-button");
if (button) {
  button.auth = shop;
  button.auth = doorkey;
  // @ts-expect-error
  button.auth = "shop";
}
document.createElement("doorkey-form") satisfies HTMLElement;

// --- Several sessions

const { ok, results } = await signinPrompt([{ auth: shop, label: "Shop" }, stock], {
  title: "Your data",
  onEnd: true,
  signal: AbortSignal.timeout(1000),
});
ok satisfies boolean;
results.map(({ label, error }) => [label, error]);
await signinPrompt([shop], { silent: true });
// @ts-expect-error
await signinPrompt(shop);
// @ts-expect-error
await signinPrompt([shop], { quiet: true });
