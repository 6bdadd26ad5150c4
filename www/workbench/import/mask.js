// @ts-check
// Secrets in what was pasted, masked as soon as it stands there. The page keeps what is behind a mask until it has read it.

import { isSecretName } from "../secrets.js";
import { forShell } from "./exchange.js";

/** What can only be a token, whatever its name. */
const TOKENS = /\beyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*)*|\b(?:sk|pk|rk|ghp|gho|xox[abp]|r:)[_-]?[A-Za-z0-9_-]{20,}/g;
/** A name and what follows it, in JSON, in JavaScript, in YAML, in a form, in a header, in a HAR's pair. */
const NAMED = [
  /(["'])([\w.-]+)\1\s*:\s*"((?:[^"\\]|\\.)+)"/g,
  /(["'])([\w.-]+)\1\s*:\s*'((?:[^'\\]|\\.)+)'/g,
  /()\b([\w-]+)\s*:\s*["'`]((?:[^"'`\\]|\\.)+)["'`]/g,
  /(\\")([\w.-]+)\\"\s*:\s*\\"((?:[^"\\]|\\[^"])+)\\"/g,
  /()\b([\w-]+)\s*:\s*\\"((?:[^"\\]|\\[^"])+)\\"/g,
  /([?&"'\s]|^)([\w.%[\]-]+)=["']?([^\s&"'\\;]+)/g,
  /(["'\n]|^)\s*([\w-]+):[ \t]*([^\n"']+)/g,
  /("name"\s*:\s*)"([\w.-]+)"\s*,\s*"value"\s*:\s*"((?:[^"\\]|\\.)+)"/g,
  /("key"\s*:\s*)"([\w.-]+)"\s*,\s*"value"\s*:\s*"((?:[^"\\]|\\.)+)"/g,
];
const USER = /(\s(?:-u|--user)\s+["']?)([^\s"':]+):([^\s"']+)/g;
const SCHEME = /^((?:Bearer|Basic|Token|JWT|DPoP|Digest)\s+)/i;
/** What documents write in the place of one. */
const EMPTY =
  /^(\$|<|\{|\[redacted|string$|null$|true$|false$|https?:|\/)|^(bearer|token|password|refresh_token|access_token|authorization_code)$/i;

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
    let hidden = forShell(text);
    /** Where it stands, however short it is. @param {RegExp} pattern @param {(name: string) => boolean} isSecret */
    const inPlace = (pattern, isSecret) => {
      hidden = hidden.replace(pattern, (/** @type {string} */ whole, _, /** @type {string} */ name, /** @type {string} */ value) => {
        const secret = isSecret(name) ? value.trim().replace(SCHEME, "") : "";
        const at = whole.lastIndexOf(secret);
        return secret === "" || EMPTY.test(secret) ? whole : whole.slice(0, at) + this.#mask(secret) + whole.slice(at + secret.length);
      });
    };
    for (const pattern of NAMED) inPlace(pattern, isSecretName);
    inPlace(USER, () => true);
    hidden = hidden.replace(TOKENS, (found) => this.#mask(found));
    // And where it stands again under no name; a short one would be found in words that are none.
    const known = [...this.#masks.keys()].filter(({ length }) => length >= 6).sort((a, b) => b.length - a.length);
    for (const secret of known) if (hidden.includes(secret)) hidden = hidden.replaceAll(secret, this.#mask(secret));
    return hidden;
  }

  /** Masks from now on what was only later seen to be a secret. @param {string} secret */
  learn(secret) {
    if (secret.length >= 6 && !EMPTY.test(secret)) this.#mask(secret);
  }

  /** The text as it was. @param {string} text */
  reveal(text) {
    // What was masked last may hold what was masked before.
    let revealed = text;
    for (const [mask, secret] of [...this.#secrets].reverse()) revealed = revealed.replaceAll(mask, () => secret);
    return revealed;
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
