// @ts-check
// A cURL call, as documentation writes it and as browsers copy it, for bash and for cmd.

import { exchangeOf, ReadError } from "./exchange.js";
import { split } from "./libraries.mjs";

/** The options of curl that take a value, and are not read here. */
const VALUED =
  /^(-[AeKomTwxyYzCDEFPQrtUc]|--(user-agent|referer|output|write-out|max-time|connect-timeout|proxy|cacert|cert|key|resolve|retry|retry-delay|cookie-jar|range|interface|ciphers|tls-max|upload-file|dump-header|config|limit-rate|proxy-user))$/;
const SHORT = /** @type {Record<string, string>} */ ({
  "-X": "--request", "-H": "--header", "-d": "--data", "-F": "--form", "-u": "--user", "-b": "--cookie", "-c": "--cookie-jar",
  "-G": "--get", "-I": "--head",
}); // biome-ignore format: a table

/** Cuts a command off at its end: a line that goes on has a backslash, a caret or a backtick, or an open quote. @param {string} text @returns {number} */
export function endOfCommand(text) {
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === "\\" && quote !== "'") at += text.startsWith("\r\n", at + 1) ? 2 : 1;
    else if (quote) quote = letter === quote ? "" : quote;
    else if (letter === "'" || letter === '"') quote = letter;
    else if (letter === "\n" || letter === "|" || letter === ";") return at;
  }
  return text.length;
}

/** @param {string} command */
export function readCurl(command) {
  let words;
  try {
    words = split(command.replace(/\\\r?\n/g, " ")).slice(1);
  } catch {
    throw new ReadError("This cURL call has a quote that is not closed. Copy it again, from curl to its end.");
  }
  /** @type {Record<string, string[]>} */
  const options = {};
  /** @type {string[]} */
  const urls = [];
  const add = (/** @type {string} */ name, /** @type {string} */ value) => (options[name] ??= []).push(value);
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (!word.startsWith("-") || word === "-") {
      urls.push(word);
      continue;
    }
    // -XPOST, -sSX POST, --request=POST
    const [long, inline] = word.startsWith("--") ? word.split(/=([^]*)/) : ["", undefined];
    const letters = long ? [] : [...word.slice(1)];
    const found = long
      ? -1
      : letters.findIndex((letter) => SHORT[`-${letter}`]?.match(/request|header|data|form|user|cookie/) || VALUED.test(`-${letter}`));
    const name = long || (found < 0 ? "" : (SHORT[`-${letters[found]}`] ?? `-${letters[found]}`));
    for (const letter of found < 0 ? letters : letters.slice(0, found)) if (SHORT[`-${letter}`]) add(SHORT[`-${letter}`], "");
    const rest = found < 0 ? "" : letters.slice(found + 1).join("");
    const takes =
      /^--(request|header|data(-raw|-binary|-ascii|-urlencode)?|json|form(-string)?|user|url|cookie|cookie-jar|oauth2-bearer|url-query)$/.test(
        name,
      ) || VALUED.test(name);
    if (name) add(name, takes ? (inline ?? (rest || (words[++at] ?? ""))) : "");
  }
  const url = options["--url"]?.[0] ?? urls.find((word) => /[./:]/.test(word));
  if (!url) throw new ReadError("This cURL call has no address. Copy it again, with the address of the request.");
  const { query, ...request } = requestOf(options);
  const whole = query ? `${url}${url.includes("?") ? "&" : "?"}${query}` : url;
  return exchangeOf({ ...request, url: /^[\w.-]+(:\d+)?(\/|$)/.test(whole) ? `http://${whole}` : whole });
}

/** @param {Record<string, string[]>} options */
function requestOf(options) {
  const all = (/** @type {string[]} */ ...names) => names.flatMap((name) => options[name] ?? []);
  const headers = all("--header").map(
    (line) => /** @type {[string, string]} */ ([line.split(":")[0].trim(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  for (const token of all("--oauth2-bearer")) headers.push(["Authorization", `Bearer ${token}`]);
  const data = all("--data", "--data-raw", "--data-binary", "--data-ascii", "--json");
  for (const text of data)
    if (/^@./.test(text) && data.length === 1) throw new ReadError(`The body is in a file (${text}). Put what is in it in its place.`);
  const encoded = all("--data-urlencode").map((text) => text.replace(/=([^]*)$/, (_, value) => `=${encodeURIComponent(value)}`));
  const fields = all("--form", "--form-string").map((text) => text.replace(/=(?:"([^]*)"|([^;]*));?.*$/, "=$1$2").split(/=([^]*)/));
  const text = [...data, ...encoded].join("&");
  const isGet = options["--get"] !== undefined;
  if (options["--json"]) headers.push(["Content-Type", "application/json"]);
  const body =
    fields.length > 0
      ? { kind: /** @type {const} */ ("form"), isMultipart: true, value: Object.fromEntries(fields) }
      : isGet
        ? undefined
        : text;
  return {
    method: all("--request")[0] ?? (isGet ? "GET" : options["--head"] ? "HEAD" : body ? "POST" : undefined),
    headers,
    query: isGet ? text : "",
    body: body || undefined,
    basic: all("--user")[0],
    hasCookies: all("--cookie", "--cookie-jar").length > 0,
  };
}
