// In place of the first lines of every block: people sign in at an OpenID provider.
const Doorkey = await ctx.importAsync("https://cdn.jsdelivr.net/npm/doorkey@<version>/dist/doorkey.mjs");
const server = "https://example.api.co";
Doorkey.configure({
  host: Doorkey.hosts.nocobase(ctx),
  provider: Doorkey.providers.oidc({ issuer: "https://id.example.com", clientId: "your-client-id" }),
  pages: { home: "/admin/Dashboard", login: "/admin/LoginPage" },
});
// -- JS action of the button "Sign in with …". It leaves for the provider, and is not waited for: a block ends after 5 seconds.
// guardLogin.js goes on when the page comes up again.
Doorkey.signin().catch(({ code }) => ({ ok: false, code })); // a refusal is shown by ctx.message
