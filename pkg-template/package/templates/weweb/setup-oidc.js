// App triggers > On app load (before fetch collections) > Custom JavaScript, in place of setup.js: people sign in at an OpenID provider.
Doorkey.configure({
  // In place of the words: the ids of the variables, from their settings. Both are texts, with "Save in local storage" on.
  host: Doorkey.hosts.weweb(wwLib, { doorkey: "id-of-doorkey", accesstoken: "id-of-accesstoken" }),
  provider: Doorkey.providers.oidc({ issuer: "https://id.example.com", clientId: "your-client-id" }),
  pages: { home: "/dashboard", login: "/loginpage" },
  expose: { accessToken: "accesstoken" },
});
