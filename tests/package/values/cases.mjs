// @ts-check
// Where values get in: every argument, every option, whatever a host's member does, and every response.
import { any, thrown } from "./values.mjs";

/** @typedef {import("./random.mjs").Random} Random */
/**
 * A place of a module under test. `step` makes one call, which must settle, and give or throw what is allowed.
 * @typedef {{ doorkey: any, random: Random, name: string, kinds: string[], step(label: string, call: () => any): Promise<any> }} Place
 *   `kinds` names what was made for it
 */

const TIMEOUT_SECONDS = 1;
const SERVER = "http://127.0.0.1:1";
const signedIn = { access_token: "a", refresh_token: "r", expires_in: 3600 };

/** Members of an Auth with how many arguments they take; those that only some versions have are looked for. */
const MEMBERS = /** @type {Record<string, number>} */ ({
  signin: 2,
  refreshAccessToken: 1,
  logout: 1,
  storeValue: 3,
  getValue: 1,
  removeValue: 1,
  clearStore: 1,
  accessToken: 1,
  headers: 1,
  fetch: 2,
  run: 2,
  check: 1,
  guard: 1,
  status: 1,
  claims: 1,
  values: 1,
  on: 2,
  watch: 2,
  test: 3,
  trace: 1,
  signinCallback: 1,
  extend: 1,
});
/** Members that give a promise; what the others give is no concern of anybody who awaits it. */
const GOOD = /** @type {Record<string, any[]>} */ ({
  storeValue: ["key", 1, true],
  getValue: ["key"],
  removeValue: ["key"],
  on: ["signedIn", () => {}],
  watch: ["key", () => {}],
  fetch: [SERVER, {}],
  run: [{ run: () => 1 }, {}],
  guard: ["protected"],
  test: [[{ script: () => 1 }], {}, {}],
  signin: [{}],
});

const OPTIONS = [
  "name",
  "host",
  "host.navigateTo",
  "host.store",
  "host.store.get",
  "host.store.set",
  "host.store.remove",
  "host.run",
  "host.http",
  "host.prompt",
  "host.notify",
  "host.location",
  "host.replaceLocation",
  "host.popup",
  "flows",
  "flows.signin",
  "flows.refresh",
  "flows.revoke",
  "flows.check",
  "flows.signin.url",
  "flows.signin.method",
  "flows.signin.headers",
  "flows.signin.headers.a",
  "flows.signin.query",
  "flows.signin.query.a",
  "flows.signin.json",
  "flows.signin.json.a",
  "flows.signin.form",
  "flows.signin.body",
  "flows.signin.credentials",
  "flows.signin.attach",
  "flows.signin.redirect",
  "flows.signin.ok",
  "flows.signin.message",
  "flows.signin.0",
  "flows.signin.0.when",
  "flows.signin.0.id",
  "flows.signin.0.timeoutSeconds",
  "flows.signin.0.form",
  "flows.signin.0.form.fields",
  "flows.signin.0.form.fields.0",
  "flows.signin.0.form.fields.0.type",
  "flows.signin.0.request",
  "flows.signin.0.query",
  "flows.signin.0.params",
  "flows.signin.0.script",
  "flows.signin.0.define",
  "flows.signin.0.define.a",
  "flows.signin.0.authorize",
  "flows.signin.0.authorize.params",
  "provider",
  "tokens",
  "tokens.accessToken",
  "tokens.expiresAt",
  "issuer",
  "clientId",
  "pages",
  "pages.home",
  "pages.login",
  "pages.returnTo",
  "storage",
  "remember",
  "restore",
  "expose",
  "expose.accessToken",
  "keep",
  "keep.0",
  "attach",
  "attach.origins",
  "attach.origins.0",
  "attach.headers",
  "attach.headers.a",
  "attach.query",
  "attach.body",
  "attach.csrf",
  "attach.csrf.cookie",
  "refresh",
  "refresh.beforeExpirySeconds",
  "refresh.status",
  "refresh.status.0",
  "refresh.everySeconds",
  "refresh.everyQuery",
  "refresh.when",
  "refresh.fromHeader",
  "endSession",
  "dpop",
  "crossTab",
  "timeoutSeconds",
  "idleSeconds",
  "maxAgeSeconds",
  "warnSeconds",
  "misspelt",
];

const HOST = [
  "navigateTo",
  "store.get",
  "store.set",
  "store.remove",
  "run",
  "http",
  "prompt",
  "notify",
  "location",
  "replaceLocation",
  "signin",
  "refresh",
  "revoke",
  "check",
  "script",
  "listener",
];

const RESPONSE = [
  "response",
  "status",
  "ok",
  "headers",
  "headers.get",
  "headers.forEach",
  "text",
  "json",
  "arrayBuffer",
  "body",
  "clone",
  "url",
  "redirected",
  "type",
];

/** Every place, by a name that says where it is. @type {[string, (place: Place) => Promise<void>][]} */
export const CASES = [
  ...Object.entries(MEMBERS).flatMap(([member, count]) =>
    Array.from(
      { length: count },
      (_, at) => /** @type {any} */ ([`argument ${at} of ${member}`, (/** @type {Place} */ place) => argument(place, member, at)]),
    ),
  ),
  ...["createAuth", "configure", "isAuthError", "claims", "status"].map(
    (name) => /** @type {any} */ ([`argument of ${name}()`, (/** @type {Place} */ place) => ofModule(place, name)]),
  ),
  ["argument of an adapter or provider", adapter],
  ...OPTIONS.map((path) => /** @type {any} */ ([`option ${path}`, (/** @type {Place} */ place) => option(place, path)])),
  ...HOST.map((member) => /** @type {any} */ ([`what ${member} of the host does`, (/** @type {Place} */ place) => host(place, member)])),
  ...RESPONSE.map((member) => /** @type {any} */ ([`${member} of a response`, (/** @type {Place} */ place) => response(place, member)])),
];

/** A value for a place. @param {Place} place */
function make(place) {
  const { kind, value } = any(place.random);
  place.kinds.push(kind);
  return value;
}

/** @param {Place} place @param {string} member @param {number} at */
async function argument(place, member, at) {
  const { doorkey, random, name, step } = place;
  const value = make(place);
  const auth = doorkey.createAuth({
    name,
    storage: "memory",
    timeoutSeconds: TIMEOUT_SECONDS,
    flows: { signin: () => signedIn, refresh: () => signedIn },
  });
  if (random.chance(2)) await auth.signin();
  if (auth[member]) {
    const args = GOOD[member]?.slice() ?? [];
    args[at] = value;
    const given = await step(`${member}(…)`, () => auth[member](...args));
    // What is listened to is called with what happens.
    if (member === "on" || member === "watch")
      await step("storeValue", () => auth.storeValue("key", 2)).then(() => typeof given === "function" && given());
  }
  auth.dispose();
}

/** @param {Place} place @param {string} member */
async function ofModule(place, member) {
  const { doorkey, step } = place;
  const value = make(place);
  const given = await step(`${member}(…)`, () => doorkey[member](value));
  if (given && typeof given.dispose === "function") await step("dispose", () => given.dispose());
}

/** @param {Place} place */
async function adapter(place) {
  const { doorkey, random, step } = place;
  const group = random.pick(["hosts", "providers"]);
  const member = random.pick(Object.keys(doorkey[group]));
  place.kinds.push(`${group}.${member}`);
  const value = make(place);
  const given = await step(`${group}.${member}(…)`, () => doorkey[group][member](value));
  if (given && given !== value) {
    const options = group === "hosts" ? { host: given, flows: { signin: () => signedIn } } : { provider: given };
    await session(place, { ...options, timeoutSeconds: TIMEOUT_SECONDS });
  }
}

/** @param {Place} place @param {string} path */
async function option(place, path) {
  const value = make(place);
  const isList = /\.signin\.0/.test(path);
  const options = { ...base(place.name), ...(isList && { flows: { signin: [{ script: () => signedIn }, {}] } }) };
  put(options, path, value);
  await withFetch(
    async () => new Response("{}", { status: 200 }),
    () => session(place, options),
  );
}

/** @param {Place} place @param {string} member */
async function host(place, member) {
  const does = doing(place);
  const kept = new Map();
  const good = {
    navigateTo() {},
    store: {
      get: (/** @type {string} */ key) => kept.get(key),
      set: (/** @type {string} */ key, /** @type {any} */ value) => void kept.set(key, value),
      remove: (/** @type {string} */ key) => void kept.delete(key),
    },
    run: () => 1,
    http: () => ({ status: 200, headers: {}, body: signedIn }),
    prompt: () => ({ email: "a", password: "b" }),
    notify() {},
  };
  const options = /** @type {any} */ ({ ...base(place.name), host: good, storage: "host" });
  options.flows.signin =
    member === "http" ? { url: SERVER } : member === "prompt" ? [{ form: {} }, { script: () => signedIn }] : () => signedIn;
  if (member in options.flows) options.flows[member] = does;
  else if (member === "script") options.flows.signin = [{ script: does }, { script: () => signedIn }];
  else if (member !== "listener") put(options.host, member, does);
  await session(place, options, member === "listener" ? does : undefined);
}

/** @param {Place} place @param {string} member */
async function response(place, member) {
  const value = make(place);
  const asGetter = place.random.chance(3);
  const fetched = async () => {
    if (member === "response") return value;
    const given = new Response(place.random.pick(["{}", '{"access_token":"a"}', "x", ""]), {
      status: place.random.pick([200, 400, 401, 500]),
      headers: { date: "Thu, 01 Jan 1970 00:00:00 GMT" },
    });
    const [own, inner] = member.split(".");
    const holder = inner ? given.headers : given;
    Object.defineProperty(
      holder,
      inner ?? own,
      asGetter
        ? { get: () => thrown(`get ${member}`) }
        : {
            value:
              inner || /^(text|json|arrayBuffer|clone)$/.test(member)
                ? place.random.pick([() => value, () => thrown(member), value])
                : value,
          },
    );
    return given;
  };
  const options = /** @type {any} */ (base(place.name));
  options.flows = {
    signin: place.random.pick([{ url: SERVER }, () => signedIn]),
    refresh: { url: SERVER },
    revoke: { url: SERVER },
    check: { url: SERVER },
  };
  await withFetch(fetched, () => session(place, options));
  if (asGetter) place.kinds.push("a getter that throws");
}

/** The life of a session, whatever its options. @param {Place} place @param {any} options @param {any} [listener] */
async function session({ doorkey, step }, options, listener) {
  const auth = await step("createAuth", () => doorkey.createAuth(options));
  if (!auth || typeof auth.signin !== "function") return;
  if (listener)
    for (const event of ["signedIn", "refreshed", "signedOut", "expired", "failed"]) await step("on", () => auth.on(event, listener));
  await step("signin", () => auth.signin("a@b.c", "secret"));
  await step("status", () => auth.status());
  await step("storeValue", () => auth.storeValue("key", { a: [1] }));
  await step("getValue", () => auth.getValue("key"));
  await step("refreshAccessToken", () => auth.refreshAccessToken({ force: true }));
  await step("fetch", () => auth.fetch(`${SERVER}/x`, { method: "POST", body: "{}", headers: { "content-type": "application/json" } }));
  await step("run", () => auth.run({ run: () => 1 }, { a: 1 }));
  await step("run by name", () => auth.run("query"));
  await step("check", () => auth.check());
  await step("guard", () => auth.guard("protected"));
  await step("test", () => auth.test("signin", {}));
  await step("trace", () => auth.trace());
  await step("logout", () => auth.logout());
  await step("dispose", () => auth.dispose());
}

/** @param {string} name */
const base = (name) => ({
  name,
  storage: "memory",
  timeoutSeconds: TIMEOUT_SECONDS,
  host: { navigateTo() {}, store: { get() {}, set() {}, remove() {} } },
  flows: { signin: () => signedIn, refresh: () => signedIn },
  attach: { origins: [SERVER] },
});

/** A function that gives, throws or rejects with any value. @param {Place} place */
function doing(place) {
  const value = make(place);
  const { random } = place;
  const ways = {
    gives: () => value,
    throws: () => {
      throw value;
    },
    resolves: async () => value,
    rejects: async () => {
      throw value;
    },
    never: () => new Promise(() => {}),
    late: () => new Promise((resolve) => setTimeout(resolve, 20, value)),
  };
  // A host that never answers takes its whole time limit, again and again.
  const way = random.chance(12) ? "never" : random.pick(Object.keys(ways).filter((name) => name !== "never"));
  place.kinds.unshift(way);
  return ways[/** @type {keyof typeof ways} */ (way)];
}

/** @param {any} target @param {string} path @param {any} value */
function put(target, path, value) {
  const keys = path.split(".");
  const last = /** @type {string} */ (keys.pop());
  for (const key of keys) {
    const inner = target[key];
    target = target[key] = typeof inner === "object" && inner !== null ? (Array.isArray(inner) ? [...inner] : { ...inner }) : {};
  }
  target[last] = value;
}

/** @param {(...args: any[]) => Promise<any>} fetch @param {() => Promise<void>} run */
async function withFetch(fetch, run) {
  const before = globalThis.fetch;
  globalThis.fetch = fetch;
  try {
    await run();
  } finally {
    globalThis.fetch = before;
  }
}
