import { tellRedirect } from "../lib/redirect.mjs";
import { startLowcoder } from "./harness.mjs";

// The sandbox shows neither the page's address nor its history; the address is Lowcoder's `url`.
tellRedirect("lowcoder", startLowcoder, {
  cleans: false,
  popup: false,
  changes: ({ config, template }, mode) => {
    const loginWith = template("lowcoder/loginWith.js");
    const [setup] = loginWith.split("\n");
    const scripts = Object.entries(config.scripts).map(([name, text]) => [name, text.replace(/^const Doorkey = .*$/m, setup)]);
    const headers = { Authorization: "{{authorization}}" };
    return {
      preload: mode(template("lowcoder/preload-oidc.js")),
      setup,
      scripts: { ...Object.fromEntries(scripts), loginWith },
      queries: {
        orders: config.queries.orders,
        doorkey_http: { method: "POST", url: "{{url}}", headers: { ...headers, "Content-Type": "{{contentType}}" }, json: "{{body}}" },
        doorkey_get: { url: "{{url}}", headers },
      },
    };
  },
});
