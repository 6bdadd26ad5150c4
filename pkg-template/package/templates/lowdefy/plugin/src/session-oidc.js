// In place of session.js: people sign in at an OpenID provider, which must allow the address of your app by CORS.
import { createAuth, hosts, providers } from "doorkey";

/** The session, from within an action. Each action is given `methods` anew, and so the host is made anew. */
export const session = ({ methods, globals }) =>
  createAuth({
    host: hosts.lowdefy({ methods, globals }),
    provider: providers.oidc({ issuer: "https://id.example.com", clientId: "your-client-id" }),
    pages: { home: "dashboard", login: "login" },
    expose: { accessToken: "accesstoken" },
  });
