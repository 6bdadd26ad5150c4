import { FLOWS, providerAt, tellRedirect } from "../lib/redirect.mjs";
import { startBubble } from "./harness.mjs";

// The host in the header has a navigateTo alone.
tellRedirect("bubble", startBubble, {
  popup: false,
  changes: ({ gateway, header, server }, mode) => ({
    // The API is another server than the provider.
    header: mode(header.replace(FLOWS, `${providerAt(server.url)}attach: { origins: ["${gateway.url}"] },\n`)),
    scripts: { loginWith: "auth.signin().catch(function (error) { return { ok: false, code: error.code }; });" },
  }),
});
