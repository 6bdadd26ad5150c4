import { FLOWS, providerAt, SIGN_IN, tellRedirect } from "../lib/redirect.mjs";
import { startDronaHq } from "./harness.mjs";

tellRedirect("dronahq", startDronaHq, {
  changes: ({ config, server }, mode) => ({
    scripts: { setup: mode(config.scripts.setup.replace(FLOWS, providerAt(server.url))), loginWith: SIGN_IN },
  }),
});
