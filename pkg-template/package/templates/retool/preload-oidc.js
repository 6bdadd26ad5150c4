// Settings > Custom JavaScript, in place of preload.js: people sign in at an OpenID provider. Each query begins with the first
// line of loginWith.js.
window.setupDoorkey = (given) => {
  Doorkey.configure({
    host: Doorkey.hosts.retool(given),
    provider: Doorkey.providers.oidc({ issuer: "https://id.example.com", clientId: "your-client-id" }),
    // Pages of a multi-page app by name, or apps by UUID.
    pages: { home: "Dashboard", login: "LoginPage" },
    expose: { accessToken: "accesstoken" },
  });
};
