export default {
  // The same as Auth.js, without queries: doorkey calls the auth server itself, from the browser.
  // The server must allow your Appsmith address by CORS.
  setup: () => {
    const server = "https://example.api.co";
    Doorkey.configure({
      host: Doorkey.hosts.appsmith(),
      flows: {
        signin: {
          url: `${server}/auth/v1/token?grant_type=password`,
          json: { email: "{{ inputs.email }}", password: "{{ inputs.password }}" },
        },
        refresh: {
          url: `${server}/auth/v1/token?grant_type=refresh_token`,
          json: { refresh_token: "{{ session.refreshToken }}" },
        },
        revoke: { url: `${server}/auth/v1/logout`, json: { refresh_token: "{{ session.refreshToken }}" } },
      },
      pages: { home: "Dashboard", login: "LoginPage" },
      expose: { accessToken: "accesstoken" },
    });
  },

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

  logout: async () => {
    this.setup();
    return Doorkey.logout();
  },
}
