// @ts-check
// Flows to begin with. In the workbench https://auth.example.com is the embedded auth server.

import { SERVER } from "./flow.js";

const client = { client_id: "playground" };

export const EXAMPLES = [
  {
    name: "Form, request, variables",
    about:
      "Retool's guide to custom authentication: a form, a request to a server that echoes it, variables made of the answer, and a header on every later call.",
    document: {
      flows: {
        signin: [
          { form: { title: "Sign in" } },
          { request: { url: `${SERVER}/guide/post`, json: { email: "{{ form1.email }}", password: "{{ form1.password }}" } } },
          { define: { HTTP_BODY_MESSAGE: "Hello {{ http1.body.json.email }}" } },
          { define: { OAUTH2_TOKEN: "{{ base64(http1.body.json.password) }}" }, secret: true },
        ],
      },
      attach: { origins: [SERVER], headers: { Authorization: "Bearer OAUTH2_TOKEN", "X-Message": "HTTP_BODY_MESSAGE" } },
    },
  },
  {
    name: "Password grant",
    about:
      "OAuth's password grant, as the embedded server (a real OpenID provider) takes it: one request, and the tokens are found by their names.",
    document: {
      url: `${SERVER}/token`,
      form: {
        ...client,
        grant_type: "password",
        scope: "openid offline_access",
        username: "{{ inputs.email }}",
        password: "{{ inputs.password }}",
      },
    },
  },
  {
    name: "Sign in, refresh, revoke, check",
    about: "All four flows of a session. Choose which one to run: the others sign in first, since they need a session.",
    document: {
      flows: {
        signin: {
          url: `${SERVER}/token`,
          form: {
            ...client,
            grant_type: "password",
            scope: "openid offline_access",
            username: "{{ inputs.email }}",
            password: "{{ inputs.password }}",
          },
        },
        refresh: { url: `${SERVER}/token`, form: { ...client, grant_type: "refresh_token", refresh_token: "{{ session.refreshToken }}" } },
        revoke: {
          url: `${SERVER}/token/revocation`,
          headers: { Authorization: "" },
          form: { ...client, token: "{{ session.refreshToken }}", token_type_hint: "refresh_token" },
        },
        check: { url: `${SERVER}/api/me` },
      },
    },
  },
  {
    name: "Who am I",
    about: "Two requests: the second carries the token that the first has brought, and its answer decides which variables there are.",
    document: [
      {
        id: "login",
        request: {
          url: `${SERVER}/token`,
          form: {
            ...client,
            grant_type: "password",
            scope: "openid",
            username: "{{ trim(lower(inputs.email)) }}",
            password: "{{ inputs.password }}",
          },
        },
      },
      { id: "me", request: { url: `${SERVER}/api/me`, headers: { Authorization: "Bearer {{ login.body.access_token }}" } } },
      { define: { accessToken: "{{ login.body.access_token }}", expiresIn: "{{ login.body.expires_in }}", USER: "{{ me.body.name }}" } },
    ],
  },
  {
    name: "Sign in at the provider",
    about:
      "OAuth's code flow with PKCE: the page leaves for the embedded server, which asks who you are, and comes back with a code. Its metadata has the endpoints.",
    document: {
      issuer: SERVER,
      clientId: "app",
      flows: {
        signin: [{ authorize: { scope: "openid offline_access", params: { prompt: "consent" } } }],
        refresh: {
          url: "{{ metadata.token_endpoint }}",
          form: { grant_type: "refresh_token", client_id: "app", refresh_token: "{{ session.refreshToken }}" },
        },
        revoke: {
          url: "{{ metadata.revocation_endpoint }}",
          attach: false,
          form: { client_id: "app", token: "{{ session.refreshToken ?? session.accessToken }}" },
        },
        check: { url: `${SERVER}/api/me` },
      },
      attach: { origins: [SERVER] },
    },
  },
  {
    name: "Django simplejwt",
    about:
      "The three endpoints of djangorestframework-simplejwt. They are not on the embedded server, which answers 404: put your own address there.",
    document: {
      flows: {
        signin: { url: `${SERVER}/api/token/`, json: { username: "{{ inputs.email }}", password: "{{ inputs.password }}" } },
        refresh: { url: `${SERVER}/api/token/refresh/`, json: { refresh: "{{ session.refreshToken }}" } },
        revoke: { url: `${SERVER}/api/token/blacklist/`, json: { refresh: "{{ session.refreshToken }}" } },
      },
    },
  },
];

/** @param {any} document */
export const textOf = (document) => `${JSON.stringify(document, null, 2)}\n`;
