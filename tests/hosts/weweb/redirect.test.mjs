import { tellRedirect } from "../lib/redirect.mjs";
import { startWeWeb } from "./harness.mjs";

tellRedirect("weweb", startWeWeb, {
  changes: ({ config }, mode) => ({ scripts: { setup: mode(config.scripts["setup-oidc"]) } }),
});
