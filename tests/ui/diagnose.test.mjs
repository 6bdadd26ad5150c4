// @ts-check
// What Diagnose makes of facts: facts in, findings out. No browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { endpointsOf, filled } from "../../pkg-template/package/panel/diagnose/endpoints.mjs";
import { findingsOf } from "../../pkg-template/package/panel/diagnose/findings.mjs";

/** @typedef {import("../../pkg-template/package/panel/diagnose/facts.mjs").Facts} Facts */

const PAGE = "https://app.example.com";
const API = "https://api.example.com";
const AT = 1_700_000_000_000;
const HOUR = 3_600_000;

const endpoint = {
  flow: "signin",
  origin: API,
  path: "/token",
  headers: ["content-type"],
  outcome: /** @type {any} */ ("works"),
  answer: null,
};
const own = { name: "doorkey", servers: [API], path: "/", auth: "a" };
const options = { isHostStore: false, hasRefresh: true, needsRefreshToken: true, hasNoTokens: false };
const status = { signedIn: true, expiresAt: AT + HOUR, hasRefreshToken: true };

/** A page with which all is well. @type {Facts} */
const WELL = {
  page: PAGE,
  isSecure: true,
  failure: null,
  status,
  lifetimeMs: HOUR,
  options,
  storage: { local: "works", session: "works", hasDatabase: true },
  locks: "works",
  channel: "works",
  tabs: 1,
  dates: [{ origin: PAGE, date: AT, sent: AT + 400, received: AT + 500 }],
  endpoints: [endpoint],
  unknown: [],
  allowed: [],
  violations: [],
  bare: [],
  own,
  peers: [],
};

test("where all is well, everything was looked at and is good", () => {
  const findings = findingsOf(WELL);
  assert.deepEqual([...new Set(findings.map(({ level }) => level))], ["good"]);
  assert.deepEqual(
    findings.map(({ about }) => about),
    ["storage", "locks", "channel", "clock", "cors", "csp", "origins", "lifetime", "names"],
  );
});

const peer = { ...own, path: "/shop", isHere: false, auth: "b" };
const far = (/** @type {object} */ more) => ({ endpoints: [{ ...endpoint, ...more }] });
const skewed = (/** @type {number} */ ms) => ({ dates: [{ origin: API, date: AT, sent: AT + 450 + ms, received: AT + 550 + ms }] });

/** What is found beside what is good: about and level, a part of the text, what to write. @type {[string, Partial<Facts>, [string, RegExp, (string | undefined)?][]][]} */
const TABLE = [
  ["no session", { failure: "ERR_NOT_READY: no wasm", status: null }, [["session fault", /ERR_NOT_READY: no wasm/]]],
  [
    "no options",
    { options: null, endpoints: [] },
    [
      ["session unknown", /no options/, "panel.options = options"],
      ["cors unknown", /known from the options/, "panel.options = options"],
    ],
  ],
  [
    "storage refused",
    { storage: { ...WELL.storage, local: "refused" } },
    [["storage fault", /refuses localStorage/, '<iframe sandbox="allow-scripts allow-forms allow-same-origin">\nstorage: "memory"']],
  ],
  ["storage full", { storage: { ...WELL.storage, local: "full" } }, [["storage fault", /localStorage is full/, "localStorage.clear()"]]],
  ["another storage refused than the one that is used", { storage: { ...WELL.storage, session: "refused" } }, []],
  [
    "the storage that is used refused",
    { storage: { ...WELL.storage, session: "refused" }, options: { ...options, storage: "session" } },
    [["storage fault", /refuses sessionStorage/, undefined]],
  ],
  ["memory", { storage: { ...WELL.storage, local: "refused" }, options: { ...options, storage: "memory" } }, []],
  ["a host's store", { options: { ...options, isHostStore: true } }, [["storage unknown", /host's own store/]]],
  [
    "a vault without a database",
    { storage: { ...WELL.storage, hasDatabase: false }, options: { ...options, storage: "vault" } },
    [["storage fault", /vault/, 'storage: "memory"']],
  ],
  ["keys without TLS", { isSecure: false, options: { ...options, dpop: true } }, [["storage fault", /DPoP needs https/, "https://"]]],
  ["no locks without TLS", { locks: "none", isSecure: false }, [["locks warning", /without https/, "https://"]]],
  ["no locks", { locks: "none" }, [["locks warning", /no Web Locks/]]],
  ["locks refused", { locks: "refused" }, [["locks warning", /refused/]]],
  ["a lock that is not given", { locks: "silent" }, [["locks warning", /not given within/]]],
  ["tabs apart", { options: { ...options, crossTab: "off" }, tabs: 3 }, [["locks warning", /3 tabs/, 'crossTab: "lock"']]],
  ["no channel", { channel: "none" }, [["channel warning", /no BroadcastChannel/]]],
  ["a deaf channel", { channel: "silent" }, [["channel warning", /did not arrive/]]],
  ["a clock ahead", skewed(90_000), [["clock warning", /90 s ahead of https:\/\/api/, "Access-Control-Expose-Headers: Date"]]],
  ["a clock behind", skewed(-90_000), [["clock warning", /90 s behind/, undefined]]],
  ["a clock off by what a Date can't show", skewed(5000), []],
  [
    "no Date",
    { dates: [{ origin: API, date: null, sent: AT, received: AT }] },
    [["clock unknown", /No server's Date/, "Access-Control-Expose-Headers: Date"]],
  ],
  ["a slow answer is no skew", { dates: [{ origin: API, date: AT, sent: AT, received: AT + 14_000 }] }, []],
  [
    "no CORS",
    { ...far({ outcome: "cors" }), status: { ...status, signedIn: false } },
    [
      ["cors fault", /does not let this page read/, `Access-Control-Allow-Origin: ${PAGE}`],
      ["lifetime unknown", /Nobody is signed in/],
    ],
  ],
  ["no CORS, and signed in", far({ outcome: "cors" }), [["cors warning", /HEAD alone/, `Access-Control-Allow-Origin: ${PAGE}`]]],
  ["headers", far({ outcome: "headers" }), [["cors fault", /preflight/, "Access-Control-Allow-Headers: content-type"]]],
  [
    "cookies",
    far({ outcome: "credentials" }),
    [["cors fault", /with cookies/, `Access-Control-Allow-Origin: ${PAGE}\nAccess-Control-Allow-Credentials: true`]],
  ],
  [
    "cookies that were not tried, of which nobody who is signed in tells",
    { ...far({ outcome: "untried" }), status: { ...status, signedIn: false } },
    [
      ["cors unknown", /does not send/, `Access-Control-Allow-Origin: ${PAGE}\nAccess-Control-Allow-Credentials: true`],
      ["lifetime unknown", /Nobody is signed in/],
    ],
  ],
  ["cookies that were not tried, and signed in", far({ outcome: "untried" }), []],
  ["nobody there", far({ outcome: "unreachable" }), [["cors fault", /can't be reached/]]],
  [
    "mixed content",
    far({ origin: "http://api.example.com", outcome: "unreachable" }),
    [["cors fault", /not https/, "https://api.example.com"]],
  ],
  ["this computer is no mixed content", far({ origin: "http://localhost:8000" }), []],
  ["the page's own origin needs no CORS", far({ origin: PAGE, outcome: "headers" }), []],
  ["a templated address", { unknown: [{ flow: "signin", url: "{{ metadata.token_endpoint }}" }] }, [["cors unknown", /metadata/]]],
  ["no request", { endpoints: [] }, [["cors unknown", /functions and queries/]]],
  [
    "a policy that stops the API is told once, and not as CORS",
    { ...far({ outcome: "unreachable" }), violations: [1, 2].map(() => ({ directive: "connect-src", blocked: API })) },
    [["csp fault", /stopped a request to https:\/\/api/, `connect-src ${API}`]],
  ],
  ["a policy that stops somebody else", { violations: [{ directive: "connect-src", blocked: "https://ads.example" }] }, []],
  [
    "a policy that stops WebAssembly",
    { violations: [{ directive: "script-src", blocked: "wasm-eval" }] },
    [["csp fault", /WebAssembly/, "script-src 'self' 'wasm-unsafe-eval'"]],
  ],
  [
    "bare",
    { bare: ["https://b.example", "https://b.example"], allowed: [API] },
    [["origins warning", /https:\/\/b.example without a token/, `attach: { origins: ["${API}", "https://b.example"] }`]],
  ],
  [
    "no expiry",
    { status: { ...status, expiresAt: null }, lifetimeMs: null },
    [["lifetime warning", /no expiry/, 'tokens: { expiresIn: "data.ttl" }\nrefresh: { everySeconds: 300 }']],
  ],
  ["not seen yet", { lifetimeMs: null }, [["lifetime unknown", /sign in or refresh/]]],
  ["past on arrival", { lifetimeMs: -5 }, [["lifetime fault", /past its time/, 'tokens: { expiresIn: "expires_in" }']]],
  ["short", { lifetimeMs: 5000 }, [["lifetime warning", /live for 5 s/]]],
  ["30 s are not too short", { lifetimeMs: 30_000 }, []],
  ["a day is not too long", { lifetimeMs: 24 * HOUR }, []],
  ["long", { lifetimeMs: 72 * HOUR }, [["lifetime warning", /3 days: whoever/]]],
  [
    "milliseconds for seconds",
    { lifetimeMs: 1000 * 24 * HOUR },
    [["lifetime warning", /1000 days: seconds/, 'tokens: { expiresIn: "expires_in" }']],
  ],
  ["a cookie", { options: { ...options, hasNoTokens: true }, status: { ...status, expiresAt: null, hasRefreshToken: false } }, []],
  [
    "a refresh token for nothing",
    { options: { ...options, hasRefresh: false } },
    [["lifetime warning", /no flow that uses it/, undefined]],
  ],
  [
    "a refresh token missing",
    { status: { ...status, hasRefreshToken: false } },
    [["lifetime warning", /none where doorkey looks/, 'tokens: { refreshToken: "data.refresh" }']],
  ],
  ["a name twice in the page", { peers: [{ ...peer, isHere: true }] }, [["names fault", /Two copies/, 'name: "doorkey-2"']]],
  ["two panels of one session", { peers: [{ ...own, isHere: true }] }, []],
  [
    "a name twice in the origin",
    { peers: [{ ...peer, servers: ["https://b.example"] }] },
    [["names fault", /\/shop.*b\.example/, 'name: "doorkey-2"']],
  ],
  ["the same session in another tab", { peers: [peer] }, []],
  ["another name in another tab", { peers: [{ ...peer, name: "stock", servers: ["https://b.example"] }] }, []],
];

for (const [what, facts, expected] of TABLE) {
  test(`found: ${what}`, () => {
    const found = findingsOf({ ...WELL, ...facts }).filter(({ level }) => level !== "good");
    assert.deepEqual(
      found.map(({ about, level }) => `${about} ${level}`),
      expected.map(([name]) => name),
    );
    for (const [at, [, text, write]] of expected.entries()) {
      assert.match(found[at].text, text);
      if (write !== undefined) assert.equal(found[at].write, write);
    }
  });
}

test("what must be mended comes first", () => {
  const facts = {
    ...WELL,
    channel: "none",
    locks: "none",
    bare: ["https://b.example"],
    ...far({ outcome: "unreachable" }),
    lifetimeMs: null,
  };
  const levels = findingsOf(facts).map(({ level }) => level);
  assert.deepEqual([...new Set(levels)], ["fault", "warning", "unknown", "good"]);
});

test("of the options Diagnose takes names and addresses, and no value", () => {
  const secret = "s3cret";
  const given = filled({
    provider: { flows: { refresh: { url: "/refresh", json: {} } }, issuer: "https://id.example.com/" },
    flows: {
      signin: [
        { form: {} },
        {
          request: {
            url: `https://user:${secret}@api.example.com/token?key=${secret}#${secret}`,
            form: { secret },
            headers: { "X-Key": secret, Accept: secret },
          },
        },
        { authorize: { token: "{{ metadata.token_endpoint }}" } },
      ],
      revoke: {
        url: "https://api.example.com/revoke",
        headers: { "content-type": "application/x-www-form-urlencoded", Authorization: "" },
        body: "x",
        credentials: "include",
      },
      check: { url: "/me", credentials: "include" },
    },
    attach: { csrf: { cookie: "c", header: "X-CSRF" }, origins: ["https://b.example"] },
  });
  const found = endpointsOf(given, `${PAGE}/x/`);
  assert.deepEqual(found, {
    endpoints: [
      { flow: "signin", origin: API, path: "/token", headers: ["x-csrf", "x-key"], credentials: undefined },
      { flow: "refresh", origin: PAGE, path: "/refresh", headers: ["content-type", "x-csrf"], credentials: undefined },
      { flow: "revoke", origin: API, path: "/revoke", headers: ["x-csrf"], credentials: "include" },
      { flow: "check", origin: PAGE, path: "/me", headers: ["authorization"], credentials: "include" },
      { flow: "issuer", origin: "https://id.example.com", path: "/.well-known/openid-configuration", headers: [] },
    ],
    unknown: [{ flow: "signin", url: "{{ metadata.token_endpoint }}" }],
    others: ["https://b.example"],
  });
  assert.equal(JSON.stringify(found).includes(secret), false);
});

test("flows that are functions, queries or nothing have no address", () => {
  for (const flow of [undefined, null, () => 1, { run() {} }, [{ query: "login" }, { script: () => 1 }, null], "signin", 7]) {
    assert.deepEqual(endpointsOf(filled({ flows: { signin: flow } }), PAGE), { endpoints: [], unknown: [], others: [] });
  }
  assert.deepEqual(endpointsOf(filled(undefined), PAGE).endpoints, []);
});
