// What a server renders with: the shipped templates, and nothing of a browser.

export { auth, loadOrders } from "doorkey-templates/plasmic/auth.js";

import "doorkey-templates/plasmic/register.js";

export const registered = globalThis.$$;
