// @ts-check
// attach.body and the bodies of requests that are no text in the call: Requests, blobs, bytes. They are read where something
// goes into them, and nowhere else.
import assert from "node:assert/strict";
import { afterEach, before, beforeEach, test } from "node:test";
import { importPackage } from "../servers/package.mjs";

const API = "https://api.example";
const JSON_TYPE = { "content-type": "application/json" };
const FORM_TYPE = { "content-type": "application/x-www-form-urlencoded" };

/** @type {any} */
let doorkey;
before(async () => ({ doorkey } = await importPackage()));

const realFetch = globalThis.fetch;
const { clone } = Request.prototype;

/** What was sent: bodies as text. @type {string[]} */
let sent = [];
/** The statuses that are answered first. @type {number[]} */
let statuses = [];
/** How often a request was copied. */
let copies = 0;

beforeEach(() => {
  sent = [];
  statuses = [];
  copies = 0;
  Request.prototype.clone = function () {
    copies++;
    return clone.call(this);
  };
  globalThis.fetch = async (input, init) => {
    sent.push(await new Request(/** @type {any} */ (input), init).text());
    return new Response("{}", { status: statuses.shift() ?? 200 });
  };
});
afterEach(() => {
  globalThis.fetch = realFetch;
  Request.prototype.clone = clone;
});

let names = 0;

/** A session that is signed in. @param {object} [attach] */
async function signedIn(attach = { body: { key: "k" } }) {
  const tokens = () => ({ access_token: "token", refresh_token: "r", expires_in: 3600 });
  const flows = { signin: tokens, refresh: tokens };
  const auth = doorkey.createAuth({ name: `bodies-${++names}`, storage: "memory", flows, attach: { origins: [API], ...attach } });
  await auth.signin();
  return auth;
}

/** @param {any} body @param {any} [headers] @param {string} [url] */
const posted = (body, headers, url = `${API}/x`) =>
  new Request(url, /** @type {any} */ ({ method: "POST", body, headers, duplex: "half" }));

/** A stream of these parts, which ends after them, or never. @param {string[]} parts @param {boolean} [ends] */
const stream = (parts, ends = true) =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      if (ends) controller.close();
    },
  });

test("fields go into the JSON or form body of a Request, of a blob and of bytes", async () => {
  const auth = await signedIn();
  const blob = new Blob(['{"a":1}'], { type: "application/json" });
  const bytes = new TextEncoder().encode('{"a":"ü"}');
  const post = { method: "POST" };
  const rows = /** @type {[any, any, string][]} */ ([
    [posted('{"a":1}', JSON_TYPE), undefined, '{"a":1,"key":"k"}'],
    [posted(new URLSearchParams("a=1")), undefined, "a=1&key=k"],
    [posted("a=1&key=own", FORM_TYPE), undefined, "a=1&key=own"],
    [posted(blob), undefined, '{"a":1,"key":"k"}'],
    [posted(stream(['{"a"', ":1}"]), JSON_TYPE), undefined, '{"a":1,"key":"k"}'],
    [`${API}/x`, { ...post, body: blob }, '{"a":1,"key":"k"}'],
    [`${API}/x`, { ...post, body: bytes, headers: JSON_TYPE }, '{"a":"ü","key":"k"}'],
    [posted('{"a":1}', JSON_TYPE), { headers: { ...JSON_TYPE, "x-own": "1" } }, '{"a":1,"key":"k"}'],
    [posted('{"a":1}', JSON_TYPE), { body: '{"b":2}', headers: JSON_TYPE }, '{"b":2,"key":"k"}'],
  ]);
  for (const [input, init, expected] of rows) {
    await auth.fetch(input, init);
    assert.equal(sent.at(-1), expected);
  }
});

test("they are there the second time too, after a refresh", async () => {
  const auth = await signedIn();
  statuses = [401];
  assert.equal((await auth.fetch(posted('{"a":1}', JSON_TYPE))).status, 200);
  assert.deepEqual(sent, ['{"a":1,"key":"k"}', '{"a":1,"key":"k"}']);
});

test("what is no JSON and no form, is no UTF-8, or is longer than 1 MB is sent as it is", async () => {
  const auth = await signedIn();
  const long = `{"a":"${"x".repeat(1_000_000)}"}`;
  const rows = /** @type {[Request, string][]} */ ([
    [posted("plain"), "plain"],
    [posted('{"a":1}', { "content-type": "text/plain" }), '{"a":1}'],
    [posted("[1]", JSON_TYPE), "[1]"],
    [posted("{", JSON_TYPE), "{"],
    [posted(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), JSON_TYPE), '{"\ufffd":1}'],
    [posted(long, JSON_TYPE), long],
    [posted(stream([long, "tail"]), FORM_TYPE), `${long}tail`],
    [posted(undefined, FORM_TYPE), ""],
  ]);
  for (const [request, expected] of rows) {
    await auth.fetch(request);
    assert.equal(sent.at(-1), expected);
  }
});

test("a body is copied once, be it to be sent as it is or to be read where something goes into it", async () => {
  const rows = /** @type {[object | undefined, Request][]} */ ([
    [undefined, posted('{"a":1}', JSON_TYPE)],
    [undefined, posted("plain", { "content-type": "text/plain" })],
    [undefined, posted('{"a":1}', JSON_TYPE, "https://other.example/")],
    [{ query: { key: "k" } }, posted('{"a":1}', JSON_TYPE)],
    [{}, posted('{"a":1}', JSON_TYPE)],
  ]);
  for (const [attach, request] of rows) {
    const auth = await signedIn(attach);
    copies = 0;
    await auth.fetch(request);
    assert.equal(copies, 1, request.url);
  }
  const auth = await signedIn();
  await auth.logout();
  copies = 0;
  await auth.fetch(posted('{"a":1}', JSON_TYPE));
  assert.deepEqual([copies, sent.at(-1)], [1, '{"a":1}'], "signed out it goes as it is");
});

test("a stream in the call is refused as ever, and one that never ends in a Request keeps nobody waiting", async () => {
  const auth = await signedIn();
  const init = { method: "POST", body: stream(['{"a":1}']), duplex: "half", headers: JSON_TYPE };
  await assert.rejects(auth.fetch(`${API}/x`, init), { code: "ERR_INVALID_VALUE", path: "body" });
  assert.deepEqual(sent, []);
  globalThis.fetch = async (input) => new Response(/** @type {Request} */ (input).body);
  const { body } = await auth.fetch(posted(stream(['{"a":1'], false), JSON_TYPE));
  const { value } = await body.getReader().read();
  assert.equal(new TextDecoder().decode(value), '{"a":1', "what has come is not taken for the whole");
});
