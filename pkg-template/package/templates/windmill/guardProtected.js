// A frontend script, run on load of every app that needs a session, after setup: true, or away to the login app.
const Doorkey = await import("https://cdn.jsdelivr.net/npm/doorkey@<version>/dist/doorkey.mjs");
return await Doorkey.guard("protected");
