// Starts the playground: loads the package and the settings, gives the app its globals as an app builder does, then app and panel.

import { startPanel } from "./panel/panel.js";
import { showAlert } from "./runtime/alerts.js";
import { h } from "./runtime/dom.js";
import { showPages } from "./runtime/pagebar.js";
import { query, resetQueries } from "./runtime/query.js";
import { currentPage, navigateTo, pageParams, startRouter } from "./runtime/router.js";
import { render } from "./runtime/widgets.js";

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

try {
  await start();
} catch (error) {
  cannotStart(error);
}

async function start() {
  const Doorkey = await load("the package", "It is made by `npm run pack`.", () => import("/pkg/dist/doorkey.mjs"));
  const settings = await load("the settings", "They come from the playground's own web server: is it running?", getSettings);
  // Where the page may not compile WebAssembly, the package loads all the same and says here why it can't be used.
  await load("the package", "A page may compile WebAssembly when its Content-Security-Policy has 'wasm-unsafe-eval'.", () => Doorkey.ready);

  Object.assign(globalThis, { Doorkey, settings, currentPage, pageParams, navigateTo, showAlert, query, resetQueries });
  // Only now, since what a builder writes names these globals.
  const [{ default: Auth }, { default: Try }] = await Promise.all([import("./app/Auth.js"), import("./app/Try.js")]);
  Object.assign(globalThis, { Auth, Try });
  Object.assign(globalThis, await import("./app/queries.js"));
  const { pages } = await import("./app/pages.js");

  Auth.onAppLoad();
  window.playground = { auth: Auth.session };
  startPanel(part("panel"), Auth.session, part("pill"));
  const bar = part("pages");
  await startRouter({ pages, outlet: part("app"), render, onNavigated: () => showPages(bar, pages) });
}

async function getSettings() {
  const answer = await fetch("/config.json");
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer.json();
}

/** @template T @param {string} what @param {string} remedy @param {() => Promise<T>} get */
async function load(what, remedy, get) {
  try {
    return await get();
  } catch (cause) {
    throw Object.assign(new Error(`The playground could not load ${what}.`, { cause }), { remedy });
  }
}

/** @param {any} error with a `remedy` */
function cannotStart(error) {
  const { cause, remedy } = error;
  const outlet = part("app");
  console.error(error);
  outlet.removeAttribute("aria-busy");
  outlet.replaceChildren(
    h(
      "section",
      { class: "page notice", role: "alert", "data-testid": "start-error" },
      h("h1", null, "The playground can’t start"),
      h("p", null, error.message),
      remedy && h("p", null, remedy),
      cause && h("pre", null, [cause.code, cause.message ?? String(cause)].filter(Boolean).join(": ")),
      h("button", { type: "button", onClick: () => location.reload() }, "Try again"),
    ),
  );
  part("panel").replaceChildren(h("p", { class: "empty" }, "There is no session to show until the playground has started."));
}
