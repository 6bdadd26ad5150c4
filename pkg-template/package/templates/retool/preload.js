// Settings > Custom JavaScript. Names your pages; each query below begins with setupDoorkey.
// No text here or there holds two braces in a row: Retool would fill them in.
window.setupDoorkey = (given) => {
  const host = Doorkey.hosts.retool(given);
  Doorkey.configure({
    host,
    flows: {
      signin: (inputs) => host.run("sign_in", inputs),
      refresh: (inputs) => host.run("refreshAPI", inputs),
      revoke: (inputs) => host.run("revokeAPI", inputs),
    },
    // Pages of a multi-page app by name, or apps by UUID.
    pages: { home: "Dashboard", login: "LoginPage" },
    expose: { accessToken: "accesstoken" },
  });
};
