// A frontend script, run before a runnable of your own that takes state.accesstoken.
const Doorkey = await import("https://cdn.jsdelivr.net/npm/doorkey@<version>/dist/doorkey.mjs");
return await Doorkey.refreshAccessToken();
