// @ts-check
// What a call costs that no machine's load changes: how often it enters the wasm and with how many bytes, how often the stack is
// probed, how many requests are made and copied, how many timers are set. The times stand in docs/performance.md; these are what guards them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { makeProject } from "./project.mjs";

/** @typedef {{ turns: number, bytesIn: number, bytesOut: number, probes: number, requests: number, clones: number, timers: number }} Counts */

/**
 * The most that each may cost. What got less is to be written down here: what is gained stays.
 * @type {Record<string, Partial<Counts>>}
 */
const MOST = {
  getValue: {},
  values: {},
  "status, again": {},
  "accessToken, again": {},
  "accessToken, after another call": { turns: 1, bytesIn: 110, bytesOut: 142, probes: 1 },
  headers: { turns: 1, bytesIn: 93, bytesOut: 169, probes: 1 },
  "fetch, the first with a token": { turns: 2, bytesIn: 382, bytesOut: 584, probes: 1, requests: 1, clones: 1 },
  "fetch, with a good token": { probes: 1 },
  "fetch, with a text": { probes: 1, requests: 2 },
  "fetch, with bytes": { probes: 1, requests: 1, clones: 1 },
  "fetch, while another is awaited": { probes: 1 },
  "fetch, where an expression judges the answer": { turns: 2, bytesIn: 495, bytesOut: 383, probes: 1, requests: 1, clones: 1, timers: 1 },
  "fetch, elsewhere": { turns: 2, bytesIn: 384, bytesOut: 354, probes: 1, requests: 1 },
  run: { turns: 2, bytesIn: 199, bytesOut: 275, probes: 1 },
  "guard of a protected page": { turns: 2, bytesIn: 177, bytesOut: 197, probes: 1 },
  storeValue: { turns: 2, bytesIn: 202, bytesOut: 340, probes: 1 },
  "test of ten steps": { turns: 7, bytesIn: 780, bytesOut: 6377, probes: 1 },
  "signin by ten steps": { turns: 9, bytesIn: 895, bytesOut: 2975, probes: 1 },
};

/** @type {Counts} */
const none = { turns: 0, bytesIn: 0, bytesOut: 0, probes: 0, requests: 0, clones: 0, timers: 0 };
let counts = { ...none };

/** Counts what goes into each instance of the wasm: `turn` is the export that takes a place, a length and the moment. */
function countTurns() {
  /** @param {[string, any]} entry */
  const counted = ([name, real]) => {
    const turn = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ now) => {
      const given = real(at, size, now);
      if (!Array.isArray(given)) return given;
      counts.turns++;
      counts.bytesIn += size;
      counts.bytesOut += given[1];
      return given;
    };
    return [name, real.length === 3 ? turn : real];
  };
  WebAssembly.Instance = class extends WebAssembly.Instance {
    #counted = Object.fromEntries(Object.entries(super.exports).map(counted));
    get exports() {
      return this.#counted;
    }
  };
}

/** Counts how often the stack is probed: by a call with thousands of arguments. */
function countProbes() {
  const { apply } = Function.prototype;
  Function.prototype.apply = function (self, list) {
    if (list?.length > 4000) counts.probes++;
    return Reflect.apply(apply, this, [self, list]);
  };
}

function countTimers() {
  const { setTimeout } = globalThis;
  /** @param {any} given */
  const counted = (...given) => {
    counts.timers++;
    return Reflect.apply(setTimeout, globalThis, given);
  };
  globalThis.setTimeout = Object.assign(counted, setTimeout);
}

function countRequests() {
  const { Request } = globalThis;
  globalThis.Request = class extends Request {
    /** @param {ConstructorParameters<typeof Request>} given */
    constructor(...given) {
      super(...given);
      counts.requests++;
    }
    clone() {
      counts.clones++;
      return super.clone();
    }
  };
  globalThis.fetch = async (request) => {
    if (String(/** @type {Request} */ (request).url ?? request).endsWith("/never")) await new Promise(() => {});
    return new Response("{}", { headers: { "content-type": "application/json" } });
  };
}

const API = "http://api.example";
const pairs = [1, 2, 3, 4, 5];
const steps = pairs.flatMap((pair) => [
  { define: { [`V${pair}`]: pair === 1 ? "{{ lower(inputs.email) }}" : `{{ V${pair - 1} }}/{{ js${pair - 1}.value }}` } },
  { script: async () => ({ value: `step-${pair}` }) },
]);
const tokens = () => ({ access_token: "an-access-token", refresh_token: "a-refresh-token", expires_in: 3600 });

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {Record<string, () => unknown>} */
let calls;
before(async () => {
  project = await makeProject();
  countTurns();
  countProbes();
  countTimers();
  countRequests();
  const { createAuth } = await import(pathToFileURL(join(project.installed, "dist/doorkey.mjs")).href);
  const shared = { storage: "memory", crossTab: "off", attach: { origins: [API] } };
  const auth = createAuth({ ...shared, name: "a", flows: { signin: tokens, refresh: { url: `${API}/token` } } });
  const judged = createAuth({ ...shared, name: "j", refresh: { when: "{{ response.body.expired }}" }, flows: { signin: tokens } });
  const flows = createAuth({ ...shared, name: "f", flows: { signin: [...steps, { script: tokens }] } });
  const busy = createAuth({ ...shared, name: "b", flows: { signin: tokens } });
  await auth.signin();
  await busy.signin();
  await judged.signin();
  busy.fetch(`${API}/never`).catch(() => {});
  await auth.storeValue("theme", "dark");
  calls = {
    getValue: () => auth.getValue("theme"),
    values: () => auth.values(),
    "status, again": () => auth.status(),
    "accessToken, again": () => auth.accessToken(),
    "accessToken, after another call": () => auth.accessToken(),
    headers: () => auth.headers(),
    "fetch, the first with a token": () => auth.fetch(`${API}/me`),
    "fetch, with a good token": () => auth.fetch(`${API}/me`),
    "fetch, with a text": () => auth.fetch(`${API}/me`, { method: "POST", body: "{}" }),
    "fetch, with bytes": () => auth.fetch(`${API}/me`, { method: "POST", body: new Uint8Array(9) }),
    "fetch, while another is awaited": () => busy.fetch(`${API}/me`),
    "fetch, where an expression judges the answer": () => judged.fetch(`${API}/me`),
    "fetch, elsewhere": () => auth.fetch("http://other.example/me"),
    run: () => auth.run({ run: async () => 1 }),
    "guard of a protected page": () => auth.guard("protected"),
    storeValue: () => auth.storeValue("theme", "light"),
    "test of ten steps": () => flows.test("signin", { email: "A@b.example" }),
    "signin by ten steps": () => flows.signin({ email: "A@b.example" }),
  };
});
after(() => project?.remove());

/** What is done before, and not counted. @type {Record<string, string>} */
const BEFORE = {
  "status, again": "status, again",
  "accessToken, again": "accessToken, again",
  "accessToken, after another call": "headers",
};

for (const [name, most] of Object.entries(MOST)) {
  test(`${name} costs no more than it did`, async (context) => {
    const once = async () => {
      if (BEFORE[name]) await calls[BEFORE[name]]();
      // Calls do not come within one millisecond, as these would: a timer that each of them sets would not be seen.
      else await new Promise((resolve) => setTimeout(resolve, 3));
      counts = { ...none };
      await calls[name]();
      return counts;
    };
    const cost = await once();
    // One that was set two seconds ago is set anew, for all the calls that come after.
    if (cost.timers > (most.timers ?? 0)) cost.timers = (await once()).timers;
    context.diagnostic(JSON.stringify(cost));
    for (const [what, limit] of Object.entries({ ...none, ...most })) {
      const found = cost[/** @type {keyof Counts} */ (what)];
      assert.ok(found <= limit, `${name}: ${found} ${what}, ${limit} at most; in all ${JSON.stringify(cost)}`);
    }
  });
}

test("what is counted is counted", async () => {
  counts = { ...none };
  await calls["fetch, with bytes"]();
  await calls["fetch, where an expression judges the answer"]();
  for (const [what, found] of Object.entries(counts)) assert.ok(found > 0, `no ${what} are seen: the counters no longer fit the package`);
});
