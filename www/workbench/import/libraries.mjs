// @ts-check
// The parsers of what people paste, all kept by others. serve.mjs bundles this file; Node takes it as it is.

export { parseExpressionAt } from "acorn";
export { split } from "shlex";
export { parse as parseYaml } from "yaml";
