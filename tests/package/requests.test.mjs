// @ts-check
// What a request says of itself is sent as it was said, whichever way it goes out, the second time too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { importPackage } from "../servers/package.mjs";

const API = "https://api.example";
const ADDRESS = `${API}/x`;
const SAID = /** @type {const} */ ({
  method: "PUT",
  referrer: "",
  referrerPolicy: "no-referrer",
  credentials: "omit",
  cache: "no-cache",
  redirect: "error",
  mode: "same-origin",
  integrity: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
  keepalive: true,
});

/** @type {any} */
let doorkey;
before(async () => ({ doorkey } = await importPackage()));

const realFetch = globalThis.fetch;
after(() => {
  globalThis.fetch = realFetch;
});

const BODIES = {
  "no body": undefined,
  "a text": "a text",
  "an empty text": "",
  "a form": new URLSearchParams({ a: "b c" }),
  bytes: new TextEncoder().encode("bytes"),
};
const WAYS = {
  "goes ahead": {},
  "goes by core": { refresh: { when: "{{ response.status == 401 }}" } },
  "goes elsewhere": { attach: { origins: ["https://else.example"] } },
  "goes to another address": { attach: { origins: [API], query: { key: "k" } } },
};

let names = 0;

/** What is sent for two calls, the second of which is refused at first. @param {object} options @param {() => unknown[]} given the arguments of each */
async function sentFor(options, given) {
  const tokens = () => ({ access_token: "token", refresh_token: "r", expires_in: 3600 });
  const flows = { signin: tokens, refresh: tokens };
  const auth = doorkey.createAuth({ name: `requests-${++names}`, storage: "memory", flows, attach: { origins: [API] }, ...options });
  /** @type {(Request & { next?: unknown })[]} */
  const sent = [];
  const statuses = [200, 401, 200];
  globalThis.fetch = async (input, init) => {
    sent.push(Object.assign(new Request(/** @type {any} */ (input), init), { next: /** @type {any} */ (init)?.next }));
    return new Response("{}", { status: statuses.shift() });
  };
  await auth.signin();
  await auth.fetch(...given());
  await auth.fetch(...given());
  auth.dispose();
  return sent;
}

/** A request that is sent again is of a page that is still there. */
const AGAIN = 2;

const MEMBERS = /** @type {(keyof typeof SAID)[]} */ (Object.keys(SAID));

for (const [way, options] of Object.entries(WAYS)) {
  for (const [what, body] of Object.entries(BODIES)) {
    const init = { ...SAID, body };
    const said = new Request(ADDRESS, init);
    const forms = { "a URL and what is said": () => [ADDRESS, init], "a Request": () => [said.clone()] };
    for (const [form, given] of Object.entries(forms)) {
      test(`${form}, with ${what}, that ${way}`, async () => {
        const sent = await sentFor(options, given);
        assert.equal(sent.length, way === "goes elsewhere" ? 2 : 3);
        for (const [at, request] of sent.entries()) {
          for (const member of MEMBERS) {
            assert.equal(request[member], member === "keepalive" && at === AGAIN ? false : said[member], member);
          }
          assert.equal(request.headers.get("content-type"), said.headers.get("content-type"));
          assert.equal(await request.text(), await said.clone().text());
        }
      });
    }
  }
}

for (const [way, options] of Object.entries(WAYS)) {
  test(`what only one runtime knows, in a request that ${way}`, async () => {
    const next = { revalidate: 60 };
    for (const { next: found } of await sentFor(options, () => [ADDRESS, { method: "POST", body: "text", next }])) {
      assert.equal(found, next);
    }
  });

  test(`a form with a file, changed after the call, in a request that ${way}`, async () => {
    const sent = await sentFor(options, () => {
      const body = new FormData();
      body.append("file", new File(["bytes"], "a.txt", { type: "text/plain" }));
      setTimeout(() => body.append("late", "x"));
      return [ADDRESS, { method: "POST", body }];
    });
    for (const request of sent) {
      const [[name, file], ...others] = [...(await request.formData())];
      assert.deepEqual(
        [name, /** @type {File} */ (file).name, await /** @type {File} */ (file).text(), others],
        ["file", "a.txt", "bytes", []],
      );
    }
  });

  test(`each member is read once, in a request that ${way}`, async () => {
    let reads = 0;
    const init = () => [
      ADDRESS,
      {
        method: "POST",
        get body() {
          return `text ${++reads}`;
        },
      },
    ];
    const texts = await Promise.all((await sentFor(options, init)).map((request) => request.text()));
    assert.deepEqual(texts, ["text 1", "text 2", "text 2"].slice(0, texts.length));
  });
}

const { any } = AbortSignal;
const SIGNALS = { "of a browser of today": any, "of one that can't join signals": undefined };
for (const [where, join] of Object.entries(SIGNALS)) {
  test(`a signal that lives on keeps no more of the calls that are over than a Request of each: ${where}`, async () => {
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    const { signal } = new AbortController();
    let listeners = 0;
    EventTarget.prototype.addEventListener = function (...given) {
      if (this === signal) listeners++;
      return addEventListener.apply(this, given);
    };
    EventTarget.prototype.removeEventListener = function (...given) {
      if (this === signal) listeners--;
      return removeEventListener.apply(this, given);
    };
    Object.assign(AbortSignal, { any: join });
    try {
      const tokens = () => ({ access_token: "token", expires_in: 3600 });
      const auth = doorkey.createAuth({ name: "signals", storage: "memory", flows: { signin: tokens }, attach: { origins: [API] } });
      globalThis.fetch = async () => new Response("{}");
      await auth.signin();
      const init = { method: "POST", body: "text", signal };
      for (let time = 0; time < 5; time++) new Request(ADDRESS, init);
      const own = listeners;
      for (let time = 0; time < 5; time++) await auth.fetch(ADDRESS, init);
      assert.equal(listeners, 2 * own);
      auth.dispose();
    } finally {
      Object.assign(EventTarget.prototype, { addEventListener, removeEventListener });
      Object.assign(AbortSignal, { any });
    }
  });
}

test("a request of a page's own tags (no-cors) takes no token elsewhere, and has the session's cookies", async () => {
  /** @type {Request[]} */
  const sent = [];
  globalThis.fetch = async (input, init) => {
    sent.push(new Request(/** @type {any} */ (input), init));
    return new Response("{}");
  };
  const tokens = () => ({ access_token: "token", expires_in: 3600 });
  const shared = { storage: "memory", flows: { signin: tokens } };
  const attach = { origins: [API], body: { token: "{{ session.accessToken }}" } };
  const auth = doorkey.createAuth({ ...shared, name: "tags", attach });
  await auth.signin();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  await auth.fetch(new Request(ADDRESS, { method: "POST", mode: "no-cors", headers, body: "a=1" }));
  const cookie = doorkey.createAuth({ ...shared, name: "tags-cookie", tokens: false, flows: { signin: { url: `${API}/signin` } } });
  await cookie.signin();
  await cookie.fetch(new Request(ADDRESS, { mode: "no-cors" }));
  assert.deepEqual([await sent[0].text(), sent[0].redirect, sent.at(-1)?.credentials], ["a=1&token=token", "error", "include"]);
  for (const session of [auth, cookie]) session.dispose();
});
