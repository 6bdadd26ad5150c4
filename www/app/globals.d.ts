// What stands in the global scope of the files here, as in an app builder: main.js puts it there.

import type * as Package from "../../pkg-template/package/types/doorkey.js";
import type * as alerts from "../runtime/alerts.js";
import type { Input } from "../runtime/app.js";
import type * as queries from "../runtime/query.js";
import type * as router from "../runtime/router.js";
import type auth from "./Auth.js";
import type * as own from "./queries.js";
import type experiments from "./Try.js";

declare global {
  const Doorkey: typeof Package;
  const settings: { authUrl: string; user?: { email: string; password: string } };
  const currentPage: typeof router.currentPage;
  const pageParams: typeof router.pageParams;
  const navigateTo: typeof router.navigateTo;
  const showAlert: typeof alerts.showAlert;
  const query: typeof queries.query;
  const resetQueries: typeof queries.resetQueries;

  const Auth: typeof auth;
  const Try: typeof experiments;
  const getMe: typeof own.getMe;
  const getOrders: typeof own.getOrders;
  const inp_email: Input;
  const inp_password: Input;

  interface Window {
    /** For tests: what the playground has. */
    playground: { auth: Package.Auth };
    /** For tests: the editor of the workbench, and whether what is written was checked. */
    workbench: { editor: ReturnType<typeof import("../workbench/editor.mjs").createEditor>; isChecked(): boolean };
  }
}
