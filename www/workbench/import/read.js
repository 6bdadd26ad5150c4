// @ts-check
// What was pasted, as requests with their answers: a file, or calls, addresses and answers as they follow one another in a document.

import { endOfCommand, readCurl } from "./curl.js";
import { answerBody, exchangeOf, forShell, json, ReadError } from "./exchange.js";
import { CALL, literal, readFetch } from "./fetch.js";
import { readFile } from "./files.js";
import { parseExpressionAt, parseYaml } from "./libraries.mjs";

/** @typedef {import("./exchange.js").Exchange} Exchange */
/** @typedef {{ kind: string, exchanges: Exchange[], answers: import("./exchange.js").Answer[] }} Reading  answers: those to no request */

/** What may be read at most, in characters: a HAR can be larger than a page can take. */
const LONGEST = 20_000_000;
const COMMAND = /^[ \t]*(?:[$>#%] |PS> )?(?=curl(?:\.exe)?\s)/;
const ADDRESS = /^[ \t]*(?:(GET|POST|PUT|PATCH|DELETE)\s+)?(https?:\/\/\S+|(?<=[A-Z]\s+)\/\S*)(?:\s+HTTP\/[\d.]+)?[ \t]*$/;
const STATUS = /^HTTP\/[\d.]+\s+(\d{3})/;
const HEADER = /^(?:[<>]\s*)?([A-Za-z][\w-]*):\s*(\S.*)$/;

/** @param {string} given @param {string} [answer] of the first request, where it was given apart @returns {Reading} */
export function read(given, answer = "") {
  if (given.length > LONGEST) throw new ReadError("This is too much to read. Keep only the requests that sign in, refresh and sign out.");
  const text = given
    .replace(/^\uFEFF/, "")
    .replace(/\r\n/g, "\n")
    .trim();
  const reading = fileOf(text) ?? segments(forShell(text));
  if (answer.trim() !== "") {
    const own = segments(answer.trim());
    if (own.answers.length === 0) throw new ReadError("The answer is no JSON. Copy it again, from its first brace to its last.");
    const signIn = reading.exchanges.find((each) => !each.answer);
    if (signIn) attach(signIn, own.answers[0]);
    else reading.answers.push(own.answers[0]);
  }
  if (reading.exchanges.length + reading.answers.length === 0) {
    throw new ReadError(
      text === ""
        ? "Paste the request that signs in, as a cURL call, or any of the others."
        : "There is no request in this. Paste a cURL call that begins with curl, a call of fetch, an address that begins with https://, or a HAR, OpenAPI or Postman file.",
    );
  }
  return reading;
}

/** @param {string} text @returns {Reading | undefined} */
function fileOf(text) {
  let value = text.startsWith("{") ? json(text) : undefined;
  if (value === undefined && /^\s*["']?(openapi|swagger)["']?\s*:/m.test(text) && !text.startsWith("{")) {
    try {
      value = parseYaml(text, { maxAliasCount: 100 });
    } catch (error) {
      throw new ReadError(`This OpenAPI file is no YAML that can be read: ${/** @type {Error} */ (error).message.split("\n")[0]}`);
    }
  }
  const file = Object(value) === value ? readFile(value) : undefined;
  if (file?.exchanges.length === 0)
    throw new ReadError(
      `There is no request in ${file.kind.replace(/^an? /, "this ")}. Record or export it again, with the sign-in in it.`,
    );
  return file && { ...file, answers: [] };
}

/** @param {Exchange} exchange @param {import("./exchange.js").Answer} answer */
function attach(exchange, answer) {
  exchange.answer = answer;
  if (answer.headers["set-cookie"] !== undefined) exchange.hasCookies = true;
}

/** @param {string} text @returns {Reading} */
function segments(text) {
  /** @type {Exchange[]} */
  const exchanges = [];
  /** @type {import("./exchange.js").Answer[]} */
  const answers = [];
  /** What came before the body of an answer. */
  let head = { status: 200, headers: /** @type {Record<string, string>} */ ({}), isOpen: false };
  /** An address waits for its headers and its body. @type {{ method?: string, url: string, headers: [string, string][], bodies: string[] } | undefined} */
  let address;
  const endAddress = () => {
    if (!address) return;
    const { method, url, headers, bodies } = address;
    address = undefined;
    const [first, second] = bodies;
    const isBody =
      first !== undefined &&
      method !== "GET" &&
      (second !== undefined || (/pass|pwd|grant_type/i.test(first) && !/token"?\s*:/i.test(first)));
    exchanges.push({
      ...exchangeOf({ method: method ?? (isBody ? "POST" : undefined), url, headers, body: isBody ? first : undefined }),
      ...(!method && !isBody && { isGuess: true }),
    });
    const answer = isBody ? second : first;
    if (answer !== undefined) endAnswer(answerBody(answer));
  };
  const endAnswer = (/** @type {any} */ body) => {
    const answer = { status: head.status, headers: head.headers, body };
    head = { status: 200, headers: {}, isOpen: false };
    const last = exchanges.at(-1);
    if (last && !last.answer) attach(last, answer);
    else answers.push(answer);
  };
  for (let at = 0; at < text.length; ) {
    const lineEnd = text.indexOf("\n", at);
    const line = text.slice(at, lineEnd < 0 ? text.length : lineEnd);
    const command = COMMAND.exec(line);
    // A long chain has the method on the line after the name.
    const found = /\b(fetch|axios)\b/.test(line) ? CALL.exec(text.slice(at, at + line.length + 100)) : null;
    const call = found && found.index < line.length ? found : undefined;
    const next = at + line.length + 1;
    if (command || call || ADDRESS.test(line)) {
      if (head.isOpen) endAnswer("");
      endAddress();
    }
    if (command) {
      const from = at + command[0].length;
      const end = endOfCommand(text.slice(from));
      exchanges.push(readCurl(text.slice(from, from + end)));
      at = from + end + 1;
      // What stands behind a pipe is no request.
      if (text[at - 1] === "|" || text[at - 1] === ";") at += (text.slice(at).split("\n", 1)[0]?.length ?? 0) + 1;
    } else if (call) {
      const { exchange, end } = readFetch(text, at + call.index);
      exchanges.push(exchange);
      at = end;
    } else if (ADDRESS.test(line)) {
      const [, method, url] = /** @type {RegExpExecArray} */ (ADDRESS.exec(line));
      address = { method, url, headers: [], bodies: [] };
      at = next;
    } else if (STATUS.test(line)) {
      endAddress();
      head = { status: Number(STATUS.exec(line)?.[1]), headers: {}, isOpen: true };
      at = next;
    } else if (/^\s*[[{]/.test(line)) {
      const from = at + line.search(/[[{]/);
      const { body, end } = readJson(text, from);
      if (address) address.bodies.push(JSON.stringify(body));
      else endAnswer(body);
      at = end;
    } else {
      const header = HEADER.exec(line);
      if (header && head.isOpen) head.headers[header[1].toLowerCase()] = header[2];
      else if (header && address) address.headers.push([header[1], header[2]]);
      else if (address && /^[\w.-]+=[^\s]*(&|$)/.test(line)) address.bodies.push(line);
      at = next;
    }
  }
  endAddress();
  if (head.isOpen) endAnswer("");
  return { kind: "calls", exchanges, answers };
}

/** JSON in a text, and where it ends; documents leave commas and comments in theirs. @param {string} text @param {number} from */
function readJson(text, from) {
  const end = endOfJson(text, from);
  const own = text.slice(from, end);
  const body = json(own);
  if (body !== undefined) return { body, end };
  try {
    return { body: literal(parseExpressionAt(own, 0, { ecmaVersion: "latest" })), end };
  } catch {
    throw new ReadError("An answer here is no whole JSON. Copy it again, from its first brace to its last.");
  }
}

/** @param {string} text @param {number} from */
function endOfJson(text, from) {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === "\\") at++;
    } else if (letter === "{" || letter === "[") depth++;
    else if ((letter === "}" || letter === "]") && --depth === 0) return at + 1;
  }
  return text.length;
}
