// @ts-check
// One prompt for all sessions of a page that are not signed in.

import { DoorkeyButton } from "./button.mjs";
import { make } from "./dom.mjs";
import { makeForm } from "./form.mjs";

/**
 * @typedef {Record<string, any>} Auth
 * @typedef {{ auth: Auth, label: string }} Item
 * @typedef {{ label: string, ok: boolean, error?: unknown }} Result
 */

/** Prompts come one after another. @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * Offers to sign in to each session that is not signed in. When all are, nothing is shown.
 * @param {readonly (Auth | Item)[]} auths
 * @param {object} [options]
 * @param {string} [options.title]
 * @param {boolean} [options.silent] no prompt: the sign-ins run, one after another
 * @param {boolean} [options.onEnd] the same again whenever a session ends by its age, by idleness or because the server has ended it
 * @param {AbortSignal} [options.signal] closes the prompt and ends `onEnd`
 * @returns {Promise<{ ok: boolean, results: Result[] }>}
 */
export function signinPrompt(auths, { title, silent = false, onEnd = false, signal } = {}) {
  const items = auths.map((item, index) => /** @type {Item} */ ({ label: `Session ${index + 1}`, ...(item.auth ? item : { auth: item }) }));
  const run = () => {
    const result = last.then(() => signIn(items, title, silent, signal));
    last = result.catch(() => {});
    return result;
  };
  if (onEnd) watch(items, run, silent, signal);
  return run();
}

/** @param {Item[]} items @param {string | undefined} title @param {boolean} silent @param {AbortSignal} [signal] */
async function signIn(items, title, silent, signal) {
  const checks = await Promise.all(items.map(({ auth }) => isSignedIn(auth)));
  // One may have ended while another was still asked.
  const results = items.map(({ auth, label }, index) => /** @type {Result} */ ({ label, ok: checks[index] && auth.status().signedIn }));
  const missing = items.filter((_, index) => !results[index].ok);
  if (silent) {
    for (const item of missing) {
      if (signal?.aborted) break;
      const result = results[items.indexOf(item)];
      await item.auth.signin().then(
        () => (result.ok = true),
        (/** @type {unknown} */ error) => (result.error = error),
      );
    }
  } else if (missing.length > 0 && !signal?.aborted) {
    for (const item of await offer(items, missing, title, signal)) results[items.indexOf(item)].ok = item.auth.status().signedIn;
  }
  return { ok: results.every(({ ok }) => ok), results };
}

/** What the check says; when it can't be asked, what is known. @param {Auth} auth @returns {Promise<boolean>} */
const isSignedIn = (auth) => auth.check().catch(() => auth.status().signedIn);

/**
 * Shows the prompt until all are signed in, or the user wants no more. A session that ends meanwhile is shown as well.
 * @param {Item[]} items @param {Item[]} missing @param {string | undefined} title @param {AbortSignal} [signal]
 * @returns {Promise<Set<Item>>} what was shown
 */
function offer(items, missing, title, signal) {
  const element = makeForm();
  const { modal } = element;
  const shown = new Set(missing);
  const rows = items.map((item) => {
    const { auth, label } = item;
    const button = new DoorkeyButton();
    button.setAttribute("signin-only", "");
    button.setAttribute("label", label);
    button.setAttribute("exportparts", "button, error: field-error");
    button.auth = auth;
    return make("div", { class: "row", part: "field", hidden: !shown.has(item) }, make("span", { part: "label" }, label), button);
  });
  modal.submit.hidden = true;
  modal.show(title, undefined, rows);
  return new Promise((resolve) => {
    const ends = items.flatMap((item, index) => {
      const ended = () => {
        shown.add(item);
        rows[index].hidden = false;
      };
      const signedIn = () => [...shown].every(({ auth }) => auth.status().signedIn) && close();
      return [item.auth.on("signedIn", signedIn), item.auth.on("signedOut", ended), item.auth.on("expired", ended)];
    });
    function close() {
      for (const end of ends) end();
      signal?.removeEventListener("abort", close);
      modal.onCancel = () => {};
      modal.hide();
      element.remove();
      resolve(shown);
    }
    modal.onCancel = close;
    signal?.addEventListener("abort", close);
  });
}

/**
 * Calls `run` when a session has ended by itself.
 * @param {Item[]} items @param {() => Promise<unknown>} run @param {boolean} silent @param {AbortSignal} [signal]
 */
function watch(items, run, silent, signal) {
  let isRunning = false;
  let isDue = false;
  const ended = async () => {
    isDue = true;
    if (isRunning) return;
    isRunning = true;
    while (isDue && !signal?.aborted) {
      isDue = false;
      await run().catch(() => {});
      if (!silent) isDue = false; // the prompt has shown it
    }
    isRunning = false;
  };
  const ends = items.flatMap(({ auth }) => [
    auth.on("expired", ended),
    auth.on("signedOut", (/** @type {{ reason?: string }} */ { reason }) => (reason === "maxAge" || reason === "idle") && ended()),
  ]);
  signal?.addEventListener("abort", () => ends.forEach((end) => end()));
}
