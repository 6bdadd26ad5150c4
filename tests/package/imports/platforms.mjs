// @ts-check
// As frameworks.mjs, of platforms.
import { jwt } from "../providers/lib.mjs";

/** @typedef {import("./frameworks.mjs").Import} Import */

const access = jwt({ sub: "7", iat: 1_790_000_000, exp: 1_790_003_600 });
const renewed = jwt({ sub: "7", iat: 1_790_003_600, exp: 1_790_007_200 });
const email = "ada@example.com";
const password = "secret-pass-1";
const anon = jwt({ iss: "supabase", role: "anon", iat: 1, exp: 2_000_000_000 });
const oauth = {
  access_token: access,
  expires_in: 300,
  refresh_expires_in: 1800,
  refresh_token: "rt-0123456789abcdef",
  token_type: "Bearer",
};

/** @type {Record<string, Import>} */
export const PLATFORMS = {
  Supabase: {
    given: `curl -X POST 'https://abcdefghij.supabase.co/auth/v1/token?grant_type=password' \\
-H "apikey: ${anon}" \\
-H "Content-Type: application/json" \\
-d '{
  "email": "someone@email.example",
  "password": "JpgSLxzMzcPXCDfBHqsb"
}'
{"access_token":"${access}","token_type":"bearer","expires_in":3600,"expires_at":1790003600,"refresh_token":"7yT1OaWKq0x9kA","user":{"id":"7","email":"someone@email.example"}}`,
    answers: {
      "POST https://abcdefghij.supabase.co/auth/v1/token refresh": { access_token: renewed, expires_in: 3600, refresh_token: "next" },
    },
    asked: {
      signin: [
        {
          to: "POST https://abcdefghij.supabase.co/auth/v1/token",
          query: { grant_type: "password" },
          json: { email, password },
          headers: { apikey: anon },
        },
      ],
      refresh: [
        {
          to: "POST https://abcdefghij.supabase.co/auth/v1/token",
          query: { grant_type: "refresh_token" },
          json: { refresh_token: "7yT1OaWKq0x9kA" },
          headers: { apikey: anon },
        },
      ],
    },
    token: access,
    headers: { Authorization: `Bearer ${access}`, apikey: anon },
    lives: 3600,
  },
  Firebase: {
    given: `curl 'https://identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=AIzaSyExample0123456789' \\
-H 'Content-Type: application/json' \\
--data-binary '{"email":"[user@example.com]","password":"[PASSWORD]","returnSecureToken":true}'
{
  "localId": "ZY1rJK0eYLg...",
  "email": "[user@example.com]",
  "displayName": "",
  "idToken": "${access}",
  "registered": true,
  "refreshToken": "AMf-vBxExampleRefresh",
  "expiresIn": "3600"
}
curl 'https://securetoken.googleapis.com/v1/token?key=AIzaSyExample0123456789' \\
-H 'Content-Type: application/x-www-form-urlencoded' \\
--data 'grant_type=refresh_token&refresh_token=[REFRESH_TOKEN]'
{ "expires_in": "3600", "token_type": "Bearer", "refresh_token": "AMf-next", "id_token": "${renewed}", "access_token": "${renewed}", "user_id": "7", "project_id": "1" }`,
    asked: {
      signin: [
        {
          to: "POST https://identitytoolkit.googleapis.com/v1/accounts:signInWithPassword",
          query: { key: "AIzaSyExample0123456789" },
          json: { email, password, returnSecureToken: true },
        },
      ],
      refresh: [
        {
          to: "POST https://securetoken.googleapis.com/v1/token",
          query: { key: "AIzaSyExample0123456789" },
          form: { grant_type: "refresh_token", refresh_token: "AMf-vBxExampleRefresh" },
        },
      ],
    },
    token: access,
    lives: 3600,
  },
  "Auth0, password grant": {
    given: `curl --request POST \\
  --url 'https://tenant.example.auth0.com/oauth/token' \\
  --header 'content-type: application/x-www-form-urlencoded' \\
  --data grant_type=password \\
  --data 'username=user@example.com' \\
  --data 'password=correct-horse-5' \\
  --data 'audience=https://api.example.com' \\
  --data 'scope=read:sample offline_access' \\
  --data 'client_id=AbCdEf0123'
${JSON.stringify({ access_token: access, refresh_token: "GEbRxBN...edjnXbL", id_token: jwt({ sub: "x" }), token_type: "Bearer", expires_in: 36000 })}`,
    answers: { "POST https://tenant.example.auth0.com/oauth/token refresh": { access_token: renewed, expires_in: 36000 } },
    asked: {
      signin: [
        {
          to: "POST https://tenant.example.auth0.com/oauth/token",
          form: {
            grant_type: "password",
            username: email,
            password,
            audience: "https://api.example.com",
            scope: "read:sample offline_access",
            client_id: "AbCdEf0123",
          },
        },
      ],
      refresh: [
        {
          to: "POST https://tenant.example.auth0.com/oauth/token",
          form: {
            grant_type: "refresh_token",
            refresh_token: "GEbRxBN...edjnXbL",
            client_id: "AbCdEf0123",
            audience: "https://api.example.com",
          },
        },
      ],
    },
    token: access,
    lives: 36000,
  },
  "Keycloak, token endpoint": {
    given: `curl \\
  -d "client_id=my-app" \\
  -d "username=user" \\
  -d "password=correct-horse-5" \\
  -d "grant_type=password" \\
  "http://localhost:8080/realms/master/protocol/openid-connect/token"
${JSON.stringify(oauth, null, 2)}
curl -d client_id=my-app -d refresh_token=$REFRESH http://localhost:8080/realms/master/protocol/openid-connect/logout`,
    answers: { "POST http://localhost:8080/realms/master/protocol/openid-connect/token refresh": { ...oauth, access_token: renewed } },
    asked: {
      signin: [
        {
          to: "POST http://localhost:8080/realms/master/protocol/openid-connect/token",
          form: { client_id: "my-app", username: email, password, grant_type: "password" },
        },
      ],
      refresh: [
        {
          to: "POST http://localhost:8080/realms/master/protocol/openid-connect/token",
          form: { grant_type: "refresh_token", refresh_token: "rt-0123456789abcdef", client_id: "my-app" },
        },
      ],
    },
    token: access,
    lives: 300,
  },
  Strapi: {
    given: `import axios from 'axios';

// Request API.
axios
  .post('http://localhost:1337/api/auth/local', {
    identifier: 'user@strapi.example',
    password: 'correct-horse-5',
  })
  .then(response => {
    console.log('User token', response.data.jwt);
  });

{"jwt": "${access}", "user": {"id": 1, "username": "user"}}`,
    asked: { signin: [{ to: "POST http://localhost:1337/api/auth/local", json: { identifier: email, password } }] },
    token: access,
    lives: 3600,
  },
  Directus: {
    given: `POST https://directus.example.com/auth/login

{
  "email": "admin@directus.example",
  "password": "correct-horse-5"
}

{
  "data": {
    "expires": 900000,
    "refresh_token": "yRsPzUq8xZkVtLwE0aBc",
    "access_token": "${access}"
  }
}`,
    answers: {
      "POST https://directus.example.com/auth/refresh": { data: { expires: 900000, refresh_token: "next", access_token: renewed } },
    },
    asked: {
      signin: [{ to: "POST https://directus.example.com/auth/login", json: { email, password } }],
      refresh: [{ to: "POST https://directus.example.com/auth/refresh", json: { refresh_token: "yRsPzUq8xZkVtLwE0aBc", mode: "json" } }],
    },
    token: access,
    lives: 900,
  },
  PocketBase: {
    given: `curl -X POST http://127.0.0.1:8090/api/collections/users/auth-with-password -H 'Content-Type: application/json' -d '{ "identity": "YOUR_EMAIL", "password": "YOUR_PASSWORD" }'
{ "token": "${access}", "record": { "collectionId": "_pb_users_auth_", "id": "8171022dc95a4ed", "email": "test@example.com", "verified": false } }`,
    answers: { "POST http://127.0.0.1:8090/api/collections/users/auth-refresh": { token: renewed, record: {} } },
    asked: {
      signin: [{ to: "POST http://127.0.0.1:8090/api/collections/users/auth-with-password", json: { identity: email, password } }],
      refresh: [{ to: "POST http://127.0.0.1:8090/api/collections/users/auth-refresh", headers: { Authorization: `Bearer ${access}` } }],
    },
    token: access,
    lives: 3600,
  },
  Xano: {
    given: `fetch('https://x8ki-letl-twmt.n7.xano.io/api:3fUwJGs_/auth/login', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ email: email, password: password })
}).then(r => r.json())
{"authToken": "eyJhbGciOiJBMjU2S1ciLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIn0.AAAAAAAA.BBBBBBBB.CCCCCCCC.DDDDDDDD"}`,
    asked: { signin: [{ to: "POST https://x8ki-letl-twmt.n7.xano.io/api:3fUwJGs_/auth/login", json: { email, password } }] },
    token: "eyJhbGciOiJBMjU2S1ciLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIn0.AAAAAAAA.BBBBBBBB.CCCCCCCC.DDDDDDDD",
  },
  "a shop’s customer access token, GraphQL with texts in the document": {
    given: `curl -X POST https://shop.example.com/api/2025-01/graphql.json \\
  -H 'Content-Type: application/json' -H 'X-Storefront-Access-Token: pub-5f2e8a' \\
  -d '{"query": "mutation { customerAccessTokenCreate(input: { email: \\"buyer@example.com\\", password: \\"correct-horse-5\\" }) { customerAccessToken { accessToken expiresAt } customerUserErrors { message } } }"}'
{"data":{"customerAccessTokenCreate":{"customerAccessToken":{"accessToken":"b8a2c4f1d3e5a7b9c1d3e5f7a9b1c3d5","expiresAt":"2027-01-28T00:00:00Z"},"customerUserErrors":[]}}}`,
    asked: {
      signin: [
        {
          to: "POST https://shop.example.com/api/2025-01/graphql.json",
          json: {
            query: `mutation { customerAccessTokenCreate(input: { email: "${email}", password: "${password}" }) { customerAccessToken { accessToken expiresAt } customerUserErrors { message } } }`,
          },
          headers: { "X-Storefront-Access-Token": "pub-5f2e8a" },
        },
      ],
    },
    token: "b8a2c4f1d3e5a7b9c1d3e5f7a9b1c3d5",
  },
  Parse: {
    given: `curl -X GET \\
  -H "X-Parse-Application-Id: myAppId" \\
  -H "X-Parse-REST-API-Key: restKey01" \\
  -H "X-Parse-Revocable-Session: 1" \\
  -G \\
  --data-urlencode 'username=cooldude6' \\
  --data-urlencode 'password=p_n7!-e8' \\
  https://parse.example.com/parse/login
{ "username": "cooldude6", "objectId": "g7y9tkhB7O", "sessionToken": "r:pnktnjyb996sj4p156gjtp4im" }
curl -X GET -H "X-Parse-Application-Id: myAppId" -H "X-Parse-REST-API-Key: restKey01" -H "X-Parse-Session-Token: r:pnktnjyb996sj4p156gjtp4im" https://parse.example.com/parse/users/me
{ "username": "cooldude6", "objectId": "g7y9tkhB7O" }`,
    asked: {
      signin: [
        {
          to: "GET https://parse.example.com/parse/login",
          query: { username: email, password },
          headers: { "X-Parse-Application-Id": "myAppId", "X-Parse-REST-API-Key": "restKey01", "X-Parse-Revocable-Session": "1" },
        },
      ],
    },
    token: "r:pnktnjyb996sj4p156gjtp4im",
    headers: {
      "X-Parse-Session-Token": "r:pnktnjyb996sj4p156gjtp4im",
      "X-Parse-Application-Id": "myAppId",
      "X-Parse-REST-API-Key": "restKey01",
    },
  },
  Appwrite: {
    given: `POST https://cloud.example.com/v1/account/sessions/email
Content-Type: application/json
X-Appwrite-Project: my-project

{
  "email": "email@example.com",
  "password": "correct-horse-5"
}

{ "$id": "5e5ea5c16897e", "userId": "5e5bb8c16897e", "expire": "2027-10-15T06:38:00.000+00:00", "provider": "email", "providerAccessToken": "", "secret": "" }`,
    answers: { "PATCH https://cloud.example.com/v1/account/sessions/current": {} },
    asked: {
      signin: [
        {
          to: "POST https://cloud.example.com/v1/account/sessions/email",
          json: { email, password },
          headers: { "X-Appwrite-Project": "my-project" },
        },
      ],
      refresh: [{ to: "PATCH https://cloud.example.com/v1/account/sessions/current", headers: { "X-Appwrite-Project": "my-project" } }],
    },
    token: null,
  },
  Odoo: {
    given: `curl -c cookies.txt -X POST 'https://erp.example.com/web/session/authenticate' \\
 -H 'Content-Type: application/json' \\
 -d '{"jsonrpc": "2.0", "method": "call", "params": {"db": "prod", "login": "admin", "password": "correct-horse-5"}}'
{"jsonrpc": "2.0", "id": null, "result": {"uid": 2, "is_admin": true, "db": "prod", "username": "admin"}}`,
    asked: {
      signin: [
        {
          to: "POST https://erp.example.com/web/session/authenticate",
          json: { jsonrpc: "2.0", method: "call", params: { db: "prod", login: email, password } },
        },
      ],
    },
    token: null,
  },
  "Node-RED": {
    given: `curl http://localhost:1880/auth/token --data 'client_id=node-red-admin&grant_type=password&scope=*&username=admin&password=correct-horse-5'

{
  "access_token": "A_SECRET_TOKEN_0123456789",
  "expires_in":604800,
  "token_type": "Bearer"
}
curl -H "Authorization: Bearer A_SECRET_TOKEN_0123456789" http://localhost:1880/settings
curl --data "token=A_SECRET_TOKEN_0123456789" http://localhost:1880/auth/revoke`,
    asked: {
      signin: [
        {
          to: "POST http://localhost:1880/auth/token",
          form: { client_id: "node-red-admin", grant_type: "password", scope: "*", username: email, password },
        },
      ],
    },
    token: "A_SECRET_TOKEN_0123456789",
    lives: 604800,
  },
};
