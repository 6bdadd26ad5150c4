// A JS object's text, split as Appsmith splits it: each function on its own, the rest as variables.

import { parseAst } from "vite";

/**
 * @param {string} name the object's name, which also replaces `this`
 * @param {string} body
 */
export function parseJsObject(name, body) {
  if (!/^export default[\s]*?({[\s\S]*?})/.test(body)) throw new Error("Start object with export default");
  const source = body.replace(/this\./g, `${name}.`);
  const { declaration } = parseAst(source).body[0];
  const members = declaration.properties.map(({ key, value, method }) => {
    const text = source.slice(value.start, value.end);
    const isFunction = ["ArrowFunctionExpression", "FunctionExpression"].includes(value.type);
    return { isFunction, key: key.name ?? key.value, source: method ? `${value.async ? "async " : ""}function ${text}` : text };
  });
  const only = (wanted) => members.filter(({ isFunction }) => isFunction === wanted).map(({ key, source }) => ({ key, source }));
  return { type: "JS_OBJECT", body, functions: only(true), variables: only(false) };
}
