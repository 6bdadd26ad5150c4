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

/** Calls, addresses and answers, as they follow one another. @param {string} text @returns {Reading} */
function segments(text) {
  const reader = new Segments(text);
  while (reader.at < text.length) reader.step();
  reader.end();
  return { kind: "calls", exchanges: reader.exchanges, answers: reader.answers };
}

class Segments {
  at = 0;
  /** @type {Exchange[]} */
  exchanges = [];
  /** @type {import("./exchange.js").Answer[]} */
  answers = [];
  /** What came before the body of an answer; null where none has begun. @type {{ status: number, headers: Record<string, string> } | null} */
  #head = null;
  /** An address waits for its headers and its body. @type {{ method?: string, url: string, headers: [string, string][], bodies: string[] } | undefined} */
  #address;

  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  /** Reads what begins at this line. */
  step() {
    const { text, at } = this;
    const lineEnd = text.indexOf("\n", at);
    const line = text.slice(at, lineEnd < 0 ? text.length : lineEnd);
    const command = COMMAND.exec(line);
    const call = this.#callIn(line);
    const address = ADDRESS.exec(line);
    const status = STATUS.exec(line);
    if (command || call || address) this.end();
    if (command) this.#readCommand(at + command[0].length);
    else if (call) this.#readCall(at + call.index);
    else if (/^\s*[[{]/.test(line)) this.#readBody(at + line.search(/[[{]/));
    else {
      this.at = at + line.length + 1;
      if (address) this.#address = { method: address[1], url: address[2], headers: [], bodies: [] };
      else if (status) {
        this.#endAddress();
        this.#head = { status: Number(status[1]), headers: {} };
      } else this.#readLine(line);
    }
  }

  /** Ends what still waits for more. */
  end() {
    if (this.#head) this.#endAnswer("");
    this.#endAddress();
  }

  /** A call of fetch or axios that begins in this line: a long chain has the method on the line after the name. @param {string} line */
  #callIn(line) {
    const found = /\b(fetch|axios)\b/.test(line) ? CALL.exec(this.text.slice(this.at, this.at + line.length + 100)) : null;
    return found && found.index < line.length ? found : undefined;
  }

  /** @param {number} from */
  #readCommand(from) {
    const end = endOfCommand(this.text.slice(from));
    this.exchanges.push(readCurl(this.text.slice(from, from + end)));
    this.at = from + end + 1;
    // What stands behind a pipe is no request.
    if (/[|;]/.test(this.text[from + end] ?? "")) this.at += this.text.slice(this.at).split("\n", 1)[0].length + 1;
  }

  /** @param {number} from */
  #readCall(from) {
    const { exchange, end } = readFetch(this.text, from);
    this.exchanges.push(exchange);
    this.at = end;
  }

  /** @param {number} from */
  #readBody(from) {
    const { body, end } = readJson(this.text, from);
    this.at = end;
    if (this.#address) this.#address.bodies.push(JSON.stringify(body));
    else this.#endAnswer(body);
  }

  /** A header, a form, or nothing. @param {string} line */
  #readLine(line) {
    const [, name, value] = HEADER.exec(line) ?? [];
    if (name && this.#head) this.#head.headers[name.toLowerCase()] = value;
    else if (name && this.#address) this.#address.headers.push([name, value]);
    else if (this.#address && /^[\w.-]+=[^\s]*(&|$)/.test(line)) this.#address.bodies.push(line);
  }

  #endAddress() {
    if (!this.#address) return;
    const { method, url, headers, bodies } = this.#address;
    this.#address = undefined;
    const [first, second] = bodies;
    // The first of two is what was sent, and of one what looks like it.
    const looksSent = first !== undefined && /pass|pwd|grant_type/i.test(first) && !/token"?\s*:/i.test(first);
    const isBody = first !== undefined && method !== "GET" && (second !== undefined || looksSent);
    this.exchanges.push({
      ...exchangeOf({ method: method ?? (isBody ? "POST" : undefined), url, headers, body: isBody ? first : undefined }),
      ...(!method && !isBody && { isGuess: true }),
    });
    const answer = isBody ? second : first;
    if (answer !== undefined) this.#endAnswer(answerBody(answer));
  }

  /** @param {any} body */
  #endAnswer(body) {
    const { status, headers } = this.#head ?? { status: 200, headers: {} };
    this.#head = null;
    const answer = { status, headers, body };
    const last = this.exchanges.at(-1);
    if (last && !last.answer) attach(last, answer);
    else this.answers.push(answer);
  }
}

/** @param {Exchange} exchange @param {import("./exchange.js").Answer} answer */
function attach(exchange, answer) {
  exchange.answer = answer;
  if (answer.headers["set-cookie"] !== undefined) exchange.hasCookies = true;
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
