// App triggers > On app load (before fetch collections) > Custom JavaScript. Names your server, pages and variables.
Doorkey.configure({
  // In place of the words: the ids of the variables, from their settings. Both are texts, with "Save in local storage" on.
  host: Doorkey.hosts.weweb(wwLib, { doorkey: "id-of-doorkey", accesstoken: "id-of-accesstoken" }),
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
  pages: { home: "/dashboard", login: "/loginpage" },
  expose: { accessToken: "accesstoken" },
});
