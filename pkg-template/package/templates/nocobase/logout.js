// The same in every block: what is set is kept by the library, which the page loads once.
const Doorkey = await ctx.importAsync("https://cdn.jsdelivr.net/npm/doorkey@<version>/dist/doorkey.mjs");
const server = "https://example.api.co";
Doorkey.configure({
  host: Doorkey.hosts.nocobase(ctx),
  flows: {
    signin: { url: `${server}/auth/v1/token?grant_type=password`, json: { email: "{{ inputs.email }}", password: "{{ inputs.password }}" } },
    refresh: { url: `${server}/auth/v1/token?grant_type=refresh_token`, json: { refresh_token: "{{ session.refreshToken }}" } },
    revoke: { url: `${server}/auth/v1/logout`, json: { refresh_token: "{{ session.refreshToken }}" } },
  },
  pages: { home: "/admin/Dashboard", login: "/admin/LoginPage" },
});
// -- JS action of the Sign out button.
return await Doorkey.logout();
