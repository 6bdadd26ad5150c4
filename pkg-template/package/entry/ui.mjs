// What pages with a DOM get beside the session. It holds no session, and so no wasm: it is given Auth objects.
export { DoorkeyButton } from "../ui/button.mjs";
export { DoorkeyForm } from "../ui/form.mjs";
export { signinPrompt } from "../ui/prompt.mjs";
