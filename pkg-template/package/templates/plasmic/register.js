// Imported where you initialise Plasmic (plasmic-init): pages of the Studio then call $$.auth.signin(…) and the like.
import { registerFunction } from "@plasmicapp/host";
import { auth, loadOrders } from "./auth.js";

const functions = {
  signin: [auth.signin, [{ name: "inputs", type: "object" }]],
  logout: [auth.logout, []],
  refreshAccessToken: [auth.refreshAccessToken, []],
  guard: [auth.guard, [{ name: "page", type: "string" }]],
  status: [auth.status, []],
  loadOrders: [loadOrders, []],
};
for (const [name, [fn, params]] of Object.entries(functions)) {
  registerFunction(fn, { name, namespace: "auth", params, importPath: "./auth" });
}
