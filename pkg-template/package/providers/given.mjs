// @ts-check
// What presets have in common: how their options are checked, and what they ask and send alike.
import { AuthError } from "../error.mjs";

/** @param {string} path @param {string} message @param {unknown} [cause] @returns {never} */
function fail(path, message, cause) {
  throw new AuthError("ERR_INVALID_OPTION", message, { path, cause });
}

/** @param {unknown} value */
const isObject = (value) => typeof value === "object" && value && !Array.isArray(value);

/** What is given, and what its members hold, each read once; what throws is refused. @param {any} given @returns {any} */
export function plain(given) {
  const options = Object.create(null);
  let path = "provider";
  try {
    for (path of Object.keys(Object(given))) {
      const value = given[path];
      options[path] = isObject(value) ? { ...value } : value;
    }
    return options;
  } catch (cause) {
    return fail(path, "a getter of it throws", cause);
  }
}

/** What a path can be put behind. */
const ADDRESS = /^https?:\/\/[^/?#@\s\\]*[^/?#@\s\\:](\/[^?#\s\\]*)?$/i;

/** The options that are addresses, and what stands for `https://x` in them: a domain, a path of the page's own origin, a template. @type {Record<string, RegExp>} */
const STARTS = { issuer: /(?!)/, url: /^(?=\{\{|\/(?![/\\]))/, domain: /^(https:\/\/(?=.))?/i };

/**
 * A preset's options, checked: texts that are not empty, each needed but for `name?`; `name!` is true or false, `name+` an
 * object, and `name*` is passed on as it is. An address loses the slashes at its end, and a domain also its `https://`.
 * @template {object} T
 * @param {T} given
 * @param {string} names
 * @returns {T}
 */
export function checked(given, names) {
  const options = plain(given);
  const known = names.split(" ").map((name) => name.split(/\b(?=\W)/));
  for (const name of Object.keys(options)) {
    if (/^client_?secret$/i.test(name)) fail(name, "a page can't keep a secret: sign in by a public client, or by a broker that keeps it");
    if (!known.some(([own]) => own === name)) fail(name, "there is no such option");
  }
  for (const [name, mark] of known) {
    const value = options[name];
    if (mark && (value === undefined || mark === "*")) continue;
    if (mark === "!") {
      if (typeof value !== "boolean") fail(name, "must be true or false");
    } else if (mark === "+") {
      if (!isObject(value)) fail(name, "must be an object");
    } else if (typeof value !== "string" || !value) fail(name, "must be a text that is not empty");
    else if (STARTS[name] && !ADDRESS.test(value.replace(STARTS[name], "https://x").replace(/\{\{.*?\}\}/gs, "x")))
      fail(name, "must be an address such as https://api.example.com, with no query, fragment or spaces");
  }
  if (options.url) options.url = options.url.replace(/\/+$/, "");
  if (options.domain) options.domain = options.domain.replace(/^https:\/\/|\/+$/gi, "");
  return options;
}

/** A path between two others, with one slash before it and none behind. @param {string} path */
export const within = (path) => path.replace(/\/+$/, "").replace(/^\/*(?=.)/, "/");

export const refreshToken = "{{ session.refreshToken }}";
export const accessToken = "{{ session.accessToken }}";
export const bearer = { Authorization: `Bearer ${accessToken}` };

const password = "{{ inputs.password }}";
/** What most servers are told at a sign-in, by what they know a user by: a name, an address, or either. */
export const byName = { username: "{{ inputs.username ?? inputs.email }}", password };
export const byMail = { email: "{{ inputs.email ?? inputs.username }}", password };
export const byEither = { username: "{{ inputs.username ?? undefined }}", email: "{{ inputs.email ?? undefined }}", password };

/** @typedef {{ provider?: string, redirectUri?: string, params?: Record<string, string | null>, mode?: "redirect" | "popup" }} Brokered */

/** The options of every preset that can go to a broker. */
export const BROKERED = "provider? redirectUri? params+ mode*";

export const noChallenge = { code_challenge: null, code_challenge_method: null };

/**
 * The step that goes to a broker, or to where one has said, without those of the standard's parameters that brokers have not.
 * @param {Brokered} options
 * @param {{ [member: string]: unknown, params?: object, pkce?: boolean, bind?: string }} step
 */
export const broker = ({ redirectUri, params, mode }, step) => ({
  authorize: {
    redirectUri,
    mode,
    ...step,
    params: {
      response_type: null,
      ...(step.bind && { redirect_uri: null, state: null }),
      ...(step.pkce === false && noChallenge),
      ...step.params,
      ...params,
    },
  },
});

/** The address to come back to, as brokers are told it. */
export const back = "{{ redirectUri }}";
/** @type {{ credentials: "include" }} */
export const include = { credentials: "include" };
