// For a full-code app (React or Svelte): "doorkey" stands in its package.json. Names your server and pages.
import { accessToken, configure, guard, hosts, logout, refreshAccessToken, run, signin } from "doorkey";
import { backend } from "./wmill.ts";

configure({
  host: hosts.windmill(),
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
  pages: { home: "#dashboard", login: "#loginpage" },
});

export { guard, logout, refreshAccessToken, signin };

/** `orders` is a backend runnable that takes the token and gives `{ status, body }` of its request. */
export const loadOrders = () =>
  run({
    run: async () => {
      const { status, body } = await backend.orders({ token: await accessToken() });
      if (status !== 200) throw { status, body };
      return body;
    },
  });
