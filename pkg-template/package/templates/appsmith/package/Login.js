export default {
  // For a JS module in a package, beside the query modules sign_in (inputs: email, password), refreshAPI (refresh_token) and
  // revokeAPI (refresh_token, accessToken).
  setup: () => {
    Doorkey.configure({
      host: Doorkey.hosts.appsmith(),
      flows: {
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
      pages: { home: "Home", login: "LoginPage" },
      expose: { accessToken: "accesstoken" },
    });
  },

  signin: async ({ email, password }) => {
    this.setup();
    return Doorkey.signin({ email, password });
  },

  refreshAccessToken: async () => {
    this.setup();
    return Doorkey.refreshAccessToken();
  },

  logout: async () => {
    this.setup();
    return Doorkey.logout();
  },

  guard: async (page) => {
    this.setup();
    return Doorkey.guard(page);
  },
}
