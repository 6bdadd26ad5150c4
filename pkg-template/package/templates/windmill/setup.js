// A frontend script, run on load, before all others. In place of <version>: an exact version, the same in every script.
// Names your server and the paths of your apps.
const Doorkey = await import("https://cdn.jsdelivr.net/npm/doorkey@<version>/dist/doorkey.mjs");
Doorkey.configure({
  host: Doorkey.hosts.windmill({ state, goto }),
  flows: {
    signin: {
      url: "https://example.api.co/auth/v1/token?grant_type=password",
      json: { email: "{{ inputs.email }}", password: "{{ inputs.password }}" },
    },
    refresh: {
      url: "https://example.api.co/auth/v1/token?grant_type=refresh_token",
      json: { refresh_token: "{{ session.refreshToken }}" },
    },
    revoke: { url: "https://example.api.co/auth/v1/logout", json: { refresh_token: "{{ session.refreshToken }}" } },
  },
  pages: { home: "/apps/get/u/ada/dashboard", login: "/apps/get/u/ada/loginpage" },
  expose: { accessToken: "accesstoken" },
});
// The state is empty after a reload.
if (await Doorkey.check()) state.accesstoken = await Doorkey.accessToken();
