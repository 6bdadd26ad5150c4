// UI Bakery without UI Bakery: see page.js. The library is a script in the app's custom code.

import { startPages } from "../lib/pages.mjs";

export const startUiBakery = () =>
  startPages("uibakery", ({ template, server }) => ({
    html: template("uibakery/head.html"),
    state: { accesstoken: "", signinError: "" },
    queries: { orders: { url: `${server.url}/api/orders`, headers: { Authorization: "Bearer {{state.accesstoken}}" } } },
  }));
