// JS code of the app's first action flow (on screen open). Names your server and screens.
Doorkey.configure({
  host: Doorkey.hosts.dronahq(UTILITY),
  flows: {
    signin: {
      url: "https://example.api.co/auth/v1/token?grant_type=password",
      json: { email: "{{ inputs.email }}", password: "{{ inputs.password }}" },
    },
    refresh: {
      url: "https://example.api.co/auth/v1/token?grant_type=refresh_token",
      json: { refresh_token: "{{ session.refreshToken }}" },
    },
    revoke: { url: "https://example.api.co/auth/v1/logout", json: { refresh_token: "{{ session.refreshToken }}" } },
  },
  pages: { home: "dashboard", login: "loginpage" }, // screens, by their ids
  expose: { accessToken: "accesstoken" },
});
