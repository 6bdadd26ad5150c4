// @ts-check
// The flows of a page, as links that open them in the workbench.

import * as providers from "../../pkg-template/package/providers/index.mjs";
import { toHash, withoutSecrets } from "../workbench/link.js";

const BLOCK = /^( *)```(\w+) *(.*)\n([^]*?)^\1```$/gm;
const AsyncFunction = /** @type {FunctionConstructor} */ ((async () => {}).constructor);

/**
 * Puts a link under each example that holds a flow which is data.
 * @param {string} text @param {string} workbench the address of the workbench
 */
export async function withLinks(text, workbench) {
  /** @type {string[]} */
  const links = [];
  for (const [, , language, role, code] of text.matchAll(BLOCK)) {
    const document = await flowOf(language, role, code);
    const href = document && workbench + (await toHash(withoutSecrets(document).clean));
    links.push(href ? `\n\n<p class="workbench"><a href="${href}" target="_self">Open in workbench</a></p>` : "");
  }
  return text.replaceAll(BLOCK, (block) => block + links.shift());
}

/** @param {string} language @param {string} role @param {string} code */
async function flowOf(language, role, code) {
  if (language === "json") return role === "other" ? undefined : JSON.parse(code);
  if (language !== "js" || !/\b(createAuth|configure)\(/.test(code)) return undefined;
  const options = await optionsOf(code);
  const { provider, flows, attach, ...rest } = options ?? {};
  const whole = { ...provider, ...rest, flows: { ...provider?.flows, ...flows }, attach: { ...provider?.attach, ...attach } };
  if (Object.keys(whole.attach).length === 0) delete whole.attach;
  return whole.flows.signin && isData(whole) ? whole : undefined;
}

/**
 * The options that an example gives first. It runs as far as that.
 * @param {string} code
 * @returns {Promise<any>}
 */
async function optionsOf(code) {
  /** @type {any} */
  let given;
  const take = (/** @type {any} */ options) => {
    given ??= options;
    throw new Error("that was all");
  };
  const body = code.replaceAll(/^import .*$/gm, "").replaceAll(/^export (?=const|async|function)/gm, "");
  const doorkey = { createAuth: take, configure: take, providers };
  try {
    await new AsyncFunction("createAuth", "configure", "providers", "doorkey", body)(take, take, providers, doorkey);
  } catch {
    // It is no page here.
  }
  return given;
}

/** Whether nothing of it would be lost in JSON. @param {unknown} value @returns {boolean} */
function isData(value) {
  if (typeof value === "function") return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isData);
}
