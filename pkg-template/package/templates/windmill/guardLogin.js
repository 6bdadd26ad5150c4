// A frontend script, run on load of the login app, after setup: who is signed in goes on.
const Doorkey = await import("https://cdn.jsdelivr.net/npm/doorkey@<version>/dist/doorkey.mjs");
return await Doorkey.guard("login");
