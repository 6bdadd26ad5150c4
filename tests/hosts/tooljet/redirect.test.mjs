import { tellRedirect } from "../lib/redirect.mjs";
import { startToolJet } from "./harness.mjs";

tellRedirect("tooljet", startToolJet, {
  changes: ({ template }, mode) => ({
    preload: mode(template("tooljet/preloaded-oidc.js")),
    scripts: { loginWith: template("tooljet/loginWith.js") },
  }),
});
