import { createAuth, hosts } from "doorkey";

// The server that signs people in. It must allow the address of your app by CORS.
const server = "https://example.api.co";

/** The session, from within an action. Each action is given `methods` anew, and so the host is made anew. */
export const session = ({ methods, globals }) =>
  createAuth({
    host: hosts.lowdefy({ methods, globals }),
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
    pages: { home: "dashboard", login: "login" },
    expose: { accessToken: "accesstoken" },
  });
