// Preload > Script, of each app. Names your server and your apps; each query below begins with setupDoorkey.
window.setupDoorkey = (Doorkey, given) => {
  const server = "https://example.api.co";
  Doorkey.configure({
    host: Doorkey.hosts.lowcoder(given),
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
    // The ids of your apps, from their addresses.
    pages: { home: "Dashboard", login: "LoginPage" },
    expose: { accessToken: "accesstoken" },
  });
  return Doorkey;
};
