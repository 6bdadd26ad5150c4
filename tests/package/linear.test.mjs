// @ts-check
// Ten times as much takes about ten times as long: nothing that a page, a server or another tab can make large is walked once for
// each of its parts. Only ratios are looked at, since machines differ.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { makeProject } from "./project.mjs";

/**
 * What ten times as much may cost: what is linear was measured at up to 16, at up to 20 on a machine with small caches, and what is
 * quadratic at 60 and more. A busy machine makes single runs slow and none quick, so that the quickest run of each size counts,
 * and only what is too slow in each of several rounds is too slow.
 */
const MOST = 25;
const ROUNDS = 6;
/** What is quicker than this is taken for this: a timer's own steps are no measurement. */
const LEAST_MS = 2;
const RUNS = { small: 7, large: 3 };

/** @type {Awaited<ReturnType<typeof makeProject>>} */
let project;
/** @type {any} */
let doorkey;
before(async () => {
  project = await makeProject();
  doorkey = await load();
});
after(() => project?.remove());

let copies = 0;
/** A fresh copy of the module. @returns {Promise<any>} */
const load = () => import(`${pathToFileURL(join(project.installed, "dist/doorkey.mjs"))}?linear=${++copies}`);

let names = 0;
const freshName = () => `linear-${++names}`;

/**
 * @param {string} what
 * @param {[number, number]} sizes the second ten times the first
 * @param {(size: number) => Promise<() => unknown>} prepare gives what is measured
 */
function linear(what, [small, large], prepare) {
  test(`${what}: ${small} and ${large}`, async (context) => {
    assert.equal(large, 10 * small);
    await measure(prepare, small, 2); // warm: what is compiled late is no part of the ratio
    let seen = "";
    for (let round = 0; round < ROUNDS; round += 1) {
      const [few, many] = [await measure(prepare, small, RUNS.small), await measure(prepare, large, RUNS.large)];
      const ratio = Math.max(many, LEAST_MS) / Math.max(few, LEAST_MS);
      seen += ` ${few.toFixed(1)} ms and ${many.toFixed(1)} ms, ${ratio.toFixed(1)} times;`;
      if (ratio <= MOST) return context.diagnostic(seen);
    }
    assert.fail(`more than ${MOST} times as long, each time:${seen}`);
  });
}

/** The quickest run, in milliseconds. @param {(size: number) => Promise<() => unknown>} prepare @param {number} size @param {number} runs */
async function measure(prepare, size, runs) {
  const times = [];
  for (let run = 0; run < runs; run += 1) {
    const measured = await prepare(size);
    const start = performance.now();
    await measured();
    times.push(performance.now() - start);
    if (times[0] > 20_000) break; // bad enough
  }
  return Math.min(...times);
}

const count = (/** @type {number} */ size) => Array.from({ length: size }, (_, at) => at);
const signedIn = { access_token: "a", refresh_token: "r", expires_in: 3600 };

/** A host with a store of its own. @param {Map<string, any>} [kept] */
const makeHost = (kept = new Map()) => ({
  kept,
  host: {
    navigateTo() {},
    store: {
      get: (/** @type {string} */ key) => kept.get(key),
      set: (/** @type {string} */ key, /** @type {any} */ value) => void kept.set(key, value),
      remove: (/** @type {string} */ key) => void kept.delete(key),
    },
  },
});

/** A session that has signed in. @param {Record<string, any>} options */
async function open(options) {
  const auth = doorkey.createAuth({ name: freshName(), crossTab: "off", storage: "memory", ...options });
  await auth.signin({ x: 1 });
  return auth;
}

linear("an answer's members that are called like tokens", [800, 8000], async (size) => {
  const answer = { ...Object.fromEntries(count(size).map((at) => [`token${at}`, `value of ${at}`])), ...signedIn };
  return async () => (await open({ flows: { signin: () => answer } })).dispose();
});

linear("an answer's members that a template looks for", [800, 8000], async (size) => {
  const answer = Object.fromEntries(count(size).map((at) => [`name${at}`, at]));
  const flow = [{ id: "found", script: () => answer }, { define: { accessToken: `{{ found.name${size - 1} }}{{ found.name0 }}` } }];
  return async () => (await open({ flows: { signin: flow } })).dispose();
});

/** A sign-in with what a host gives, which may be refused for its size, by a typed error. @param {any[]} flow */
async function signInWith(flow) {
  const auth = doorkey.createAuth({ name: freshName(), storage: "memory", flows: { signin: flow } });
  await auth.signin().catch((/** @type {any} */ error) => assert.ok(error.code !== "ERR_NOT_READY" && doorkey.isAuthError(error), error));
  auth.dispose();
}

linear("the bytes of a typed array that a host gives", [10_000, 100_000], async (size) => {
  const flow = [{ script: () => new Uint8Array(size) }, { script: () => signedIn }];
  return () => signInWith(flow);
});

linear("the items of an array that a host gives", [10_000, 100_000], async (size) => {
  const flow = [{ script: () => new Array(size) }, { script: () => new Array(size).fill(0) }, { script: () => signedIn }];
  return () => signInWith(flow);
});

linear("what a query gives to run", [20_000, 200_000], async (size) => {
  const auth = await open({ flows: { signin: () => signedIn } });
  return async () => {
    await auth.run({ run: () => count(size) });
    await auth.run({ run: () => new Uint8Array(size) });
    auth.dispose();
  };
});

linear("the variables of a session", [1000, 10_000], async (size) => {
  const define = Object.fromEntries(count(size).map((at) => [`v${at}`, `{{ inputs.x }} of ${at}`]));
  const flows = { signin: [{ define }, { script: () => signedIn }] };
  return async () => (await open({ flows })).dispose();
});

linear("the variables of a stored session", [2000, 20_000], async (size) => {
  const [name, { kept, host }] = [freshName(), makeHost()];
  const options = { name, host, storage: "host", flows: { signin: [{ define: { v0: "{{ inputs.x }}" } }, { script: () => signedIn }] } };
  (await open(options)).dispose();
  multiply(kept, "v0", size);
  return async () => {
    const auth = doorkey.createAuth({ ...options, crossTab: "off" });
    assert.equal(await auth.accessToken(), "a");
    auth.dispose();
  };
});

/** A session whose store holds so many values. @param {number} size */
async function withValues(size) {
  const [name, { kept, host }] = [freshName(), makeHost()];
  const options = { name, host, storage: "host", crossTab: "off", flows: { signin: () => signedIn } };
  const auth = await open(options);
  await auth.storeValue("k0", "v");
  auth.dispose();
  multiply(kept, "k0", size);
  // A record is believed in what it has marked as written.
  const record = JSON.parse(kept.get(options.name));
  kept.set(options.name, JSON.stringify({ ...record, marks: record.keys.map((/** @type {string} */ key) => markOf(key, '"v"')) }));
  return { options, kept };
}

/** As src/core/record/marks.rs has it: FNV-1a over a key, a zero and a text, below 2^53. @param {string} key @param {string} text */
function markOf(key, text) {
  let mark = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(`${key}\0${text}`)) mark = BigInt.asUintN(64, (mark ^ BigInt(byte)) * 0x100000001b3n);
  return Number(mark >> 11n);
}

linear("stored values at the start", [2000, 20_000], async (size) => {
  const { options } = await withValues(size);
  return async () => {
    const auth = doorkey.createAuth(options);
    await auth.check();
    assert.equal(auth.getValue(`k${size - 1}`), "v");
    assert.equal(Object.keys(auth.values()).length, size);
    auth.dispose();
  };
});

linear("reading each of the stored values", [500, 5000], async (size) => {
  const { options } = await withValues(size);
  const auth = doorkey.createAuth(options);
  await auth.check();
  return () => {
    for (const at of count(size)) assert.equal(auth.getValue(`k${at}`), "v");
    auth.dispose();
  };
});

linear("a store that is cleared", [2000, 20_000], async (size) => {
  const { options, kept } = await withValues(size);
  const auth = doorkey.createAuth(options);
  await auth.check();
  return async () => {
    await auth.clearStore();
    assert.equal([...kept.keys()].filter((key) => /k\d+$/.test(key)).length, 0);
    auth.dispose();
  };
});

linear("a sign-out with stored values", [2000, 20_000], async (size) => {
  const { options, kept } = await withValues(size);
  const auth = doorkey.createAuth(options);
  await auth.check();
  return async () => {
    await auth.logout();
    assert.equal([...kept.keys()].filter((key) => /k\d+$/.test(key)).length, 0);
    auth.dispose();
  };
});

linear("words of another tab", [200, 2000], async (size) => {
  // What one tab says to another is learnt from a tab, and said again.
  /** @type {[string, unknown][]} */
  const words = [];
  const Channel = globalThis.BroadcastChannel;
  class Heard extends Channel {
    /** @param {any} word */
    postMessage(word) {
      words.push([this.name, word]);
      super.postMessage(word);
    }
  }
  globalThis.BroadcastChannel = Heard;
  const other = await load();
  const [name, { host }] = [freshName(), makeHost()];
  const options = { name, host, storage: "host", flows: { signin: () => signedIn } };
  const first = other.createAuth(options);
  await first.signin();
  await first.storeValue("k0", "v");
  globalThis.BroadcastChannel = Channel;
  const auth = doorkey.createAuth(options);
  assert.equal(await auth.accessToken(), "a");
  assert.ok(words.length > 0, "a tab that signs in says nothing");
  const [channel, word] = words[0];
  const [speaker, listener] = [new Channel(channel), new Channel(channel)];
  return async () => {
    let rest = size;
    const heard = new Promise((resolve) => {
      listener.onmessage = () => (rest -= 1) || resolve(undefined);
    });
    for (let at = 0; at < size; at += 1) speaker.postMessage(word);
    await heard;
    await auth.check();
    for (const end of [speaker, listener]) end.close();
    first.dispose();
    auth.dispose();
  };
});

linear("listeners of a key", [1000, 10_000], async (size) => {
  const auth = await open({ flows: { signin: () => signedIn } });
  return async () => {
    let rest = size;
    await new Promise((resolve) => {
      for (const _ of count(size)) auth.watch("theme", () => (rest -= 1) || resolve(undefined));
      auth.storeValue("theme", "dark");
    });
    auth.dispose();
  };
});

/**
 * Makes one stored thing many: whatever holds its name gets as many like it, `v0` and `v1` and so on, wherever the package
 * keeps it: as keys of the store, as members or items of a record, as JSON or as JSON in JSON.
 * @param {Map<string, any>} kept @param {string} name @param {number} size
 */
function multiply(kept, name, size) {
  const more = count(size)
    .slice(1)
    .map((at) => name.replace(/\d+$/, String(at)));
  let found = false;
  /** @param {any} value @returns {any} */
  const grown = (value) => {
    if (typeof value === "string" && value.includes(name)) {
      try {
        return JSON.stringify(grown(JSON.parse(value)));
      } catch {
        return value;
      }
    }
    if (Array.isArray(value)) {
      if (value.includes(name)) found = true;
      return value.includes(name) ? [...value, ...more] : value.map(grown);
    }
    if (value === null || typeof value !== "object") return value;
    const members = Object.entries(value).map(([key, member]) => [key, grown(member)]);
    if (Object.hasOwn(value, name)) {
      found = true;
      members.push(...more.map((other) => [other, value[name]]));
    }
    return Object.fromEntries(members);
  };
  for (const [key, value] of [...kept]) {
    if (key.endsWith(name)) for (const other of more) kept.set(key.slice(0, -name.length) + other, value);
    else kept.set(key, grown(value));
  }
  assert.ok(found, "the record does not name what is stored");
}
