// App settings > JavaScript > Preloaded JavaScript, in place of preloaded.js: people sign in at an OpenID provider.
const setupDoorkey = ({ actions, queries }) => {
  Doorkey.configure({
    host: Doorkey.hosts.tooljet({ actions, queries }),
    provider: Doorkey.providers.oidc({ issuer: "https://id.example.com", clientId: "your-client-id" }),
    pages: { home: "dashboard", login: "loginpage" },
    expose: { accessToken: "accesstoken" },
  });
};
return { setupDoorkey };
