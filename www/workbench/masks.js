// @ts-check
// What is secret in the requests of a run, and how it is taken out of what is shown.

import { isSecretName } from "./secrets.js";

const MASK = "[redacted]";
/** What goes from one server to the other in addresses, and nobody may read there. */
const PASSING = ["code", "state", "nonce", "codeverifier"];
/** 256 bit as doorkey writes them: what ties an answer to what was begun. */
const UNGUESSABLE = /[\w-]{43,}/g;
/** The same in an address to come back to, as brokers are told it. */
const OWN_ID = /\bdoorkey(?:=|%3D)([\w-]+)/g;

/** @typedef {import("./requests.js").Sent} Sent */

/** Finds what doorkey has masked, by comparing. @param {any} raw @param {any} masked @param {Set<string>} secrets */
export function collect(raw, masked, secrets) {
  if (typeof raw === "string" && typeof masked === "string" && raw !== masked && masked.includes(MASK)) {
    const pattern = masked
      .replace(/…$/, "")
      .split(MASK)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("([^]+?)");
    const found = new RegExp(`^${pattern}${masked.endsWith("…") ? "" : "$"}`).exec(raw);
    for (const secret of found?.slice(1) ?? [raw]) secrets.add(secret);
  } else if (raw && masked && typeof raw === "object") {
    for (const [key, value] of Object.entries(raw)) collect(value, masked[key], secrets);
  }
}

/** Finds what doorkey has masked in what a server has answered. @param {Sent | undefined} sent @param {any} masked the same, as the trace has it @param {Set<string>} secrets */
export function collectAnswered(sent, masked, secrets) {
  if (!sent?.answer) return;
  let raw = /** @type {any} */ (sent.answer);
  try {
    raw = JSON.parse(raw);
  } catch {} // Then it is a text to doorkey, too.
  collect(raw, masked, secrets);
}

/** Finds what requests and their answers say under the name of a secret, or pass on. @param {Sent[]} sent @param {Set<string>} secrets */
export function collectNamed(sent, secrets) {
  for (const { url, body, answer } of sent) {
    collectPassing(url, secrets, [], false);
    for (const text of [body, answer]) {
      if (!text) continue;
      for (const [, id] of text.matchAll(OWN_ID)) secrets.add(id);
      try {
        JSON.parse(text, (key, value) => {
          if (typeof value === "string" && isSecret(key)) secrets.add(value);
          return value;
        });
      } catch {
        for (const [name, value] of new URLSearchParams(text)) if (isSecret(name) || PASSING.includes(name)) secrets.add(value);
      }
    }
  }
}

/**
 * Finds what an address carries that is nobody's to read.
 * @param {string} address @param {Set<string>} secrets @param {string[]} [answers] the parameters by which the flow knows an answer
 * @param {boolean} [isLeaving] whether it is one that the page goes or comes back to
 */
export function collectPassing(address, secrets, answers = [], isLeaving = true) {
  for (const [, id] of address.matchAll(OWN_ID)) secrets.add(id);
  for (const part of address.split(/[?#]/).slice(1)) {
    for (const [name, value] of new URLSearchParams(part)) {
      if (isSecret(name) || PASSING.includes(name) || answers.includes(name)) secrets.add(value);
      else if (isLeaving && !/^code_challenge/.test(name)) for (const [id] of value.matchAll(UNGUESSABLE)) secrets.add(id);
    }
  }
}

/** Whether a member or a field of a body is secret by its name; metadata's addresses are none. @param {string} name */
const isSecret = (name) => (isSecretName(name) || name.toLowerCase().replace(/[_-]/g, "") === "codeverifier") && !/_endpoint$/.test(name);

/** Masks texts in the forms in which requests carry them. @param {Iterable<string>} secrets */
export function hider(secrets) {
  const forms = [...secrets]
    .filter(({ length }) => length > 3)
    .flatMap((secret) => {
      const bytes = new TextEncoder().encode(secret);
      const escaped = encodeURIComponent(new TextDecoder().decode(bytes)); // half a character can't be encoded
      return [secret, JSON.stringify(secret).slice(1, -1), escaped, btoa(String.fromCharCode(...bytes))];
    });
  forms.sort((a, b) => b.length - a.length);
  return (/** @type {string} */ text) => forms.reduce((hidden, form) => hidden.replaceAll(form, MASK), text);
}

/** @param {Sent} sent @param {(text: string) => string} hide */
export function shownRequest({ method, url, headers, body, status, answer, failed }, hide) {
  const head = headers.map(([name, value]) => `${name}: ${isSecretName(name) ? value.replace(/^(\w+ )?.+$/, `$1${MASK}`) : hide(value)}`);
  return {
    request: [`${method} ${hide(url)}`, ...head, ...(body ? ["", hide(named(body))] : [])].join("\n"),
    answer: failed ?? (status === undefined ? undefined : `${status}\n${hide(named(answer ?? ""))}`),
  };
}

/** A body for people: JSON in lines, without what stands under the name of a secret. @param {string} body */
function named(body) {
  try {
    const hidden = JSON.parse(body, (key, value) => (typeof value === "string" && isSecret(key) ? MASK : value));
    return JSON.stringify(hidden, null, 2);
  } catch {
    return body.length > 2000 ? `${body.slice(0, 2000)}…` : body;
  }
}
