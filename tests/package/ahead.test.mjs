// @ts-check
// Requests that go ahead of the wasm: each that gets anything but a plain answer, or none, comes to the same end as one that does not.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { importPackage } from "../servers/package.mjs";

/** @typedef {import("node:http").IncomingMessage} Incoming */
/** @typedef {import("node:http").ServerResponse} Outgoing */

/** @type {any} */
let doorkey;
/** @type {import("node:http").Server} */
let server;
let origin = "";
/** What was asked: method, path, token and body. @type {string[]} */
let asked = [];
/** How the next requests are answered; one without is answered with 200. @type {((request: Incoming, response: Outgoing) => void)[]} */
let answers = [];

before(async () => {
  ({ doorkey } = await importPackage());
  server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const token = request.headers.authorization ?? "none";
    asked.push([request.method, request.url, token, body].join(" ").trim());
    const answer = answers.shift() ?? ((_, response) => response.end("fine"));
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  origin = `http://127.0.0.1:${port}`;
});
after(() => {
  server.close();
  server.closeAllConnections();
});
/** @type {any[]} */
let sessions = [];
afterEach(() => {
  for (const auth of sessions) auth.dispose();
  [sessions, asked, answers] = [[], [], []];
});

let names = 0;
/** A session that has asked once: what comes goes ahead. @param {Record<string, any>} [options] */
async function ready(options) {
  let given = 0;
  const tokens = () => ({ access_token: `token-${++given}`, refresh_token: "r", expires_in: 3600 });
  const flows = { signin: tokens, refresh: tokens };
  const auth = doorkey.createAuth({ name: `ahead-${++names}`, storage: "memory", attach: { origins: [origin] }, flows, ...options });
  sessions.push(auth);
  await auth.signin();
  await text(auth.fetch(`${origin}/first`));
  await proveThatItGoesAhead(auth);
  asked = [];
  return auth;
}

/** One that goes ahead is sent in the call, with the address alone and a plain object of headers. @param {any} auth */
async function proveThatItGoesAhead(auth) {
  const { fetch: real } = globalThis;
  /** @type {unknown[]} */
  const sent = [];
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {unknown} */ input, /** @type {any} */ init) => {
      sent.push(input, Object.keys(init.headers));
      return new Response();
    }
  );
  const call = auth.fetch(`${origin}/proof`);
  globalThis.fetch = real;
  await call;
  assert.deepEqual(sent, [`${origin}/proof`, ["Authorization"]]);
}

/** @param {Promise<Response>} sent */
const text = async (sent) => (await sent).text();
const refuse = (/** @type {Incoming} */ _, /** @type {Outgoing} */ response) => void response.writeHead(401).end("refused");
/** Answers nothing; gives when the connection is gone. */
function silent() {
  /** @type {Promise<unknown>} */
  const gone = new Promise((resolve) => answers.push((_, response) => response.on("close", () => resolve(true))));
  return { gone, begun: () => until(() => answers.length === 0) };
}
/** @param {() => boolean} isSo */
async function until(isSo) {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
}
/** @param {Promise<any>} call */
const codeOf = (call) =>
  call.then(
    () => "none",
    (/** @type {any} */ error) => error.code,
  );

test("what is asked for arrives as it was given, with the token", async () => {
  const auth = await ready();
  await text(auth.fetch(`${origin}/url`));
  await text(auth.fetch(new URL(`${origin}/an-url`)));
  await text(auth.fetch(`${origin}/text`, { method: "POST", body: "a body", headers: { "X-Own": "1" } }));
  await text(auth.fetch(new Request(`${origin}/request`, { method: "PUT", body: new Uint8Array([104, 105]) })));
  assert.deepEqual(asked, [
    "GET /url Bearer token-1",
    "GET /an-url Bearer token-1",
    "POST /text Bearer token-1 a body",
    "PUT /request Bearer token-1 hi",
  ]);
});

test("one that is refused is refreshed for and sent once more, and never a third time", async () => {
  const auth = await ready();
  answers = [refuse];
  assert.equal(await text(auth.fetch(`${origin}/url`)), "fine");
  assert.deepEqual(asked, ["GET /url Bearer token-1", "GET /url Bearer token-2"]);
  await text(auth.fetch(`${origin}/first`));
  asked = [];

  // A refusal right after a refresh asks for no other: the server refuses for another reason.
  answers = [refuse];
  const response = await auth.fetch(`${origin}/text`, { method: "POST", body: "once" });
  assert.deepEqual([response.status, await response.text()], [401, "refused"]);
  assert.deepEqual(asked, ["POST /text Bearer token-2 once"]);

  const other = await ready();
  answers = [refuse, refuse, refuse];
  assert.equal((await other.fetch(`${origin}/text`, { method: "POST", body: "twice" })).status, 401);
  assert.deepEqual(asked, ["POST /text Bearer token-1 twice", "POST /text Bearer token-2 twice"]);
});

test("what its maker changes meanwhile is not sent", async () => {
  const auth = await ready();
  const headers = new Headers({ "X-Own": "before" });
  const init = { method: "POST", body: "before", headers };
  /** @type {(string | string[] | undefined)[]} */
  const own = [];
  answers = [
    (request, response) => {
      own.push(request.headers["x-own"]);
      headers.set("X-Own", "after");
      init.body = "after";
      refuse(request, response);
    },
    (request, response) => {
      own.push(request.headers["x-own"]);
      response.end();
    },
  ];
  await text(auth.fetch(`${origin}/text`, init));
  assert.deepEqual(own, ["before", "before"]);
  assert.deepEqual(asked, ["POST /text Bearer token-1 before", "POST /text Bearer token-2 before"]);
});

test("a token goes nowhere else, and no token takes the place of the caller's", async () => {
  const auth = await ready();
  const other = createServer((request, response) => response.end(request.headers.authorization ?? "none")).listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (other.address());
  assert.equal(await text(auth.fetch(`http://127.0.0.1:${port}/`)), "none");
  assert.equal(await text(auth.fetch(`http://127.0.0.1:${port}/${origin}/`)), "none");
  other.close();
  other.closeAllConnections();
  await text(auth.fetch(`${origin}/own`, { headers: { Authorization: "Own" } }));
  assert.deepEqual(asked, ["GET /own Own"]);
});

test("its maker can end it, and the connection is free", async () => {
  const auth = await ready();
  const { gone, begun } = silent();
  const own = new AbortController();
  const call = auth.fetch(`${origin}/url`, { signal: own.signal });
  await begun();
  own.abort(new Error("no longer"));
  const error = await call.catch((/** @type {unknown} */ thrown) => thrown);
  assert.deepEqual([error.code, error.cause.message], ["ERR_CANCELLED", "no longer"]);
  await gone;
  assert.equal(await codeOf(auth.fetch(`${origin}/url`, { signal: AbortSignal.abort() })), "ERR_CANCELLED");
  assert.equal(asked.length, 1, "what is ended before it begins is not sent");
});

test("the end of the session ends it, and the connection is free", async () => {
  const auth = await ready();
  const { gone, begun } = silent();
  const call = codeOf(auth.fetch(`${origin}/url`));
  await begun();
  auth.dispose();
  assert.equal(await call, "ERR_DISPOSED");
  await gone;
});

test("the time limit ends it, and the connection is free", async () => {
  const auth = await ready({ timeoutSeconds: 1.5 });
  const { gone } = silent();
  assert.equal(await codeOf(auth.fetch(`${origin}/url`)), "ERR_UNREACHABLE");
  await gone;
});

test("one that takes longer than it is alone gets its answer, and a refusal its refresh", async () => {
  const auth = await ready();
  const later = (/** @type {() => void} */ answer) => void setTimeout(answer, 1300);
  answers = [(_, response) => later(() => response.end("slow")), (request, response) => later(() => refuse(request, response))];
  const first = text(auth.fetch(`${origin}/slow`));
  await until(() => asked.length === 1);
  const second = text(auth.fetch(`${origin}/refused`));
  assert.deepEqual(await Promise.all([first, second]), ["slow", "fine"]);
  assert.deepEqual(asked, ["GET /slow Bearer token-1", "GET /refused Bearer token-1", "GET /refused Bearer token-2"]);
});

test("a sign-out meanwhile changes nothing for it, and the next goes out bare", async () => {
  const auth = await ready();
  const { promise: signedOut, resolve } = Promise.withResolvers?.() ?? deferred();
  answers = [(request, response) => void signedOut.then(() => refuse(request, response))];
  const call = text(auth.fetch(`${origin}/url`));
  await until(() => asked.length === 1);
  await auth.logout();
  resolve(undefined);
  assert.equal(await call, "refused");
  await text(auth.fetch(`${origin}/url`));
  assert.deepEqual(asked, ["GET /url Bearer token-1", "GET /url none"]);
});

function deferred() {
  /** @type {(value: unknown) => void} */
  let resolve = () => {};
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

test("a refresh meanwhile gives the next its token at once", async () => {
  const auth = await ready();
  await auth.refreshAccessToken({ force: true });
  await text(auth.fetch(`${origin}/url`));
  await text(auth.fetch(`${origin}/url`));
  assert.deepEqual(asked, ["GET /url Bearer token-2", "GET /url Bearer token-2"]);
});

test("other options count from the next request on", async () => {
  const auth = await ready();
  const flows = { signin: () => ({}) };
  doorkey.createAuth({ name: `ahead-${names}`, storage: "memory", attach: { origins: ["https://other.example"] }, flows });
  await text(auth.fetch(`${origin}/url`));
  assert.deepEqual(asked, ["GET /url none"]);
});

test("what a caller's own getter changes counts for the request that it is of", async () => {
  const other = createServer((request, response) => response.end(request.headers.authorization ?? "none")).listen(0, "127.0.0.1");
  await once(other, "listening");
  const elsewhere = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (other.address()).port}`;
  const auth = await ready();
  const name = `ahead-${names}`;
  const given = { name, storage: "memory", flows: { signin: () => ({}) } };
  const changing = {
    get method() {
      doorkey.createAuth({ ...given, attach: { origins: [elsewhere] } });
      auth.fetch(`${elsewhere}/inner`).catch(() => {});
      return "GET";
    },
  };
  await text(auth.fetch(`${origin}/url`, changing));
  assert.deepEqual(asked, ["GET /url none"]);
  const ending = {
    get method() {
      auth.logout();
      return "GET";
    },
  };
  assert.equal(await text(auth.fetch(`${elsewhere}/`, ending)), "none");
  other.close();
  other.closeAllConnections();
});

test("a page whose timers are its own makes no difference", async () => {
  const auth = await ready();
  const { setTimeout: real } = globalThis;
  // The timer of those before has gone off.
  await new Promise((resolve) => real(resolve, 1100));
  globalThis.setTimeout = /** @type {any} */ (() => {});
  try {
    assert.equal(await text(auth.fetch(`${origin}/url`)), "fine");
  } finally {
    globalThis.setTimeout = real;
  }
});

test("an origin that is spelled as no browser spells it gets no token by going ahead", async () => {
  const auth = await ready({ attach: { origins: [origin, "http://m\u00fcller.example"] } });
  const { fetch: real } = globalThis;
  /** @type {any[]} */
  const sent = [];
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {any} */ input, /** @type {any} */ init) => {
      sent.push(new Request(input, init).headers.get("authorization"));
      return new Response();
    }
  );
  try {
    await auth.fetch("http://m\u00fcller.example/x");
    await auth.fetch("http://m\u00fcller.example/x", {});
  } finally {
    globalThis.fetch = real;
  }
  assert.equal(sent[0], sent[1], "with or without words about it");
});

test("a listener that asks while the session ends sends no token of it", async () => {
  const auth = await ready();
  /** @type {Promise<string>[]} */
  const sent = [];
  auth.on("signedOut", () => sent.push(text(auth.fetch(`${origin}/late`))));
  await auth.logout();
  await until(() => sent.length > 0);
  await Promise.all(sent);
  assert.deepEqual(asked, ["GET /late none"]);
});

test("a data field is told that nothing can be awaited", async () => {
  const auth = await ready();
  /** @type {any} */ (globalThis).$isDataField = true;
  try {
    assert.equal(await codeOf(auth.fetch(`${origin}/url`)), "ERR_HOST");
  } finally {
    delete (/** @type {any} */ (globalThis).$isDataField);
  }
  assert.deepEqual(asked, []);
});

test("an answer of a page's own making is the caller's, and a fetch that fails is told with its cause", async () => {
  const auth = await ready();
  const { fetch: real } = globalThis;
  const answer = { status: 200, ok: true };
  try {
    globalThis.fetch = /** @type {any} */ (async () => answer);
    assert.equal(await auth.fetch(`${origin}/url`), answer);
    globalThis.fetch = /** @type {any} */ (
      () => {
        throw new TypeError("blocked");
      }
    );
    const error = await auth.fetch(`${origin}/url`).catch((/** @type {unknown} */ thrown) => thrown);
    assert.deepEqual([error.code, error.cause.message], ["ERR_UNREACHABLE", "blocked"]);
    globalThis.fetch = /** @type {any} */ (async () => new Response("", { headers: { "grpc-status": "16" } }));
    await auth.fetch(`${origin}/url`);
  } finally {
    globalThis.fetch = real;
  }
  assert.equal(await auth.accessToken(), "token-2", "gRPC says UNAUTHENTICATED with 200");
});

test("a clock that is put forward to the token's end sends nothing ahead", async () => {
  const auth = await ready();
  const { now } = Date;
  Date.now = () => now() + 3600_000;
  try {
    await text(auth.fetch(`${origin}/url`));
  } finally {
    Date.now = now;
  }
  assert.deepEqual(asked, ["GET /url Bearer token-2"]);
});

test("a process that has asked can end at once", async () => {
  const auth = await ready();
  await text(auth.fetch(`${origin}/url`));
  assert.deepEqual(timersLeft(), []);
});

/** What keeps this process alive. */
const timersLeft = () => /** @type {any} */ (process).getActiveResourcesInfo().filter((/** @type {string} */ name) => name === "Timeout");

test("its maker can end it while its body comes, whatever is kept of the request", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  for (const options of [{}, { refresh: { when: "{{ response.headers['x-over'] }}" } }]) {
    const auth = doorkey.createAuth({
      name: `ahead-${++names}`,
      storage: "memory",
      attach: { origins: [origin] },
      flows: { signin },
      ...options,
    });
    sessions.push(auth);
    await auth.signin();
    await text(auth.fetch(`${origin}/first`));
    const own = new AbortController();
    answers = [(_, response) => void response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n")];
    const response = await auth.fetch(`${origin}/stream`, { signal: own.signal });
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      collect();
    }
    own.abort();
    const late = new Promise((_, reject) => setTimeout(reject, 10_000, new Error("nobody heard of it")).unref());
    await assert.rejects(Promise.race([response.text(), late]), { name: "AbortError" });
  }
});

const signin = () => ({ access_token: "a-token", expires_in: 3600 });
