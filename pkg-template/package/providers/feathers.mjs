// @ts-check
import { accessToken, byMail, checked } from "./given.mjs";

/**
 * Feathers, with its strategies `local` and `jwt`: a token renews itself while it is good.
 * @param {{ url: string }} options
 */
export function feathers(options) {
  const url = `${checked(options, "url").url}/authentication`;
  return {
    flows: {
      signin: { url, json: { strategy: "local", ...byMail } },
      refresh: { url, json: { strategy: "jwt", accessToken } },
      revoke: { url, method: "DELETE" },
    },
  };
}
