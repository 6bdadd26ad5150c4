// @ts-check
// What the documents of servers say of a sign-in, written anew with data of nobody: the call, its answer, what else is shown beside
// them. `asked` is what the server must get from somebody else, written by hand.
import { jwt } from "../providers/lib.mjs";

/** @typedef {{ given: string, answers?: Record<string, any>, asked: { signin: any[], refresh?: any[] }, token?: string | null, headers?: Record<string, string>, lives?: number, left?: RegExp[] }} Import */

const access = jwt({ sub: "7", token_type: "access", iat: 1_790_000_000, exp: 1_790_000_300 });
const renewed = jwt({ sub: "7", token_type: "access", iat: 1_790_000_300, exp: 1_790_000_600 });
const refresh = jwt({ sub: "7", token_type: "refresh", exp: 1_790_086_400 });
const email = "ada@example.com";
const password = "secret-pass-1";

/** @type {Record<string, Import>} */
export const FRAMEWORKS = {
  simplejwt: {
    given: `curl \\
  -X POST \\
  -H "Content-Type: application/json" \\
  -d '{"username": "lovelace", "password": "correct-horse-5"}' \\
  http://localhost:8000/api/token/

...
{
  "access":"${access}",
  "refresh":"${refresh}"
}

curl \\
  -H "Authorization: Bearer ${access}" \\
  http://localhost:8000/api/some-protected-view/

curl \\
  -X POST \\
  -H "Content-Type: application/json" \\
  -d '{"refresh":"${refresh}"}' \\
  http://localhost:8000/api/token/refresh/

...
{"access":"${renewed}"}
`,
    asked: {
      signin: [{ to: "POST http://localhost:8000/api/token/", json: { username: email, password } }],
      refresh: [{ to: "POST http://localhost:8000/api/token/refresh/", json: { refresh } }],
    },
    token: access,
    lives: 300,
  },
  "dj-rest-auth, with a token that has no end": {
    given: `curl -X POST https://api.example.com/dj-rest-auth/login/ -d "username=lovelace&password=correct-horse-5" -d email=
{"key": "c4fc4de5a04c6f1e6d2d93bd4b2bd1ad55f0b8a2"}
curl https://api.example.com/dj-rest-auth/user/ -H 'Authorization: Token c4fc4de5a04c6f1e6d2d93bd4b2bd1ad55f0b8a2'`,
    asked: { signin: [{ to: "POST https://api.example.com/dj-rest-auth/login/", form: { username: email, password, email: "" } }] },
    token: "c4fc4de5a04c6f1e6d2d93bd4b2bd1ad55f0b8a2",
    headers: { Authorization: "Token c4fc4de5a04c6f1e6d2d93bd4b2bd1ad55f0b8a2" },
  },
  "devise_token_auth, which has its session in three headers": {
    given: `curl -i -X POST https://rails.example.com/auth/sign_in -H 'Content-Type: application/json' -d '{"email":"lovelace@example.com","password":"correct-horse-5"}'

HTTP/1.1 200 OK
access-token: wwwwwVm3Jc0xqYhKQ2jRQA
token-type: Bearer
client: xxxxxKbV9F2Bd7tQo5kPzw
expiry: 1990000000
uid: lovelace@example.com

{"data":{"id":1,"email":"lovelace@example.com","uid":"lovelace@example.com","provider":"email"}}

curl -i https://rails.example.com/things -H 'access-token: wwwwwVm3Jc0xqYhKQ2jRQA' -H 'token-type: Bearer' -H 'client: xxxxxKbV9F2Bd7tQo5kPzw' -H 'uid: lovelace@example.com'

HTTP/1.1 200 OK
access-token: wwwwwNextToken0xqYhKQ2
client: xxxxxKbV9F2Bd7tQo5kPzw

[]

curl -X DELETE https://rails.example.com/auth/sign_out -H 'access-token: wwwwwNextToken0xqYhKQ2' -H 'client: xxxxxKbV9F2Bd7tQo5kPzw' -H 'uid: lovelace@example.com'`,
    asked: { signin: [{ to: "POST https://rails.example.com/auth/sign_in", json: { email, password } }] },
    token: "wwwwwVm3Jc0xqYhKQ2jRQA",
    headers: {
      "access-token": "wwwwwVm3Jc0xqYhKQ2jRQA",
      "token-type": "Bearer",
      client: "xxxxxKbV9F2Bd7tQo5kPzw",
      uid: "lovelace@example.com",
    },
  },
  "Rocket.Chat, which wants the user's id beside the token": {
    given: `curl https://chat.example.com/api/v1/login -d 'user=lovelace&password=correct-horse-5'
{"status":"success","data":{"authToken":"9HqLlyZOugoStsXCUfD_0YdwnNnunAJF8V47U3QHXSq","userId":"aobEdbYhXfu5hkeqG"}}
curl -H 'X-Auth-Token: 9HqLlyZOugoStsXCUfD_0YdwnNnunAJF8V47U3QHXSq' -H 'X-User-Id: aobEdbYhXfu5hkeqG' https://chat.example.com/api/v1/me`,
    asked: { signin: [{ to: "POST https://chat.example.com/api/v1/login", form: { user: email, password } }] },
    token: "9HqLlyZOugoStsXCUfD_0YdwnNnunAJF8V47U3QHXSq",
    headers: { "X-Auth-Token": "9HqLlyZOugoStsXCUfD_0YdwnNnunAJF8V47U3QHXSq", "X-User-Id": "aobEdbYhXfu5hkeqG" },
  },
  "FastAPI, form login of its tutorial, by its OpenAPI file": {
    given: `openapi: 3.1.0
info: { title: FastAPI, version: 0.1.0 }
servers: [{ url: https://fast.example.com }]
paths:
  /token:
    post:
      summary: Login For Access Token
      operationId: login_for_access_token_token_post
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: { $ref: '#/components/schemas/Body_login' }
        required: true
      responses:
        '200':
          description: Successful Response
          content: { application/json: { schema: { $ref: '#/components/schemas/Token' } } }
  /users/me/:
    get:
      summary: Read Users Me
      responses: { '200': { description: ok, content: { application/json: { schema: { type: object } } } } }
      security: [{ OAuth2PasswordBearer: [] }]
components:
  schemas:
    Body_login:
      properties:
        grant_type: { anyOf: [{ type: string, pattern: '^password$' }, { type: 'null' }], default: password }
        username: { type: string }
        password: { type: string, format: password }
        scope: { type: string, default: '' }
      required: [username, password]
    Token:
      properties: { access_token: { type: string }, token_type: { type: string } }
  securitySchemes:
    OAuth2PasswordBearer: { type: oauth2, flows: { password: { scopes: {}, tokenUrl: token } } }
`,
    answers: { "POST https://fast.example.com/token": { access_token: "opaque-access-token-1", token_type: "bearer" } },
    asked: {
      signin: [{ to: "POST https://fast.example.com/token", form: { grant_type: "password", username: email, password, scope: "" } }],
    },
    token: "opaque-access-token-1",
  },
  "NestJS, refresh token in the header": {
    given: `$ curl -X POST http://localhost:3000/auth/login -d '{"username": "john", "password": "changeme"}' -H "Content-Type: application/json"
{"accessToken":"${access}","refreshToken":"${refresh}"}
$ # GET /profile using access_token returned from previous step as bearer code
$ curl http://localhost:3000/profile -H "Authorization: Bearer ${access}"
$ curl -X POST http://localhost:3000/auth/refresh -H "Authorization: Bearer ${refresh}"
{"accessToken":"${renewed}","refreshToken":"${refresh}"}`,
    asked: {
      signin: [{ to: "POST http://localhost:3000/auth/login", json: { username: email, password } }],
      refresh: [{ to: "POST http://localhost:3000/auth/refresh", headers: { Authorization: `Bearer ${refresh}` } }],
    },
    token: access,
  },
  "Laravel Sanctum, a cookie for a single-page app": {
    given: `curl -c jar https://api.example.com/sanctum/csrf-cookie
HTTP/2 204
set-cookie: XSRF-TOKEN=eyJpdiI6Im1%3D; path=/; samesite=lax

curl -b jar -X POST https://api.example.com/login -H 'Accept: application/json' -H 'Content-Type: application/json' -H 'X-XSRF-TOKEN: eyJpdiI6Im1=' -d '{"email":"a@b.example","password":"correct-horse-5"}'
HTTP/2 204
set-cookie: laravel_session=abcdef; path=/; httponly
`,
    asked: {
      signin: [
        { to: "GET https://api.example.com/sanctum/csrf-cookie" },
        { to: "POST https://api.example.com/login", json: { email, password }, headers: { Accept: "application/json" } },
      ],
    },
    token: null,
  },
  "Laravel Sanctum, a token for a device": {
    given: `POST https://api.example.com/api/sanctum/token
Accept: application/json
Content-Type: application/json

{
  "email": "user@example.com",
  "password": "correct-horse-5",
  "device_name": "browser"
}

HTTP/1.1 200 OK
Content-Type: application/json

{"plainTextToken": "17|4hzK7Q0cRrTnM2x1FyWdVb9sPl"}`,
    asked: {
      signin: [
        {
          to: "POST https://api.example.com/api/sanctum/token",
          json: { email, password, device_name: "browser" },
          headers: { Accept: "application/json" },
        },
      ],
    },
    token: "17|4hzK7Q0cRrTnM2x1FyWdVb9sPl",
  },
  "WordPress, JWT authentication": {
    given: `curl --location --request POST 'https://blog.example.com/wp-json/jwt-auth/v1/token' \\
--form 'username="lovelace"' --form 'password="correct-horse-5"'

{
  "token": "${access}",
  "user_display_name": "ada",
  "user_email": "ada@blog.example",
  "user_nicename": "ada"
}`,
    asked: { signin: [{ to: "POST https://blog.example.com/wp-json/jwt-auth/v1/token", form: { username: email, password } }] },
    token: access,
    lives: 300,
  },
  "a GraphQL login with variables": {
    given: `fetch("https://shop.example.com/graphql", {
  "headers": { "accept": "*/*", "content-type": "application/json" },
  "body": "{\\"operationName\\":\\"Login\\",\\"query\\":\\"mutation Login($email: String!, $password: String!) { tokenCreate(email: $email, password: $password) { token refreshToken errors { field message } } }\\",\\"variables\\":{\\"email\\":\\"a@b.example\\",\\"password\\":\\"correct-horse-5\\"}}",
  "method": "POST",
  "mode": "cors"
});
{"data":{"tokenCreate":{"token":"${access}","refreshToken":"${refresh}","errors":[]}}}

fetch("https://shop.example.com/graphql", {
  method: "POST", headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ query: \`mutation { tokenRefresh(refreshToken: "${refresh}") { token errors { message } } }\` }),
})
{"data":{"tokenRefresh":{"token":"${renewed}","errors":[]}}}`,
    asked: {
      signin: [
        {
          to: "POST https://shop.example.com/graphql",
          json: {
            operationName: "Login",
            query:
              "mutation Login($email: String!, $password: String!) { tokenCreate(email: $email, password: $password) { token refreshToken errors { field message } } }",
            variables: { email, password },
          },
        },
      ],
      refresh: [
        {
          to: "POST https://shop.example.com/graphql",
          json: { query: `mutation { tokenRefresh(refreshToken: "${refresh}") { token errors { message } } }` },
        },
      ],
    },
    token: access,
  },
  "Flask-JWT-Extended, with cmd’s carets": {
    given: `curl ^"https://api.example.com/login^" ^
  -H ^"accept: application/json, text/plain, */*^" ^
  -H ^"content-type: application/json^" ^
  -H ^"sec-fetch-mode: cors^" ^
  --data-raw ^"^{^\\^"username^\\^":^\\^"test^\\^",^\\^"password^\\^":^\\^"correct-horse-5^\\^"^}^"
{"access_token": "${access}", "refresh_token": "${refresh}"}

curl -X POST https://api.example.com/refresh -H "Authorization: Bearer $REFRESH_TOKEN"
{"access_token": "${renewed}"}
curl -X DELETE https://api.example.com/logout -H "Authorization: Bearer $ACCESS_TOKEN"`,
    asked: {
      signin: [
        {
          to: "POST https://api.example.com/login",
          json: { username: email, password },
          headers: { accept: "application/json, text/plain, */*" },
        },
      ],
      refresh: [{ to: "POST https://api.example.com/refresh", headers: { Authorization: `Bearer ${refresh}` } }],
    },
    token: access,
  },
  "Spring Security, the token in a header": {
    given: `curl -i -X POST http://localhost:8080/login -H 'Content-Type: application/json' -d '{"username":"user","password":"correct-horse-5"}'
HTTP/1.1 200
Authorization: Bearer ${access}
Content-Length: 0
`,
    answers: { "POST http://localhost:8080/login": { headers: { authorization: `Bearer ${access}` }, body: "" } },
    asked: { signin: [{ to: "POST http://localhost:8080/login", json: { username: email, password } }] },
    token: access,
    lives: 300,
  },
  "CouchDB-like: name and password in -u": {
    given: `curl -X POST -u lovelace:correct-horse-5 https://db.example.com/v1/auth/token
{"result": {"session_token": "s.9f8e7d6c5b4a39281706", "ttl": 7200}}
curl -H "X-Session-Token: s.9f8e7d6c5b4a39281706" https://db.example.com/v1/items`,
    asked: {
      signin: [
        {
          to: "POST https://db.example.com/v1/auth/token",
          headers: { Authorization: `Basic ${Buffer.from(`${email}:${password}`).toString("base64")}` },
        },
      ],
    },
    token: "s.9f8e7d6c5b4a39281706",
    headers: { "X-Session-Token": "s.9f8e7d6c5b4a39281706" },
    lives: 7200,
  },
};
