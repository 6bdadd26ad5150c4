// @ts-check
// A life with a preset against a server that is rebuilt from what the real one was seen to say, or is documented to: every
// request is written down.
import assert from "node:assert/strict";
import { importPackage } from "../../servers/package.mjs";

/**
 * What is asked in the life of a session that signs in, refreshes, asks whether it is good, and signs out.
 * @typedef {{ provider: any, inputs?: object, answers: Record<string, Answer | Answer[]>, asked: Record<string, any>,
 *   headers?: Record<string, string>, wrong: [answer: Answer, message: string], dead?: Answer }} Life
 */
/** @typedef {{ url: string, method: string, headers: Record<string, string>, body?: string }} Request  @typedef {[status: number, body?: unknown, headers?: Record<string, string>]} Answer */

export const { doorkey, dir } = await importPackage();
export const { providers } = doorkey;

export const USER = { email: "ada@example.com", password: "secret-pass-1" };
export const PAGE = "https://app.example/callback";

/** A JWT with these claims; nobody checks its signature. @param {object} claims */
export const jwt = (claims) =>
  [{ alg: "RS256" }, claims, {}].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");

let names = 0;

/**
 * A session with a preset, whose server answers in the order of `answers`.
 * @param {object} provider @param {Record<string, Answer | Answer[]>} answers by method and URL without query; of a list each once
 * @param {object} [options]
 */
export function life(provider, answers, options) {
  /** @type {any[]} */
  const asked = [];
  /** @type {string[]} */
  const left = [];
  /** @type {string[]} */
  const shown = [];
  const host = {
    /** @param {Request} request */
    async http({ url, method, headers, body }) {
      const { "Content-Type": type, ...more } = headers;
      const query = url.includes("?") ? { query: Object.fromEntries(new URL(url).searchParams) } : {};
      asked.push({
        to: `${method} ${url.split("?")[0]}`,
        ...query,
        ...(body === undefined
          ? {}
          : {
              [/form/.test(type) ? "form" : "json"]: /form/.test(type) ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body),
            }),
        ...(Object.keys(more).length ? { headers: more } : {}),
        ...(type && !/^application\/(json|x-www-form-urlencoded)$/.test(type) ? { type } : {}),
      });
      const found = answers[`${method} ${url.split("?")[0]}`];
      assert.ok(found, `nobody answers ${method} ${url}`);
      const [status, answer = "", sent = {}] = /** @type {Answer} */ (
        Array.isArray(found[0]) ? (found.length > 1 ? found.shift() : found[0]) : found
      );
      return { status, headers: sent, body: answer };
    },
    navigateTo: (/** @type {string} */ url) => void left.push(url),
    location: () => PAGE,
    replaceLocation: (/** @type {string} */ url) => void shown.push(url),
  };
  const auth = doorkey.createAuth({ name: `preset-${names++}`, storage: "memory", crossTab: "off", host, provider, ...options });
  return {
    auth,
    /** What it was asked since the last time. */
    asked: () => asked.splice(0),
    /** Where it sent the user, and what address it left of an answer. */
    left,
    shown,
    end: () => auth.dispose(),
  };
}

/** The parameters of an address. @param {URL} url */
export const params = (url) => Object.fromEntries(url.searchParams);
