export default {
  // Names your queries and pages. Every function below begins with it, because a reload forgets what it set.
  setup: () => {
    Doorkey.configure({
      host: Doorkey.hosts.appsmith(),
      flows: {
        // Each query gives the answer; clearing it afterwards leaves no token in its data.
        signin: [
          { query: "sign_in", params: "{{ inputs }}" },
          { script: async ({ query1 }) => { await sign_in.clear(); return query1; } },
        ],
        refresh: [
          { query: "refreshAPI", params: "{{ inputs }}" },
          { script: async ({ query1 }) => { await refreshAPI.clear(); return query1; } },
        ],
        revoke: [{ query: "revokeAPI", params: "{{ inputs }}" }],
      },
      pages: { home: "Dashboard", login: "LoginPage" },
      expose: { accessToken: "accesstoken" },
    });
  },

  // onClick of the Login button. doorkey shows a refusal, in the words of the server.
  signin: async () => {
    this.setup();
    const inputs = { email: inp_username.text, password: inp_password.text };
    await resetWidget("inp_password");
    return Doorkey.signin(inputs).catch((error) => ({ ok: false, code: error.code }));
  },

  refreshAccessToken: async () => {
    this.setup();
    return Doorkey.refreshAccessToken();
  },

  // onClick of the Sign out button.
  logout: async () => {
    this.setup();
    return Doorkey.logout();
  },
}
