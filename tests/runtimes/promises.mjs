// The main job where something else stands in the place of Promise, as a program of its own.
//   node promises.mjs <zone.js|core-js|bluebird> <before|after> <form> <the package's folder, as a URL> <the server's URL> <email> <password>
// Prints one line of JSON: what each step gave, and the calls that gave no native promise.
import { createRequire } from "node:module";

import { embeddedOptions } from "../servers/options.mjs";

const [library, when, form, home, server, email, password] = process.argv.slice(2);
const Native = Promise;
const nativeFetch = globalThis.fetch;

const REPLACEMENTS = {
  "zone.js": () => import("zone.js"),
  // It leaves a good Promise alone unless it is told not to.
  "core-js": async () => {
    const require = createRequire(import.meta.url);
    require("core-js/configurator")({ usePolyfill: ["Promise"] });
    require("core-js/actual/promise");
  },
  bluebird: async () => {
    const { default: Bluebird } = await import("bluebird");
    // A rejection that is looked at late is no fault.
    Bluebird.onPossiblyUnhandledRejection(() => {});
    globalThis.Promise = Bluebird;
  },
};
const load = {
  doorkey: () => import(`${home}/dist/doorkey.mjs`),
  slim: async () => {
    const doorkey = await import(`${home}/dist/doorkey.slim.mjs`);
    await doorkey.init();
    return doorkey;
  },
  umd: async () => createRequire(`${home}/../../main.js`)("doorkey/umd"),
}[form];

/** What a page's own code gives: a promise of the kind that stands there now. */
const theirs = (value) => new Promise((resolve) => setTimeout(() => resolve(value), 1));
const refused = (reason) => new Promise((_, reject) => setTimeout(() => reject(reason), 1));

const report = { foreign: [] };
/** Awaits a call, which must have given a native promise, or gives its error. @param {string} name @param {() => any} call */
async function native(name, call) {
  const given = call();
  if (!(given instanceof Native) || Object.getPrototypeOf(given) !== Native.prototype) report.foreign.push(name);
  try {
    return await given;
  } catch (error) {
    return error;
  }
}

try {
  if (when === "before") await REPLACEMENTS[library]();
  const { createAuth, ready, isAuthError } = await load();
  if (when === "after") await REPLACEMENTS[library]();
  report.isReplaced = Promise !== Native;
  // What makes requests gives the page's promises, too, as polyfills of it do.
  if (globalThis.fetch === nativeFetch)
    globalThis.fetch = (...args) => new Promise((resolve, reject) => nativeFetch(...args).then(resolve, reject));
  await ready;
  const kept = new Map();
  const store = {
    get: (key) => theirs(kept.get(key)),
    set: (key, value) => theirs(void kept.set(key, value)),
    remove: (key) => theirs(void kept.delete(key)),
  };
  const host = { store, navigateTo: () => theirs(undefined) };

  const auth = createAuth(embeddedOptions(server, { name: "requests", host }));
  const wrong = await native("signin", () => auth.signin(email, "wrong"));
  report.wrong = [isAuthError(wrong), wrong.code, wrong.status];
  report.signin = (await native("signin", () => auth.signin(email, password))).navigated;
  const first = await native("accessToken", () => auth.accessToken());
  report.fetch = (await native("fetch", () => auth.fetch(`${server}/api/me`))).status;
  report.headers = "Authorization" in (await native("headers", () => auth.headers()));
  report.refreshed = (await native("refreshAccessToken", () => auth.refreshAccessToken({ force: true }))).refreshed;
  report.changed = (await auth.accessToken()) !== first;
  report.check = await native("check", () => auth.check());
  report.guard = await native("guard", () => auth.guard("protected"));
  report.run = await native("run", () => auth.run({ run: () => theirs("data") }));
  report.refusedRun = (await native("run", () => auth.run({ run: () => refused({ status: 418 }) }))).code;
  await native("storeValue", () => auth.storeValue("theme", "dark"));
  report.value = [auth.getValue("theme"), kept.get("theme")];
  await native("removeValue", () => auth.removeValue("theme"));
  await native("clearStore", () => auth.clearStore());
  report.test = (await native("test", () => auth.test("check"))).ok;
  const { ok, revoked } = await native("logout", () => auth.logout());
  report.logout = [ok, revoked];

  const functions = createAuth({
    name: "functions",
    storage: "memory",
    flows: {
      signin: ({ email }) =>
        email ? theirs({ access_token: "a", refresh_token: "r" }) : refused({ status: 401, data: { detail: "No." } }),
      refresh: [{ script: () => theirs({ access_token: "b" }) }],
    },
  });
  report.refusal = await functions.signin({}).catch(({ code, status, message }) => [code, status, message]);
  await functions.signin("ada@example.org", "x");
  await functions.refreshAccessToken({ force: true });
  report.function = await functions.accessToken();

  const answers = [{ status: 200, headers: {}, body: { access_token: "h" } }];
  const byHost = createAuth({
    name: "http",
    storage: "memory",
    host: { http: () => theirs(answers.shift() ?? { status: 401, headers: {}, body: { message: "Over." } }) },
    flows: { signin: { url: `${server}/nothing`, json: {} } },
  });
  await byHost.signin({});
  report.http = [await byHost.accessToken(), await byHost.signin({ again: 1 }).catch(({ code, message }) => [code, message])];
  for (const each of [auth, functions, byHost]) each.dispose();
} catch (error) {
  report.error = String(error?.stack ?? error);
  if (error?.cause) report.cause = String(error.cause.stack ?? error.cause);
}
console.log(JSON.stringify(report));
process.exit();
