// In place of the first lines of every block: people sign in at an OpenID provider.
const Doorkey = await ctx.importAsync("https://cdn.jsdelivr.net/npm/doorkey@<version>/dist/doorkey.mjs");
const server = "https://example.api.co";
Doorkey.configure({
  host: Doorkey.hosts.nocobase(ctx),
  provider: Doorkey.providers.oidc({ issuer: "https://id.example.com", clientId: "your-client-id" }),
  pages: { home: "/admin/Dashboard", login: "/admin/LoginPage" },
});
