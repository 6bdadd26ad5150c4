// @ts-check
// A description by OpenAPI 3 or Swagger 2: its operations as requests, with values that fit their schemas.

import { bodyOf, exchangeOf, ReadError } from "./exchange.js";

/** @typedef {import("./exchange.js").Exchange} Exchange */

/** A reference may lead to another one, and a schema hold others: no further than that. */
const HOPS = 20;
const DEPTH = 8;
const METHOD = /^(get|post|put|patch|delete)$/;
/** What stands for a value of each type. */
const SAMPLES = /** @type {Record<string, any>} */ ({ integer: 3600, number: 3600, boolean: true, object: {} });

/** @param {any} file @returns {Exchange[]} */
export function readOpenApi(file) {
  const description = new Description(file);
  const operations = Object.entries(file.paths ?? {}).flatMap(([path, given]) => {
    const item = description.resolve(given) ?? {};
    const methods = Object.entries(item).filter(([method]) => METHOD.test(method));
    return methods.map(([method, operation]) => description.exchange(method, path, item, operation));
  });
  return [...operations, ...description.tokenEndpoints().filter(({ url }) => !operations.some((each) => each.url === url))];
}

class Description {
  /** @param {any} file */
  constructor(file) {
    this.file = file;
    const [server] = file.servers ?? [];
    const old = file.host ? `${file.schemes?.[0] ?? "https"}://${file.host}${file.basePath ?? ""}` : "";
    this.server = String(server?.url ?? old)
      .replace(/\{(\w+)\}/g, (text, name) => server?.variables?.[name]?.default ?? text)
      .replace(/\/$/, "");
  }

  /** What a node is, where it only points to another place. @param {any} node @returns {any} */
  resolve(node) {
    let found = node;
    for (let hops = 0; typeof found?.$ref === "string" && hops < HOPS; hops++) {
      if (!found.$ref.startsWith("#/"))
        throw new ReadError(`This file points into another one (${found.$ref}). Bundle it into one file first.`);
      const keys = found.$ref
        .slice(2)
        .split("/")
        .map((/** @type {string} */ key) => decodeURIComponent(key).replace(/~1/g, "/").replace(/~0/g, "~"));
      found = keys.reduce((/** @type {any} */ at, /** @type {string} */ key) => at?.[key], this.file);
    }
    return found;
  }

  /** A value that fits a schema. @param {any} given @returns {any} */
  sample(given, depth = 0) {
    const schema = this.resolve(given) ?? {};
    const told = schema.example ?? schema.examples?.[0] ?? schema.default;
    if (told !== undefined) return told;
    const parts = schema.allOf ?? schema.oneOf?.slice(0, 1) ?? schema.anyOf?.slice(0, 1);
    if (parts && depth < DEPTH) {
      const made = parts.map((/** @type {any} */ inner) => this.sample(inner, depth + 1));
      return made.every((/** @type {any} */ value) => Object(value) === value)
        ? Object.assign({}, ...made, schema.properties && this.sample({ properties: schema.properties }, depth + 1))
        : made[0];
    }
    if (schema.properties && depth < DEPTH)
      return Object.fromEntries(Object.entries(schema.properties).map(([name, inner]) => [name, this.sample(inner, depth + 1)]));
    if (schema.type === "array") return depth < DEPTH ? [this.sample(schema.items, depth + 1)] : [];
    return schema.enum?.[0] ?? SAMPLES[schema.type] ?? "string";
  }

  /** JSON, where there is a choice of media types; with its type. @param {any} from @returns {[string, any] | undefined} */
  content(from) {
    return Object.entries(from?.content ?? {}).sort(([a], [b]) => Number(/json/.test(b)) - Number(/json/.test(a)))[0];
  }

  /** @param {any} media */
  shown(media) {
    return media?.example ?? this.resolve(Object.values(media?.examples ?? {})[0])?.value ?? this.sample(media?.schema);
  }

  /** What an operation is sent. @param {any} operation @param {any[]} parameters @returns {import("./exchange.js").Body | undefined} */
  body(operation, parameters) {
    const [type, media] = this.content(this.resolve(operation.requestBody)) ?? [];
    const kind = /form/.test(type ?? "") ? "form" : "json";
    if (media) return { kind, value: this.shown(media), isMultipart: /multipart/.test(type ?? "") };
    // Swagger 2 has bodies and forms among the parameters.
    const own = parameters.find((each) => each?.in === "body");
    if (own) return { kind: "json", value: this.sample(own.schema) };
    const fields = parameters.filter((each) => each?.in === "formData");
    if (fields.length === 0) return undefined;
    return { kind: "form", value: Object.fromEntries(fields.map((each) => [each.name, each.default ?? "string"])) };
  }

  /** What an operation answers when all is well. @param {any} operation @returns {import("./exchange.js").Answer | undefined} */
  answer(operation) {
    const [status, response] = Object.entries(operation.responses ?? {}).find(([code]) => /^2/.test(code)) ?? [];
    const answer = this.resolve(response);
    if (!answer) return undefined;
    const [, media] = this.content(answer) ?? [];
    const body = media ? this.shown(media) : this.sample(answer.schema ?? { default: "" });
    return { status: Number(status) || 200, headers: {}, body };
  }

  /** @param {string} method @param {string} path @param {any} item @param {any} operation @returns {Exchange} */
  exchange(method, path, item, operation) {
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((each) => this.resolve(each));
    const secured = operation.security ?? this.file.security;
    const isSecured = secured?.some((/** @type {any} */ each) => Object.keys(each).length > 0);
    return exchangeOf({
      method,
      url: this.server + path,
      headers: isSecured ? [["Authorization", "Bearer $token"]] : [],
      body: this.body(operation, parameters),
      answer: this.answer(operation),
      isSample: true,
      name: operation.summary ?? operation.operationId,
    });
  }

  /** Where a password is exchanged for a token, which stands among the schemes. @returns {Exchange[]} */
  tokenEndpoints() {
    const schemes = Object.values(this.file.components?.securitySchemes ?? this.file.securityDefinitions ?? {});
    const urls = schemes.flatMap((scheme) => {
      const own = this.resolve(scheme);
      return own?.flows?.password?.tokenUrl ?? (own?.flow === "password" ? own.tokenUrl : undefined) ?? [];
    });
    const whole = urls.map((url) => (/^\w+:/.test(url) ? url : `${this.server}/${url.replace(/^\//, "")}`));
    const body = bodyOf("grant_type=password&username=string&password=string");
    return [...new Set(whole)].map((url) => exchangeOf({ method: "POST", url, body, isSample: true }));
  }
}
