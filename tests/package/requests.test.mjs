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
  /** @type {Request[]} */
  const sent = [];
  const statuses = [200, 401, 200];
  globalThis.fetch = async (input, init) => {
    sent.push(new Request(/** @type {any} */ (input), init));
    return new Response("{}", { status: statuses.shift() });
  };
  await auth.signin();
  await auth.fetch(...given());
  await auth.fetch(...given());
  auth.dispose();
  return sent;
}

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
        for (const request of sent) {
          for (const member of MEMBERS) assert.equal(request[member], said[member], member);
          assert.equal(request.headers.get("content-type"), said.headers.get("content-type"));
          assert.equal(await request.text(), await said.clone().text());
        }
      });
    }
  }
}
