import { FLOWS, providerAt, tellRedirect } from "../lib/redirect.mjs";
import { startPlasmic } from "./harness.mjs";

tellRedirect("plasmic", startPlasmic, {
  changes: async ({ files, gateway, server, source }, mode) => {
    const [flows] = FLOWS.exec(files.read("templates/plasmic/auth.js"));
    const body = await source({
      // The API is another server than the provider.
      [flows]: `${mode(providerAt(server.url, "providers.oidc"))}attach: { origins: ["${gateway.url}"] },\n`,
      "{ configure, hosts }": "{ configure, hosts, providers }",
    });
    return { body, scripts: { loginWith: "$$.auth.signin()" } };
  },
});
