// A page without a browser, as test runners make it: the window's names put among Node's own globals.
//   node page.mjs <jsdom|happy-dom> <form> <storage> <the package's folder, as a URL> <the server's URL> <email> <password>
// Prints one line of JSON.
import { createRequire } from "node:module";

import { embeddedOptions } from "../servers/options.mjs";

const [library, form, storage, home, server, email, password] = process.argv.slice(2);
const URL_OF_PAGE = "http://localhost:3000/app?x=1";

/** @returns {Promise<any>} */
async function makeWindow() {
  if (library === "jsdom") {
    const { JSDOM } = await import("jsdom");
    return new JSDOM("<!doctype html><title>app</title>", { url: URL_OF_PAGE, pretendToBeVisual: true }).window;
  }
  const { Window } = await import("happy-dom");
  return new Window({ url: URL_OF_PAGE });
}

const window = await makeWindow();
// As vitest does: what the window has of its own and Node has not, and what makes a page of it.
const FORCED = [
  "document",
  "navigator",
  "location",
  "history",
  "localStorage",
  "sessionStorage",
  "Event",
  "EventTarget",
  "CustomEvent",
  "MessageEvent",
  "FormData",
  "Blob",
  "File",
  "Headers",
  "AbortController",
  "AbortSignal",
  "DOMException",
];
for (const name of Object.getOwnPropertyNames(window)) {
  if (name in globalThis && !FORCED.includes(name)) continue;
  if (/^(undefined|NaN|Infinity|globalThis|self|window|top|parent)$/.test(name)) continue;
  const descriptor = {
    configurable: true,
    get: () => window[name],
    set: (value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true }),
  };
  Object.defineProperty(globalThis, name, descriptor);
}
for (const name of ["window", "self", "top", "parent"])
  Object.defineProperty(globalThis, name, { value: globalThis, configurable: true, writable: true });

const report = {};
try {
  const require = createRequire(`${home}/../../main.js`);
  const load = {
    doorkey: () => import(`${home}/dist/doorkey.mjs`),
    slim: async () => {
      const doorkey = await import(`${home}/dist/doorkey.slim.mjs`);
      await doorkey.init();
      return doorkey;
    },
    umd: async () => require("doorkey/umd"),
    require: async () => require("doorkey"),
  }[form];
  const { createAuth, ready, isAuthError } = await load();
  await ready;
  const auth = createAuth(embeddedOptions(server, { host: { navigateTo() {} }, storage }));
  const wrong = await auth.signin(email, "wrong").catch((error) => error);
  report.wrong = [isAuthError(wrong), wrong.code];
  report.signin = (await auth.signin(email, password)).ok;
  report.call = (await auth.fetch(`${server}/api/me`)).status;
  report.keys = window.localStorage.length;
  await auth.storeValue("theme", "dark");
  report.value = auth.getValue("theme");
  // The elements: defined, made, and one of them follows the session.
  await import(`${home}/dist/doorkey.ui.mjs`);
  const button = document.createElement("doorkey-button");
  button.auth = auth;
  document.body.append(button);
  report.button = button.hasAttribute("signed-in");
  report.form = document.createElement("doorkey-form") instanceof window.HTMLElement;
  report.logout = (await auth.logout()).revoked;
  report.after = auth.status().signedIn;
  auth.dispose();
} catch (error) {
  report.error = String(error?.stack ?? error);
  if (error?.cause) report.cause = String(error.cause.stack ?? error.cause);
}
console.log(JSON.stringify(report));
// Such a window may keep timers of its own.
process.exit();
