// @ts-check
// Sign-in by redirect in Node: a page of jsdom's, whose session storage keeps what has left.
import { JSDOM } from "jsdom";

export const PAGE = "https://app.example/callback";
const { window } = new JSDOM("", { url: PAGE });
const { document, Storage, sessionStorage, localStorage } = window;
Object.assign(globalThis, { document, Storage });
for (const [name, value] of Object.entries({ sessionStorage, localStorage })) {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}

const { life } = await import("./lib.mjs");

/**
 * A session that leaves for a provider, and comes back as its server has it.
 * @param {object} provider @param {import("./lib.mjs").Life["answers"]} answers @param {object} [options]
 */
export function leaving(provider, answers, options) {
  const session = life(provider, answers, options);
  return {
    ...session,
    /** Begins, and gives the address that the user is sent to. */
    async leave() {
      const before = session.left.length;
      session.auth.signin().catch(() => {});
      while (session.left.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
      return new URL(/** @type {string} */ (session.left.at(-1)));
    },
    /** Comes back. @param {string | URL} url */
    comeBack: (url) => session.auth.signinCallback(String(url)),
  };
}
