// @ts-check
// What is said of the tokens in an answer: nothing where doorkey knows the name, else their paths, or a step that takes them out.

import { expression } from "./exchange.js";
import { tokensOf } from "./tokens.js";

/** @typedef {import("./exchange.js").Exchange} Exchange */
/** @typedef {import("./options.js").Because} Because */

/** @param {any} options @param {import("./tokens.js").Tokens} found @param {Exchange} signin @param {Exchange | undefined} refresh @param {Because} because */
export function nameTokens(options, found, signin, refresh, because) {
  const renewed = tokensOf(refresh?.answer, refresh?.isSample === true);
  const tokens = /** @type {Record<string, string>} */ ({});
  const defined = /** @type {Record<"signin" | "refresh", Record<string, string>>} */ ({ signin: {}, refresh: {} });
  const id = Array.isArray(options.flows.signin) ? `http${options.flows.signin.length}` : "http1";
  const variable = (/** @type {string} */ step, /** @type {(string | number)[]} */ path) => `{{ ${step}.body.${expression(path)} }}`;
  for (const kind of /** @type {const} */ (["accessToken", "refreshToken", "expiresIn", "expiresAt"])) {
    const own = found[kind];
    const later = renewed[kind];
    if (!own) continue;
    const same = !later || later.isKnown || later.path.join("\n") === own.path.join("\n");
    if (own.isKnown && same) because(`tokens.${kind}`, `${expression(own.path)} of the answer is it, a name that doorkey knows.`);
    else if (same && !own.path.some((part) => String(part).includes("."))) {
      tokens[kind] = own.path.join(".");
      because(`tokens.${kind}`, `${expression(own.path)} of the answer is it: a name of this server’s own.`);
    } else {
      defined.signin[kind] = variable(id, own.path);
      if (later) defined.refresh[kind] = variable("http1", later.path);
      because(
        `tokens.${kind}`,
        `It is ${expression(own.path)} in the answer of the sign-in${later ? `, and ${expression(later.path)} in that of the refresh` : ""}: each flow says where.`,
      );
    }
  }
  for (const [flow, header] of /** @type {const} */ ([
    ["signin", found.header],
    ["refresh", refresh && renewed.header],
  ])) {
    if (!header) continue;
    defined[flow].accessToken = `{{ ${flow === "signin" ? id : "http1"}.headers["${header}"] }}`;
    because(
      "tokens.accessToken",
      `The answer has it in its header ${header}. From another origin, the server has to name that in Access-Control-Expose-Headers.`,
    );
  }
  if (Object.keys(tokens).length > 0) options.tokens = tokens;
  for (const flow of /** @type {const} */ (["signin", "refresh"])) {
    if (Object.keys(defined[flow]).length === 0) continue;
    const steps = Array.isArray(options.flows[flow]) ? options.flows[flow] : [{ request: options.flows[flow] }];
    options.flows[flow] = [...steps, { define: defined[flow], secret: true }];
  }
  if (!found.expiresIn && !found.expiresAt && found.jwt?.exp)
    because(
      "tokens",
      `The token says itself when it ends${found.jwt.iat ? `: ${duration(found.jwt.exp - found.jwt.iat)} after it was made` : ""}.`,
    );
  else if (!found.expiresIn && !found.expiresAt && signin.answer && (found.accessToken || found.header))
    because("tokens", "Nothing says when the token ends: the server’s 401 will.");
}

/** @param {number} seconds */
export const duration = (seconds) =>
  seconds >= 172_800
    ? `${Math.round(seconds / 86_400)} days`
    : seconds >= 7200
      ? `${Math.round(seconds / 3600)} hours`
      : seconds >= 120
        ? `${Math.round(seconds / 60)} minutes`
        : `${seconds} seconds`;
