import { FLOWS, providerAt, SIGN_IN, tellRedirect } from "../lib/redirect.mjs";
import { startUiBakery } from "./harness.mjs";

tellRedirect("uibakery", startUiBakery, {
  changes: ({ config, server }, mode) => ({
    scripts: { setup: mode(config.scripts.setup.replace(FLOWS, providerAt(server.url))), loginWith: SIGN_IN },
  }),
});
