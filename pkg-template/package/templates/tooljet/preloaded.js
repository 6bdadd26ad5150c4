// App settings > JavaScript > Preloaded JavaScript. Names your queries and pages; each query below begins with setupDoorkey.
const setupDoorkey = ({ actions, queries }) => {
  const host = Doorkey.hosts.tooljet({ actions, queries });
  Doorkey.configure({
    host,
    flows: {
      signin: (inputs) => host.run("sign_in", inputs),
      refresh: (inputs) => host.run("refreshAPI", inputs),
      revoke: (inputs) => host.run("revokeAPI", inputs),
    },
    pages: { home: "dashboard", login: "loginpage" },
    expose: { accessToken: "accesstoken" },
  });
};
return { setupDoorkey };
