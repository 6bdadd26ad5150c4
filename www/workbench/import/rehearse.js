// @ts-check
// The options tried in the page against the answers that were pasted: nothing is sent.

import { addressOf } from "./exchange.js";
import { duration } from "./naming.js";

/** @typedef {{ state: "good" | "bad" | "unknown", text: string }} Outcome */

let rehearsals = 0;

/** @param {any} Doorkey @param {import("./options.js").Suggestion} suggestion @returns {Promise<Outcome[]>} */
export async function rehearse(Doorkey, { options, roles }) {
  const { signin, refresh, before } = roles;
  if (!options) return [];
  if (!signin?.answer) return [{ state: "unknown", text: "Not tried: there is no answer of the sign-in here." }];
  const answerOf = (/** @type {string} */ url, /** @type {boolean} */ isRefreshing) => {
    const { path } = addressOf(url);
    const places = isRefreshing ? [refresh] : [before, signin];
    return places.find((each) => each && addressOf(each.url).path === path)?.answer;
  };
  let isRefreshing = false;
  const http = async (/** @type {{ url: string }} */ { url }) => {
    const { status, headers, body } = answerOf(url, isRefreshing) ?? { status: 200, headers: {}, body: {} };
    return { status, headers, body };
  };
  const auth = Doorkey.createAuth({
    ...options,
    name: `import-${rehearsals++}`,
    storage: "memory",
    crossTab: "off",
    restore: false,
    pages: undefined,
    host: { http },
  });
  try {
    await auth.signin({ email: "ada@example.com", username: "ada", password: "a password", code: "000000" }, { navigate: false });
    const { expiresInSeconds } = auth.status();
    const ends =
      typeof expiresInSeconds === "number"
        ? expiresInSeconds <= 0
          ? ", with a token whose time is over, as it was pasted"
          : `, for ${duration(Math.round(expiresInSeconds))}`
        : "";
    /** @type {Outcome[]} */
    const outcomes = [{ state: "good", text: `With the answer that you pasted, it signs in${ends}.` }];
    if (!options.flows.refresh) return outcomes;
    if (!refresh?.answer) return [...outcomes, { state: "unknown", text: "The refresh was not tried: there is no answer of it here." }];
    isRefreshing = true;
    const { ok, reason } = await auth.refreshAccessToken({ force: true });
    return [
      ...outcomes,
      ok
        ? { state: "good", text: "With the answer of the refresh, it goes on." }
        : { state: "bad", text: `The refresh did not go on: ${reason}.` },
    ];
  } catch (error) {
    return [{ state: "bad", text: `With the answer that you pasted, it does not sign in: ${/** @type {Error} */ (error).message}.` }];
  } finally {
    auth.dispose();
  }
}
