// @ts-check
// What people have of a server becomes options that work: each of these was written after a server's own documents, with data of
// nobody. createAuth takes the options without an edit, and somebody else signs in and goes on at a server that answers as shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Masks } from "../../www/workbench/import/mask.js";
import { suggest } from "../../www/workbench/import/options.js";
import { read } from "../../www/workbench/import/read.js";
import { rehearse } from "../../www/workbench/import/rehearse.js";
import { FRAMEWORKS } from "./imports/frameworks.mjs";
import { PLATFORMS } from "./imports/platforms.mjs";
import { doorkey, jwt, life, providers, USER } from "./providers/lib.mjs";

const IMPORTS = { ...FRAMEWORKS, ...PLATFORMS };

/** @param {string} url */
const bare = (url) => url.split("?")[0];

/** What a server says, from what was pasted and what the case has beside it. @param {import("./imports/frameworks.mjs").Import} given @param {any[]} exchanges */
function answersOf({ answers = {} }, exchanges) {
  /** @type {Record<string, any[]>} */
  const said = {};
  for (const { method, url, answer } of exchanges) {
    if (answer) (said[`${method} ${bare(url)}`] ??= []).push([answer.status, answer.body, answer.headers]);
  }
  for (const [key, body] of Object.entries(answers)) {
    const [method, url, isMore] = key.split(" ");
    const own = [200, body.body ?? (body.headers ? "" : body), body.headers ?? {}];
    if (isMore) (said[`${method} ${url}`] ??= []).push(own);
    else said[key] = [own];
  }
  return /** @type {any} */ (said);
}

for (const [name, given] of Object.entries(IMPORTS)) {
  test(`${name}: signs in, and goes on`, async () => {
    const reading = read(given.given);
    const { options, misses } = suggest(reading, { providers });
    const session = life(undefined, answersOf(given, reading.exchanges), options);
    try {
      await session.auth.signin(USER);
      assert.deepEqual(session.asked(), given.asked.signin, "sign-in");
      if (given.token !== null) assert.equal(await session.auth.accessToken(), given.token);
      if (given.headers) assert.deepEqual(await session.auth.headers(), given.headers);
      if (given.lives)
        assert.ok(
          Math.abs((session.auth.status().expiresInSeconds ?? 0) - given.lives) <= 5,
          `lives ${session.auth.status().expiresInSeconds} s`,
        );
      assert.equal(options.flows.refresh !== undefined, given.asked.refresh !== undefined, "whether it has a refresh");
      if (given.asked.refresh) {
        const { ok } = await session.auth.refreshAccessToken({ force: true });
        assert.equal(ok, true);
        assert.deepEqual(session.asked(), given.asked.refresh, "refresh");
      }
      assert.deepEqual(misses, [], "nothing is left to do");
    } finally {
      session.end();
    }
  });
}

const CURL = `curl https://api.example.com/login -d '{"email":"a@b.example","password":"correct-horse-5"}'`;
const of = (/** @type {string} */ text, /** @type {any} */ more = {}) => suggest(read(text, more.answer), { providers, picks: more.picks });
const texts = (/** @type {{ misses: { text: string }[] }} */ { misses }) => misses.map(({ text }) => text);

test("in each case every secret is masked, and what stands behind the masks reads the same", () => {
  for (const [name, { given }] of Object.entries(IMPORTS)) {
    const masks = new Masks();
    const hidden = masks.hide(given);
    for (const secret of ["correct-horse-5", "JpgSLxzMzcPXCDfBHqsb", "p_n7!-e8"]) assert.ok(!hidden.includes(secret), `${name}: ${secret}`);
    assert.doesNotMatch(
      hidden,
      /eyJ[\w-]+\.[\w-]+|AMf-vBx|GEbRxBN|rt-0123|A_SECRET_TOKEN|r:pnkt|c4fc4de5|b8a2c4f1|s\.9f8e|17\|4hz|yRsPz/,
      name,
    );
    assert.deepEqual(read(masks.reveal(hidden)), read(given), name);
  }
});

test("a short password is masked where it stands, and nothing else is", () => {
  const masks = new Masks();
  assert.equal(masks.hide(`{"user":"ab","password":"ab"}`), `{"user":"ab","password":"[redacted 1]"}`);
  assert.equal(masks.hide("-d 'grant_type=password&pin=1234'"), "-d 'grant_type=password&pin=[redacted 2]'");
  assert.equal(masks.hide("curl -u ada:pw https://a.example"), "curl -u ada:[redacted 3] https://a.example");
  assert.equal(masks.hide('"token_type": "bearer", "expires_in": 300'), '"token_type": "bearer", "expires_in": 300');
  masks.forget();
  assert.equal(masks.reveal("[redacted 1]"), "[redacted 1]", "what is forgotten is gone");
});

test("a HAR, a Postman collection and a Swagger file give what the calls give", () => {
  const json = (/** @type {any} */ body) => ({ mimeType: "application/json", text: JSON.stringify(body) });
  const entry = (/** @type {string} */ method, /** @type {string} */ url, /** @type {any} */ body, /** @type {any} */ answer) => ({
    request: {
      method,
      url,
      headers: [
        { name: "content-type", value: "application/json" },
        { name: "user-agent", value: "x" },
      ],
      postData: body && json(body),
    },
    response: { status: 200, headers: [], content: json(answer) },
  });
  const signin = { email: "a@b.example", password: "correct-horse-5" };
  const har = {
    log: {
      entries: [
        entry("GET", "https://app.example.com/main.js", undefined, {}),
        entry("POST", "https://api.example.com/v1/sign-in", signin, {
          data: { accessToken: "abcdef0123456789", refreshToken: "fedcba98" },
        }),
        entry("POST", "https://api.example.com/v1/refresh", { refreshToken: "fedcba98" }, { data: { accessToken: "bbcdef0123456789" } }),
      ],
    },
  };
  const postman = {
    info: { schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
    variable: [{ key: "base", value: "https://api.example.com" }],
    item: [
      {
        name: "Auth",
        item: [
          {
            name: "Sign in",
            request: {
              method: "POST",
              url: { raw: "{{base}}/v1/sign-in" },
              body: { mode: "raw", raw: '{"email":"{{email}}","password":"{{password}}"}' },
            },
            response: [{ code: 200, body: '{"data":{"accessToken":"abcdef0123456789","refreshToken":"fedcba98"}}' }],
          },
          {
            name: "Refresh",
            request: { method: "POST", url: "{{base}}/v1/refresh", body: { mode: "raw", raw: '{"refreshToken":"{{refresh_token}}"}' } },
          },
        ],
      },
    ],
  };
  const object = (/** @type {any} */ properties) => ({ type: "object", properties });
  const text = { type: "string" };
  const operation = (/** @type {any} */ sent, /** @type {any} */ answered) => ({
    post: {
      parameters: [{ in: "body", name: "body", schema: object(sent) }],
      responses: { 200: { schema: { $ref: `#/definitions/${answered}` } } },
    },
  });
  const swagger = {
    swagger: "2.0",
    host: "api.example.com",
    basePath: "/v1",
    schemes: ["https"],
    paths: {
      "/sign-in": operation({ email: text, password: text }, "Tokens"),
      "/refresh": operation({ refreshToken: text }, "Tokens"),
    },
    definitions: { Tokens: object({ data: object({ accessToken: text, refreshToken: text }) }) },
  };
  for (const file of [har, postman, swagger]) {
    const { options, misses } = of(JSON.stringify(file));
    assert.deepEqual(options, {
      flows: {
        signin: { url: "https://api.example.com/v1/sign-in", json: { email: "{{ inputs.email }}", password: "{{ inputs.password }}" } },
        refresh: { url: "https://api.example.com/v1/refresh", json: { refreshToken: "{{ session.refreshToken }}" } },
      },
    });
    assert.deepEqual(misses, []);
  }
});

test("an answer that nobody knows: the value that is chosen is the token", async () => {
  const answer = '{"ok":true,"payload":{"a1":"Zm9vYmFyYmF6cXV4","ttl_s":600}}';
  const asked = of(CURL, { answer });
  assert.deepEqual(texts(asked), ["No value of this answer is surely the token. Choose the one that is."]);
  assert.deepEqual(asked.misses[0].chooses, JSON.parse(answer));
  assert.match((await rehearse(doorkey, asked))[0].text, /does not sign in/);
  const chosen = of(CURL, { answer, picks: { accessToken: ["payload", "a1"], expiresIn: ["payload", "ttl_s"] } });
  assert.deepEqual(chosen.options.tokens, { accessToken: "payload.a1", expiresIn: "payload.ttl_s" });
  assert.deepEqual(chosen.misses, []);
  assert.deepEqual(await rehearse(doorkey, chosen), [
    { state: "good", text: "With the answer that you pasted, it signs in, for 10 minutes." },
  ]);
  const { options } = of(CURL, { answer, picks: { cookie: true } });
  assert.equal(options.tokens, false);
  assert.equal(options.flows.signin.credentials, "include");
});

test("an address and an answer: the rest is guessed, and said to be", () => {
  const { options, reasons, misses } = of("https://api.example.com/auth/login", {
    answer: '{"access_token":"abcdef0123456789","expires_in":60}',
  });
  assert.deepEqual(options.flows.signin, {
    url: "https://api.example.com/auth/login",
    json: { email: "{{ inputs.email }}", password: "{{ inputs.password }}" },
  });
  assert.match(reasons[0].text, /Nobody has written what this address takes/);
  assert.deepEqual(misses, []);
});

test("what is missing is said, with what to do", () => {
  const saying = (/** @type {string} */ text, /** @type {RegExp} */ said) => assert.match(texts(of(text)).join(" "), said);
  saying("curl https://api.example.com/items", /No request here signs in/);
  saying(CURL, /paste the answer below the request/);
  saying(`${CURL}\n{"access_token":"abcdef0123456789","refresh_token":"fedcba9876543210"}`, /no request here uses it: paste that one/);
  saying(CURL.replace("api.example.com", "<your-domain>"), /Write your own value in the place of <your-domain>/);
  saying('{"token":"abcdef0123456789"}', /There is no request here: write its address/);
  saying("curl -u app:hush-hush https://a.example/token -d 'grant_type=password&username=a&password=b'", /client secret in its -u/);
  const secret = of("curl https://a.example/token -d 'grant_type=password&client_secret=hush-hush&username=a&password=b'");
  assert.match(texts(secret).join(" "), /client_secret. A page can't keep it/);
  assert.doesNotMatch(JSON.stringify(secret.options), /hush/);
});

test("what can't be read is an error that says what to do", () => {
  for (const [text, said] of /** @type {[string, RegExp][]} */ ([
    ["", /^Paste the request that signs in/],
    ["hello", /^There is no request in this\. Paste a cURL call/],
    ["curl 'https://a.example", /quote that is not closed/],
    ["curl -d @body.json https://a.example", /The body is in a file/],
    ["curl -X POST", /has no address/],
    ["fetch('https://a.example', {", /not whole\. Copy it again/],
    ["axios(options)", /Write it in its place/],
    [`${CURL}\n{"token": `, /no whole JSON/],
    ["openapi: 3.1.0\npaths: [", /no YAML/],
    ['{"openapi":"3.1.0","paths":{"/a":{"$ref":"other.yaml"}}}', /points into another one/],
    ['{"log":{"entries":[]}}', /no request in this HAR/],
  ]))
    assert.throws(() => read(text), { message: said }, text);
});

test("what another server gets is what it is told to: origins, an expiry, a token of the refresh’s own name", () => {
  const access = jwt({ iat: 1_790_000_000, exp: 1_790_000_900 });
  const { options, reasons } = of(`${CURL}
{"access_token":"${access}"}
curl https://data.example.com/orders -H "Authorization: Bearer ${access}"`);
  assert.deepEqual(options.attach, { origins: ["https://api.example.com", "https://data.example.com"] });
  assert.ok(reasons.some(({ text }) => /ends: 15 minutes after/.test(text)));
});

test("texts of any size and shape end in an answer or an error of ours", () => {
  for (const text of [
    "{".repeat(50_000),
    `curl ${"'".repeat(9999)}`,
    "fetch(".repeat(5000),
    `${"[".repeat(9000)}${"]".repeat(9000)}`,
    "\n".repeat(100_000),
    "curl -".repeat(9000),
  ]) {
    try {
      of(text);
    } catch (error) {
      assert.equal(/** @type {Error} */ (error).constructor.name, "ReadError", String(error).slice(0, 200));
    }
  }
});

test("what the other requests carry beside the token is kept where the answer has it, and told where it has not", () => {
  const answer = "HTTP/1.1 200 OK\naccess-token: wwwwwVm3Jc0xqYhKQ2jRQA\nclient: xxxxxKbV9F2Bd7tQo5kPzw\nuid: a@b.example\n\n{}";
  const alone = of(`${CURL}\n${answer}`);
  assert.deepEqual(alone.options.attach.headers, {
    "access-token": "{{ session.accessToken }}",
    client: "{{ client }}",
    uid: "{{ uid }}",
  });
  assert.equal(alone.options.refresh, undefined);
  const other = `curl https://api.example.com/things -H 'access-token: wwwwwVm3Jc0xqYhKQ2jRQA' -H 'X-Shop: 7' -H 'client: xxxxxKbV9F2Bd7tQo5kPzw'`;
  const { options, reasons } = of(`${CURL}\n${answer}\n${other}\nHTTP/1.1 200 OK\naccess-token: next-token-000000\n\n[]`);
  assert.deepEqual(options.refresh, { fromHeader: "access-token" });
  assert.ok(reasons.some(({ text }) => /carry also X-Shop, which no answer here has/.test(text)));
  assert.doesNotMatch(JSON.stringify(options), /xxxxxKbV|wwwwwVm3/);
});
