// @ts-check
// Everything that once stopped a page for good, and a panic: what each call gave, and whether another session goes on.
// Runs in a page and in Node alike.

/** Names of what a page hands in, each with the call that does. @type {Record<string, (auth: any, createAuth: any) => unknown>} */
const HOSTILE = {
  "a throwing getter in an array of inputs": (auth) =>
    auth.signin(
      Object.defineProperty([1], 0, {
        get() {
          throw new Error("no");
        },
      }),
    ),
  "a Proxy that throws": (auth) => auth.signin(throwing()),
  "a Proxy as options": (_, createAuth) => createAuth(throwing()),
  "a host's result that throws": (auth) => auth.run({ run: () => throwing() }),
  "a status that is a symbol": (_, createAuth) => answered(createAuth, { status: Symbol("200") }),
  "a status that is a BigInt": (_, createAuth) => answered(createAuth, { status: 200n }),
  "a status that throws": (_, createAuth) =>
    answered(createAuth, {
      get status() {
        throw new Error("no");
      },
      body: {},
    }),
  "an answer without a prototype": (_, createAuth) => answered(createAuth, { status: Object.create(null) }),
  "an answer that throws": (_, createAuth) => answered(createAuth, throwing()),
  "a huge value": (auth) => auth.storeValue("huge", new Uint8Array(2e7)),
  "a million control characters": (auth) => auth.signin({ text: "\u0001".repeat(2 ** 20) }),
  "two hundred million control characters": (auth) => auth.signin({ text: "\u0001".repeat(2e8) }),
  "a check of twelve requests with large answers": (_, createAuth) => checked(createAuth, 12, 0.9e6),
  "a clock that gives a BigInt": (auth) => {
    const { now } = Date;
    Date.now = /** @type {any} */ (() => 5n);
    try {
      return auth.accessToken();
    } finally {
      Date.now = now;
    }
  },
  "a clock that gives a BigInt for as long as the call takes": async (auth) => {
    const { now } = Date;
    Date.now = /** @type {any} */ (() => 5n);
    try {
      return await auth.refreshAccessToken({ force: true });
    } finally {
      Date.now = now;
    }
  },
  "a recursion of the page that runs away": (auth) => {
    const deeper = () => {
      auth.status();
      deeper();
    };
    try {
      deeper();
    } catch {} // whose frame was the last is not said
  },
};

/** A sign-in whose host answers so. @param {any} createAuth @param {unknown} answer */
function answered(createAuth, answer) {
  const host = { navigateTo() {}, http: () => answer };
  const auth = createAuth({ name: "answered", storage: "memory", host, flows: { signin: { url: "https://auth.example/" } } });
  return auth.signin().finally(() => auth.dispose());
}

/** A check of so many requests, each with an answer of that length. @param {any} createAuth @param {number} requests @param {number} length */
async function checked(createAuth, requests, length) {
  const body = { text: "x".repeat(length) };
  const host = { navigateTo() {}, http: () => ({ status: 200, headers: {}, body }) };
  const check = Array.from({ length: requests }, () => ({ request: { url: "https://api.example/" } }));
  const auth = createAuth({ name: "checked", storage: "memory", host, flows: { signin: flows.signin, check } });
  await auth.signin();
  return auth.check().finally(() => auth.dispose());
}

const throwing = () => {
  const fail = () => {
    throw new Error("no");
  };
  return new Proxy({}, { get: fail, ownKeys: fail, has: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail });
};

const flows = {
  signin: () => ({ access_token: "first", refresh_token: "r", expires_in: 3600 }),
  refresh: () => ({ access_token: "second", expires_in: 3600 }),
};

/**
 * How a call settled: "value", "AuthError ERR_…", or "never", which is what must not be.
 * @param {() => unknown} call
 */
async function outcome(call) {
  const late = new Promise((resolve) => setTimeout(resolve, 20_000, "never"));
  const settled = (async () => call())().then(
    () => "value",
    (/** @type {any} */ error) => `${error.name} ${error.code}`,
  );
  return Promise.race([settled, late]);
}

/** @param {any} doorkey the package @returns {Promise<Record<string, unknown>>} */
export async function runJob({ createAuth }) {
  /** @type {Map<string, unknown>} */
  const kept = new Map();
  const host = {
    navigateTo() {},
    store: {
      get: (/** @type {string} */ key) => kept.get(key),
      set: (/** @type {string} */ key, /** @type {unknown} */ value) => void kept.set(key, value),
      remove: (/** @type {string} */ key) => void kept.delete(key),
    },
  };
  const [one, other] = ["one", "other"].map((name) => createAuth({ name, host, flows }));
  await Promise.all([one.signin(), other.signin()]);
  /** @type {Record<string, unknown>} */
  const report = {};
  const goesOn = async () =>
    [await outcome(() => other.refreshAccessToken({ force: true })), await outcome(() => one.accessToken())].join(", ");
  for (const [name, call] of Object.entries(HOSTILE)) {
    const said = await outcome(() => call(one, createAuth));
    report[name] = [said, await goesOn()];
  }
  const underWay = outcome(() => other.run({ run: () => new Promise(() => {}) }));
  const said = await outcome(() => one.run("panic!"));
  report["a panic"] = [said, await underWay, await goesOn()];
  report.signedIn = [one, other].map((auth) => auth.status().signedIn);
  report.later = [await outcome(() => one.logout()), await outcome(() => one.signin()), await one.accessToken()];
  for (const auth of [one, other]) auth.dispose();
  return report;
}
