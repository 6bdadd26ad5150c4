import { tellRedirect } from "../lib/redirect.mjs";
import { startRetool } from "./harness.mjs";

// The frame has no storage of any kind, and no address: what is kept is in Retool's store, and the address is Retool's `url`.
tellRedirect("retool", startRetool, {
  cleans: false,
  popup: false,
  changes: ({ config, template }, mode) => {
    const loginWith = template("retool/loginWith.js");
    const [setup] = loginWith.split("\n");
    const scripts = Object.fromEntries(
      Object.entries(config.scripts).map(([name, text]) => [name, text.replace(/^setupDoorkey.*$/m, setup)]),
    );
    return {
      preload: mode(template("retool/preload-oidc.js")),
      setup,
      scripts: { ...scripts, loginWith },
      queries: {
        orders: config.queries.orders,
        doorkey_http: {
          method: "{{ method }}",
          url: "{{ url }}",
          headers: { Authorization: "{{ authorization }}", "Content-Type": "{{ contentType }}" },
          json: "{{ body }}",
        },
      },
    };
  },
});
