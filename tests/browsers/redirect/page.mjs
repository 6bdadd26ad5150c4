// @ts-check
// The app that signs in elsewhere: a page that asks at once whether its address is an answer, and has a button.

/**
 * @typedef {object} App
 * @property {string} [issuer] whom the app signs in at; the provider of the test
 * @property {Record<string, any>} [given] what `providers.oidc` takes beside
 * @property {Record<string, any>} [options] and what the options have beside
 * @property {unknown[] | null} [first] the call that the page begins with; null: it waits to be told
 * @property {string} [before] runs before all scripts of the page
 * @property {"one" | "own" | "guard"} [strict] React's StrictMode makes that call: of one session, of its own, a guard
 * @property {boolean} [stays] its host goes nowhere
 * @property {boolean} [replaces] its host replaces addresses itself
 */

const text = (/** @type {unknown} */ data) => JSON.stringify(data).replaceAll("<", "\\u003c");

/** @param {App} app @returns {string} */
export const page = ({
  given,
  options = {},
  first = ["signinCallback"],
  before = "",
  strict,
  stays = false,
  replaces = false,
}) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>app</title>
<link rel="icon" href="data:,">
<body>
<button id="signin">Sign in</button>
<script>
  window.noise = [];
  for (const kind of ["error", "unhandledrejection"]) addEventListener(kind, (event) => noise.push(String(event.reason ?? event.message)));
  for (const kind of ["error", "warn", "log"]) console[kind] = (...args) => noise.push(args.join(" "));
  window.outcomes = [];
  window.events = [];
  ${before}
</script>
${strict ? '<script src="/react.js"></script>' : ""}
<script type="module">
  import { createAuth, hosts, providers } from "/pkg/dist/doorkey.mjs";
  const make = () => createAuth({
    provider: providers.oidc(${text(given)}), ...${text(options)},
    ${stays ? "host: { navigateTo() {} }," : ""}
    ${replaces ? "host: { ...hosts.browser(), replaceLocation }," : ""}
  });
  window.replaced = [];
  function replaceLocation(url) {
    replaced.push(url);
    history.replaceState(null, "", url);
  }
  window.createAuth = createAuth;
  window.auth = make();
  for (const kind of ["signedIn", "refreshed", "signedOut", "expired", "failed"]) auth.on(kind, (event) => events.push(event));
  window.begin = (name, args) => {
    window.said = undefined;
    const tell = (outcome) => outcomes.push((window.said = JSON.stringify(outcome)));
    auth[name](...JSON.parse(args ?? "[]")).then(
      (value) => tell({ value: value ?? null }),
      ({ code, message, path, retryable, retryAtMs }) => tell({ error: { code, message, path, retryable, retryAtMs } }),
    );
  };
  document.getElementById("signin").onclick = () => begin("signin");
  ${first && !strict ? `begin(${text(first[0])}, ${text(JSON.stringify(first.slice(1)))});` : ""}
  ${strict ? `mount(make, ${text(strict)});` : ""}
  window.isReady = true;
</script>
<script type="module">
  // Whatever comes next in the page looks at the address.
  window.seen = location.href;
</script>
</html>`;

/** React in development, which runs each effect twice. The runs of an app are the effect's. */
export const REACT = `
  import { createElement as h, StrictMode, useEffect, useState } from "react";
  import { createRoot } from "react-dom/client";
  globalThis.runs = 0;
  globalThis.mount = (make, how) => {
    function App() {
      useEffect(() => {
        globalThis.runs++;
        if (how === "own") globalThis.auth = make();
        if (how === "guard") globalThis.begin("guard", '["protected"]');
        else globalThis.begin("signinCallback");
      }, []);
      return h("p", null, "app");
    }
    createRoot(document.body.appendChild(document.createElement("div"))).render(h(StrictMode, null, h(App)));
  };`;

/** Runs before a page's scripts. @param {boolean} all IndexedDB, and the storage of all tabs, too */
export const denied = (all) => `
  for (const name of ${all ? '["localStorage", "sessionStorage"]' : '["sessionStorage"]'})
    Object.defineProperty(window, name, { configurable: true, get() { throw new DOMException("denied", "SecurityError"); } });
  ${all ? 'Object.defineProperty(window, "indexedDB", { configurable: true, value: undefined });' : ""}`;

/** A page whose sessionStorage takes nothing more. */
export const FULL = `
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (...given) {
    if (this === sessionStorage) throw new DOMException("full", "QuotaExceededError");
    return setItem.apply(this, given);
  };`;
