export default {
  // The same as Auth.js, without queries: people sign in at an OpenID provider, which doorkey asks from the browser.
  // The provider must know your page's address, and allow your Appsmith address by CORS.
  setup: () => {
    Doorkey.configure({
      host: Doorkey.hosts.appsmith(),
      provider: Doorkey.providers.oidc({ issuer: "https://id.example.com", clientId: "your-client-id" }),
      pages: { home: "Dashboard", login: "LoginPage" },
      expose: { accessToken: "accesstoken" },
    });
  },

  // onClick of the button "Sign in with …". It leaves for the provider; Guard.loginPage goes on when the page comes up again.
  signin: async () => {
    this.setup();
    return Doorkey.signin().catch((error) => ({ ok: false, code: error.code }));
  },

  refreshAccessToken: async () => {
    this.setup();
    return Doorkey.refreshAccessToken();
  },

  logout: async () => {
    this.setup();
    return Doorkey.logout();
  },
}
