import { FLOWS, providerAt, SIGN_IN, tellRedirect } from "../lib/redirect.mjs";
import { startWindmill } from "./harness.mjs";

tellRedirect("windmill", startWindmill, {
  changes: ({ config, server }, mode) => ({
    scripts: {
      setup: mode(config.scripts.setup.replace(FLOWS, providerAt(server.url))),
      loginWith: `const Doorkey = await import("${config.library}"); ${SIGN_IN}`,
    },
  }),
});
