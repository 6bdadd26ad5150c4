export default {
  // Run on page load on every page that needs a session: true, or away to LoginPage.
  protectedPage: async () => {
    Auth.setup();
    return Doorkey.guard("protected");
  },

  // Run on page load on LoginPage: who is signed in goes on to Dashboard.
  loginPage: async () => {
    Auth.setup();
    return Doorkey.guard("login");
  },
}
