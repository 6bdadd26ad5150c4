// @ts-check
// One request, and its answer where there is one, whatever it was read from.

/**
 * @typedef {object} Body
 * @property {"json" | "form" | "text"} kind
 * @property {any} value
 * @property {boolean} [isMultipart] it was a multipart form, which doorkey does not send
 */
/** @typedef {{ status: number, headers: Record<string, string>, body: any }} Answer  headers in lower case */
/**
 * @typedef {object} Exchange
 * @property {string} method
 * @property {string} url
 * @property {Record<string, string>} headers as they were written
 * @property {Body} [body]
 * @property {string} [basic] what stood before and behind the colon of `-u`
 * @property {boolean} [hasCookies] it sends or keeps cookies
 * @property {Answer} [answer]
 * @property {boolean} [isSample] its values are made up from a description
 * @property {boolean} [isGuess] nobody has written its body
 * @property {string} [name] what its file calls it
 */

/** What can't be read, with what to do about it. */
export class ReadError extends Error {}

/** What a browser sends by itself, or what says nothing of the server. */
const IDLE =
  /^(host|user-agent|accept-.*|content-length|origin|referer|sec-.*|cookie|connection|dnt|priority|pragma|cache-control|te|upgrade-insecure-requests|x-requested-with|postman-token|:.*|if-.*)$/i;

/**
 * @param {object} given
 * @param {string} [given.method] @param {string} given.url
 * @param {[string, string][]} [given.headers]
 * @param {string | Body} [given.body]
 * @param {string} [given.basic] @param {boolean} [given.hasCookies] @param {Answer} [given.answer] @param {boolean} [given.isSample]
 * @param {string} [given.name]
 * @returns {Exchange}
 */
export function exchangeOf({ method, url, headers = [], body, ...more }) {
  const type = headers.find(([name]) => /^content-type$/i.test(name))?.[1] ?? "";
  const kept = headers.filter(([name, value]) => !IDLE.test(name) && value !== "" && !isUsual(name, value));
  const read = typeof body === "string" ? bodyOf(body, type) : body;
  const hasCookies =
    more.hasCookies || headers.some(([name]) => /^cookie$/i.test(name)) || more.answer?.headers["set-cookie"] !== undefined;
  const exchange = {
    method: (method ?? (read ? "POST" : "GET")).toUpperCase(),
    url: url.trim(),
    headers: Object.fromEntries(kept),
    ...more,
  };
  return { ...exchange, ...(read && { body: read }), ...(hasCookies && { hasCookies }) };
}

/** What doorkey or the browser says anyway. @param {string} name @param {string} value */
function isUsual(name, value) {
  if (/^content-type$/i.test(name)) return /^(application\/(json|x-www-form-urlencoded)|multipart\/form-data|text\/plain)\b/i.test(value);
  return /^accept$/i.test(name) && !/^application\/(vnd|json)/.test(value);
}

/** A body by its type; one of JSON is JSON even where the call forgot to say so. @param {string} text @param {string} type @returns {Body | undefined} */
export function bodyOf(text, type = "") {
  if (text.trim() === "") return undefined;
  const value = json(text);
  if (value !== undefined && typeof value === "object") return { kind: "json", value };
  if (/json/.test(type)) return { kind: "text", value: text };
  if (/^[^\s=&<{]+=/.test(text)) return { kind: "form", value: Object.fromEntries(new URLSearchParams(text.trim())) };
  return { kind: "text", value: text };
}

/** An answer of a text as it came. @param {string} text */
export const answerBody = (text) => {
  const value = json(text);
  return value === undefined ? text : value;
};

/** @param {string} text */
export function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Every value in a body that is no object or list, with the way to it.
 * @param {any} value @param {(string | number)[]} [path]
 * @returns {{ path: (string | number)[], name: string, value: any }[]}
 */
export function leaves(value, path = [], depth = 0) {
  if (value === null || typeof value !== "object")
    return [{ path, name: String(path.findLast((part) => typeof part === "string") ?? ""), value }];
  if (depth > 12) return [];
  const entries = /** @type {[string | number, any][]} */ (
    Array.isArray(value) ? value.slice(0, 50).map((item, index) => [index, item]) : Object.entries(value).slice(0, 500)
  );
  return entries.flatMap(([key, member]) => leaves(member, [...path, key], depth + 1));
}

/** A way as an expression has it: `data.list[0]["odd-name"]`. @param {(string | number)[]} path */
export const expression = (path) =>
  path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : /^[A-Za-z_$][\w$]*$/.test(part) ? `${index ? "." : ""}${part}` : `[${JSON.stringify(part)}]`,
    )
    .join("");

/** An address in parts; one that is relative has no origin. @param {string} url */
export function addressOf(url) {
  const [, origin = "", path = "", query = ""] = /^(\w+:\/\/[^/?#]*)?([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
  return { origin, path, query: Object.fromEntries(new URLSearchParams(query)) };
}

/** What a request is called where it is spoken of. @param {Exchange} exchange */
export const titleOf = ({ method, url, name }) => `${name ? `“${name}”, ` : ""}${method} ${addressOf(url).path || "/"}`;

/** Commands for cmd and PowerShell as ones for a shell. @param {string} text */
export function forShell(text) {
  const isCmd = /\^\r?\n|\^"/.test(text) && /\bcurl\b/.test(text);
  const plain = isCmd ? text.replace(/\^\r?\n\s*/g, " ").replace(/\^(.)/g, "$1") : text;
  return plain.replace(/`\r?\n/g, "\\\n");
}
