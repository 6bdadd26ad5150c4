// @ts-check
// Secrets in what was pasted, masked as soon as it stands there. The page keeps what is behind a mask until it has read it.

import { isSecretName } from "../secrets.js";

/** What can only be a token, whatever its name. */
const TOKENS = /\beyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*)*|\b(?:sk|pk|rk|ghp|gho|xox[abp]|r:)[_-]?[A-Za-z0-9_-]{20,}/g;
/** A name and what follows it, in JSON, in JavaScript, in YAML, in a form, in a header, in a HAR's pair. */
const NAMED = [
  /(["'])([\w.-]+)\1\s*:\s*"((?:[^"\\]|\\.)+)"/g,
  /(["'])([\w.-]+)\1\s*:\s*'((?:[^'\\]|\\.)+)'/g,
  /()\b([\w-]+)\s*:\s*["'`]((?:[^"'`\\]|\\.)+)["'`]/g,
  /(\\")([\w.-]+)\\"\s*:\s*\\"((?:[^"\\]|\\[^"])+)\\"/g,
  /([?&"'\s]|^)([\w.%[\]-]+)=([^\s&"'\\]+)/g,
  /(["'\n]|^)\s*([\w-]+):[ \t]*([^\n"']+)/g,
  /("name"\s*:\s*)"([\w.-]+)"\s*,\s*"value"\s*:\s*"((?:[^"\\]|\\.)+)"/g,
  /("key"\s*:\s*)"([\w.-]+)"\s*,\s*"value"\s*:\s*"((?:[^"\\]|\\.)+)"/g,
];
const USER = /(\s(?:-u|--user)\s+["']?)([^\s"':]+):([^\s"']+)/g;
const SCHEME = /^((?:Bearer|Basic|Token|JWT|DPoP|Digest)\s+)/i;
/** What documents write in the place of one. */
const EMPTY =
  /^(\$|<|\{|\[redacted|string$|null$|true$|false$|\d{1,5}$|https?:)|^(bearer|token|password|refresh_token|access_token|authorization_code)$/i;

export class Masks {
  /** @type {Map<string, string>} the secret by its mask */
  #secrets = new Map();
  /** @type {Map<string, string>} */
  #masks = new Map();

  get size() {
    return this.#secrets.size;
  }

  /** A text without what is secret in it. @param {string} text */
  hide(text) {
    /** @type {Set<string>} */
    const secrets = new Set(this.#masks.keys());
    for (const [found] of text.matchAll(TOKENS)) secrets.add(found);
    for (const pattern of NAMED) for (const [, , name, value] of text.matchAll(pattern)) if (isSecretName(name)) add(secrets, value);
    for (const [, , , password] of text.matchAll(USER)) add(secrets, password);
    let hidden = text;
    for (const secret of [...secrets].sort((a, b) => b.length - a.length))
      if (hidden.includes(secret)) hidden = hidden.replaceAll(secret, this.#mask(secret));
    return hidden;
  }

  /** The text as it was. @param {string} text */
  reveal(text) {
    return text.replace(/\[redacted \d+\]/g, (mask) => this.#secrets.get(mask) ?? mask);
  }

  forget() {
    this.#secrets.clear();
    this.#masks.clear();
  }

  /** @param {string} secret */
  #mask(secret) {
    const mask = this.#masks.get(secret) ?? `[redacted ${this.#masks.size + 1}]`;
    this.#masks.set(secret, mask);
    this.#secrets.set(mask, secret);
    return mask;
  }
}

/** @param {Set<string>} secrets @param {string} value */
function add(secrets, value) {
  const own = value.trim().replace(SCHEME, "");
  // A short one would be found in words that are none.
  if (own.length >= 4 && !EMPTY.test(own)) secrets.add(own);
}
