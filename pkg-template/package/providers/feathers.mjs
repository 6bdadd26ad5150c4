// @ts-check
import { byMail, checked } from "./given.mjs";

/**
 * Feathers, with its strategy `local`. Asked with a token, it gives the same one: there is nothing to refresh with.
 * @param {{ url: string }} options
 */
export function feathers(options) {
  const url = `${checked(options, "url").url}/authentication`;
  return {
    flows: {
      signin: { url, json: { strategy: "local", ...byMail } },
      revoke: { url, method: "DELETE" },
    },
  };
}
