// @ts-check
// What a page hands in, whatever it is: a typed error or a defined fallback, and the module goes on. How long it takes is
// linear.test.mjs's.
import assert from "node:assert/strict";
import { afterEach, before, test } from "node:test";
import { importPackage } from "../servers/package.mjs";

/** @type {any} */
let doorkey;
before(async () => ({ doorkey } = await importPackage()));

const flows = {
  signin: () => ({ access_token: "first", refresh_token: "r", expires_in: 3600 }),
  refresh: () => ({ access_token: "second", expires_in: 3600 }),
};

let count = 0;
/** @param {object} [options] */
const open = (options) => doorkey.createAuth({ name: `edge${++count}`, storage: "memory", ...options });

/** How a call ended: "ok", or the code and the path. @param {() => any} call */
async function outcome(call) {
  try {
    await call();
    return "ok";
  } catch (thrown) {
    assert.equal(doorkey.isAuthError(thrown), true, `${String(thrown)} is no AuthError`);
    return [thrown.code, thrown.path];
  }
}

/** A session made by other options than those that are wrong goes on. */
afterEach(async () => {
  const auth = open({ flows });
  await auth.signin();
  assert.equal(auth.status().signedIn, true);
  auth.dispose();
});

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function nested() {
  let value = /** @type {unknown} */ (1);
  for (let depth = 0; depth < 100_000; depth++) value = [value];
  return value;
}

/** What can be no data, and where in `{ v }` that is seen. */
const UNFIT = /** @type {[string, () => any, string][]} */ ([
  ["a symbol", () => Symbol("x"), "v"],
  ["a bigint", () => 1n, "v"],
  ["a large typed array", () => new Uint8Array(2e7), "v"],
  ["a buffer", () => new ArrayBuffer(8), "v"],
  [
    "a getter that throws",
    () => ({
      get a() {
        throw new Error("no");
      },
    }),
    "v.a",
  ],
  [
    "a getter that throws a proxy that is revoked",
    () => ({
      get a() {
        throw revoked();
      },
    }),
    "v.a",
  ],
  [
    "an array with such a getter",
    () =>
      Object.defineProperty([1], 0, {
        get() {
          throw undefined;
        },
      }),
    "v[0]",
  ],
  [
    "a proxy of an array that throws",
    () =>
      new Proxy([], {
        get() {
          throw new Error("no");
        },
      }),
    "v",
  ],
  ["a proxy of an array whose length is none", () => new Proxy([], { get: () => Symbol("x") }), "v"],
  ["a proxy that is revoked", revoked, "v"],
  [
    "a toJSON that throws",
    () => ({
      toJSON() {
        throw new Error("no");
      },
    }),
    "v",
  ],
  [
    "what holds itself",
    () => {
      const a = /** @type {any} */ ({});
      a.a = a;
      return a;
    },
    `v${".a".repeat(14)}…`,
  ],
  ["a depth of 100,000", nested, `v${"[0]".repeat(14)}…`],
  ["2e8 control characters", () => "\u0001".repeat(2e8), "v"],
  ["a million numbers", () => Array(1e6).fill(0), "v"],
  ["an array of nothing but holes", () => Array(1e9), "v"],
]);

for (const [what, make, path] of UNFIT) {
  test(`${what}: refused in inputs, options and stored values, with the path`, async () => {
    const start = performance.now();
    const v = make();
    assert.deepEqual(await outcome(() => open({ flows }).signin({ v })), ["ERR_INVALID_VALUE", `inputs.${path}`]);
    assert.deepEqual(await outcome(() => open({ flows: { signin: [{ request: { url: "https://x.example/", json: v } }] } })), [
      "ERR_INVALID_OPTION",
      `flows.signin[0].request.json${shorter(path)}`,
    ]);
    // A million numbers are no matter for a store.
    if (what !== "a million numbers") assert.equal((await outcome(() => open().storeValue("k", v)))[0], "ERR_INVALID_VALUE");
    assert.ok(performance.now() - start < 5000, `${performance.now() - start} ms`);
  });

  test(`${what}: as a host's result, response, failure, record or argument it is a typed error, and the call settles`, async () => {
    const v = make();
    const endpoint = { signin: { url: "https://x.example/" } };
    const calls = /** @type {(() => any)[]} */ ([
      () => open({ flows: { signin: () => v } }).signin(),
      () =>
        open({
          flows: {
            signin: () => {
              throw v;
            },
          },
        }).signin(),
      ...[
        { status: v, headers: {}, body: "{}" },
        { status: 200, headers: { a: v }, body: "{}" },
        { status: 200, headers: v, body: v },
        v,
      ].map((given) => () => open({ host: { http: () => given }, flows: endpoint }).signin()),
      () => open({ host: { prompt: () => v }, flows: { signin: [{ form: {} }] } }).signin(),
      () => open().storeValue(v, 1),
      () => doorkey.claims(v),
      ...["fetch", "guard", "run", "test"].map((member) => () => open()[member](v)),
      ...["logout", "refreshAccessToken", "accessToken"].map((member) => () => open()[member]({ v })),
      () => open().on(v, () => {}),
      () => open().watch("k", v),
    ]);
    for (const call of calls) assert.notEqual(await outcome(call), "ok", String(call));
    const store = { get: () => v, set: () => v, remove: () => v };
    assert.equal(
      await outcome(() => open({ storage: "host", host: { store, navigateTo: () => v, notify: () => v }, flows }).signin()),
      "ok",
    );
    assert.equal(open({ flows }).status({ doorkey: v }).signedIn, false);
    assert.equal(await outcome(() => open({ flows }).status(v)), "ok");
  });
}

/** Where `v` is what stands under a longer path, of which less is shown. @param {string} path */
const shorter = (path) => path.slice(1).replace(/^(\.a|\[0\]){14}/, (_all, part) => part.repeat(10));

test("a key or a name with half a surrogate pair is refused, and never another's", async () => {
  const auth = open({ flows });
  await auth.storeValue("\u{1f600}", 1);
  for (const key of ["\ud800", "a\udc00", "\udc00\ud800"]) {
    const refused = ["ERR_INVALID_VALUE", "key"];
    assert.deepEqual(await outcome(() => auth.storeValue(key, 1)), refused);
    assert.deepEqual(await outcome(() => auth.removeValue(key)), refused);
    assert.deepEqual(await outcome(() => auth.watch(key, () => {})), refused);
    assert.equal(auth.getValue(key), undefined);
    assert.deepEqual(await outcome(() => doorkey.createAuth({ name: key, storage: "memory" })), ["ERR_INVALID_OPTION", "name"]);
  }
  assert.deepEqual(auth.values(), { "\u{1f600}": 1 });
  auth.dispose();
});

test("a clock that gives no moment is the last moment that it gave", async () => {
  const { now } = Date;
  for (const bad of [
    () => 1n,
    () => "noon",
    () => Number.NaN,
    () => -5,
    () => Symbol("x"),
    () => {
      throw new Error("no");
    },
  ]) {
    Date.now = /** @type {any} */ (bad);
    try {
      const auth = open({ flows });
      await auth.signin();
      assert.equal(auth.status().signedIn, true, String(bad));
      assert.equal(await auth.accessToken(), "first", String(bad));
      auth.dispose();
    } finally {
      Date.now = now;
    }
  }
});

test("a fetch of the page's own making may answer with anything", async () => {
  const real = globalThis.fetch;
  const answers = /** @type {any[]} */ ([
    { status: 1n },
    { status: Symbol("x") },
    Object.create(null),
    {
      get status() {
        throw new Error("no");
      },
    },
    undefined,
    {
      status: 200,
      headers: {
        get() {
          throw new Error("no");
        },
      },
      text: () => "{}",
    },
    { status: 200, headers: new Headers(), text: () => Promise.reject(Symbol("x")) },
    { status: 200, headers: new Headers(), text: () => 1n },
  ]);
  for (const answer of answers) {
    globalThis.fetch = async () => answer;
    try {
      const auth = open({ flows: { signin: { url: "https://x.example/" } } });
      assert.notEqual(await outcome(() => auth.signin()), "ok");
      assert.equal(await auth.fetch("https://x.example/"), answer);
    } finally {
      globalThis.fetch = real;
    }
  }
});

test("a name whose letters are the bytes of another is another", () => {
  // Each of these pairs comes to the same place in the table of names that are known.
  for (const name of ["\u009e\u04c4", "\u009e\u04cb", "\u009e\u04d2"]) {
    const bytes = String.fromCharCode(...Buffer.from(name));
    const claims = { [bytes]: 1, [name]: 2 };
    assert.deepEqual(doorkey.claims(`x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.y`), claims);
  }
});

test("a recursion of the page that runs away and calls doorkey on the way down is the page's", async () => {
  for (const call of ["status", "trace", "accessToken", "storeValue", "signin", "createAuth", "claims", "fetch"]) {
    const auth = open({ flows });
    await auth.signin();
    /** @type {Promise<unknown>[]} */
    const promises = [];
    const codes = new Set();
    const down = () => {
      try {
        if (call === "createAuth") open({ flows });
        else if (call === "claims") doorkey.claims("x.e30.y");
        // Of a store, since what is known is given without the module: then the stack is the page's alone.
        else if (["status", "trace"].includes(call)) auth[call]({});
        else
          promises.push(
            auth[call]("k", 1).then(
              () => "ok",
              (/** @type {any} */ error) => error.code,
            ),
          );
      } catch (/** @type {any} */ error) {
        codes.add(error.code ?? error.name);
      }
      down();
    };
    assert.throws(down, RangeError);
    for (const code of await Promise.all(promises)) codes.add(code);
    assert.ok(codes.has("ERR_NOT_READY"), `${call}: ${[...codes]}`);
    assert.equal(await auth.accessToken(), "first", call);
    auth.dispose();
  }
});

test("a function of the language that calls doorkey while doorkey uses it gets a typed error, or waits its turn", async () => {
  const auth = open({ flows: { signin: [{ define: { a: "{{ upper(inputs.x) }}" } }, { script: () => ({ access_token: "t" }) }] } });
  const real = String.prototype.toUpperCase;
  /** @type {unknown[]} */
  const codes = [];
  /** @type {Promise<any>[]} */
  const promises = [];
  String.prototype.toUpperCase = function () {
    for (const call of [() => auth.status(), () => doorkey.createAuth({ name: "within" }), () => auth.configure]) {
      try {
        call();
      } catch (/** @type {any} */ error) {
        codes.push(error.code);
      }
    }
    promises.push(auth.storeValue("k", 1));
    return real.call(this);
  };
  try {
    await auth.signin({ x: "a" });
  } finally {
    String.prototype.toUpperCase = real;
  }
  assert.deepEqual([...new Set(codes)], ["ERR_NOT_READY"]);
  assert.deepEqual(
    await Promise.all(promises),
    promises.map(() => ({})),
  );
  assert.equal(auth.getValue("k"), 1);
});

test("what a page puts on all objects changes nothing", async () => {
  const names = [
    "redirect",
    "disposed",
    "isDisposed",
    "session",
    "store",
    "1",
    "op",
    "id",
    "host",
    "name",
    "url",
    "body",
    "error",
    "path",
    "cause",
    "text",
    "reason",
    "at",
    "value",
    "writable",
    "toJSON",
    "run",
    "http",
  ];
  for (const name of names)
    Object.defineProperty(Object.prototype, name, { value: "polluted", configurable: true, writable: true, enumerable: false });
  try {
    const auth = doorkey.createAuth({ name: "polluted", storage: "memory", flows });
    const heard = new Promise((resolve) => auth.on("signedIn", resolve));
    assert.equal((await auth.signin({ a: 1 })).ok, true);
    assert.deepEqual(Object.keys(/** @type {any} */ (await heard)), ["type", "at"]);
    await auth.storeValue("theme", { a: [1] });
    assert.deepEqual(auth.values().theme.a, [1]);
    assert.equal(await auth.accessToken(), "first");
    assert.equal((await auth.refreshAccessToken({ force: true })).refreshed, true);
    const error = await auth.guard("nothing").catch((/** @type {any} */ thrown) => thrown);
    assert.deepEqual([error.code, Object.hasOwn(error, "cause"), Object.hasOwn(error, "status")], ["ERR_INVALID_OPTION", false, false]);
    assert.equal((await auth.logout()).ok, true);
    auth.dispose();
  } finally {
    for (const name of names) delete (/** @type {any} */ (Object.prototype)[name]);
  }
});
