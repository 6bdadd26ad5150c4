// Preload > Script, of each app, in place of preload.js: people sign in at an OpenID provider. Each query begins with the first
// line of loginWith.js.
window.setupDoorkey = (Doorkey, given) => {
  Doorkey.configure({
    host: Doorkey.hosts.lowcoder(given),
    provider: Doorkey.providers.oidc({ issuer: "https://id.example.com", clientId: "your-client-id" }),
    // The ids of your apps, from their addresses.
    pages: { home: "Dashboard", login: "LoginPage" },
    expose: { accessToken: "accesstoken" },
  });
  return Doorkey;
};
