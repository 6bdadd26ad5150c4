// A frontend script, run by the Sign out button.
const Doorkey = await import("https://cdn.jsdelivr.net/npm/doorkey@<version>/dist/doorkey.mjs");
return await Doorkey.logout();
