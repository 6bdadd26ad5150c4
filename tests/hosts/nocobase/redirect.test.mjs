import { tellRedirect } from "../lib/redirect.mjs";
import { startNocoBase } from "./harness.mjs";

tellRedirect("nocobase", startNocoBase, {
  changes: ({ config, template }, mode) => {
    const setup = mode(template("nocobase/first-lines-oidc.js"));
    const from = (text) => setup + text.slice(text.indexOf("// --"));
    const all = { ...config.scripts, loginWith: template("nocobase/loginWith.js") };
    return { setup, scripts: Object.fromEntries(Object.entries(all).map(([name, text]) => [name, from(text)])) };
  },
});
