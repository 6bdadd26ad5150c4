// @ts-check
// A call of fetch or axios. Its text is parsed and never run: names that it has from elsewhere stand for themselves.

import { exchangeOf, ReadError } from "./exchange.js";
import { parseExpressionAt } from "./libraries.mjs";

/** Where calls begin. */
export const CALL = /\b(?:window\.)?(?:fetch|axios(?:\s*\.\s*\w+)?)\s*\(/;

/** What an expression is, as data. @param {any} node @returns {any} */
export function literal(node) {
  if (!node) return undefined;
  if (node.type === "Literal") return node.value;
  if (node.type === "TemplateLiteral")
    return node.quasis
      .map((/** @type {any} */ part, /** @type {number} */ index) => part.value.cooked + named(node.expressions[index]))
      .join("");
  if (node.type === "ObjectExpression") {
    return Object.fromEntries(
      node.properties
        .filter((/** @type {any} */ { type }) => type === "Property")
        .map((/** @type {any} */ { key, value }) => [key.name ?? String(key.value), literal(value)]),
    );
  }
  if (node.type === "ArrayExpression") return node.elements.map(literal);
  if (node.type === "BinaryExpression" && node.operator === "+") return `${literal(node.left)}${literal(node.right)}`;
  if (node.type === "UnaryExpression" && node.operator === "-") return -literal(node.argument);
  if (node.type === "NewExpression")
    return node.callee.name === "URLSearchParams" || node.callee.name === "Headers" ? literal(node.arguments[0]) : undefined;
  if (node.type === "CallExpression")
    return node.callee.property?.name === "stringify" ? JSON.stringify(literal(node.arguments[0])) : named(node);
  return named(node);
}

/** A value that stands elsewhere, by its name. @param {any} node */
function named(node) {
  const name = node?.type === "MemberExpression" ? (node.property.name ?? node.property.value) : node?.name;
  return node === undefined ? "" : `$${name ?? "VALUE"}`;
}

/**
 * @param {string} text @param {number} at where the call begins
 * @returns {{ exchange: import("./exchange.js").Exchange, end: number }}
 */
export function readFetch(text, at) {
  let node;
  try {
    node = /** @type {any} */ (
      parseExpressionAt(text, at, { ecmaVersion: "latest", sourceType: "module", allowAwaitOutsideFunction: true })
    );
  } catch {
    throw new ReadError("This call of fetch is not whole. Copy it again, from fetch( to its last parenthesis.");
  }
  // await fetch(…).then(…): the call is inside.
  const call = innermost(node);
  const [first, second, third] = call.arguments.map(literal);
  const verb = call.callee.property?.name;
  const isForm = [second?.body, second].includes(undefined)
    ? false
    : call.arguments.some((/** @type {any} */ argument) => /URLSearchParams/.test(text.slice(argument.start, argument.end)));
  if (call.callee.name === "axios" || call.callee.object?.name === "axios") {
    const own =
      verb === undefined || verb === "request"
        ? first
        : {
            url: first,
            method: verb,
            data: /^(post|put|patch)$/.test(verb) ? second : undefined,
            ...(/^(post|put|patch)$/.test(verb) ? third : second),
          };
    return { exchange: made(own?.url, own ?? {}, own?.data, isForm), end: node.end };
  }
  return { exchange: made(first, second ?? {}, second?.body, isForm), end: node.end };
}

/** @param {any} node @returns {any} */
function innermost(node) {
  const { callee } = node;
  if (node.type === "AwaitExpression") return innermost(node.argument);
  if (node.type === "CallExpression")
    return callee.type === "MemberExpression" && callee.object.type === "CallExpression" ? innermost(callee.object) : node;
  return node.type === "MemberExpression" ? innermost(node.object) : { callee: {}, arguments: [] };
}

/** @param {unknown} url @param {any} options @param {any} body @param {boolean} isForm */
function made(url, options, body, isForm) {
  if (typeof url !== "string") throw new ReadError("The address of this call is not in it. Write it in its place, as a text.");
  const headers = /** @type {[string, string][]} */ (Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value)]));
  const hasCookies = options.credentials === "include" || options.withCredentials === true;
  const whole =
    Object(body) === body
      ? { kind: /** @type {"form" | "json"} */ (isForm ? "form" : "json"), value: body }
      : body === undefined || body === null
        ? undefined
        : String(body);
  return exchangeOf({ method: options.method, url: url.replace(/^\$\w+(?=\/)/, ""), headers, body: whole, hasCookies });
}
