// @ts-check
// Files that hold many requests: a HAR of a browser, a collection of Postman, a description by OpenAPI.

import { answerBody, bodyOf, exchangeOf, ReadError } from "./exchange.js";

/** @typedef {import("./exchange.js").Exchange} Exchange */

/** What a file is, and its requests; nothing if it is none of these. @param {any} file @returns {{ kind: string, exchanges: Exchange[] } | undefined} */
export function readFile(file) {
  if (Array.isArray(file?.log?.entries)) return { kind: "a HAR", exchanges: readHar(file) };
  if (file?.openapi || file?.swagger) return { kind: "an OpenAPI file", exchanges: readOpenApi(file) };
  if (Array.isArray(file?.item) && file?.info) return { kind: "a Postman collection", exchanges: readPostman(file) };
  if (Array.isArray(file?.collection?.item)) return { kind: "a Postman collection", exchanges: readPostman(file.collection) };
  return undefined;
}

/** @param {any} har */
function readHar(har) {
  const pairs = (/** @type {any} */ list) =>
    /** @type {[string, string][]} */ ((list ?? []).map((/** @type {any} */ { name, value }) => [String(name), String(value)]));
  return har.log.entries
    .filter(
      (/** @type {any} */ { request }) =>
        request && !/^(OPTIONS|CONNECT)$/.test(request.method) && !/\.(js|css|png|svg|jpe?g|gif|ico|woff2?|map)(\?|$)/.test(request.url),
    )
    .map((/** @type {any} */ { request, response }) => {
      const { postData } = request;
      const body = postData?.text ?? (postData?.params ? new URLSearchParams(pairs(postData.params)).toString() : undefined);
      const headers = Object.fromEntries(pairs(response?.headers).map(([name, value]) => [name.toLowerCase(), value]));
      const content = response?.content?.encoding === "base64" ? atob(response.content.text ?? "") : (response?.content?.text ?? "");
      const answer = response?.status > 0 ? { status: response.status, headers, body: answerBody(content) } : undefined;
      return exchangeOf({
        method: request.method,
        url: request.url,
        headers: pairs(request.headers),
        body,
        answer,
        hasCookies: request.cookies?.length > 0,
      });
    });
}

/** @param {any} collection */
function readPostman(collection) {
  const variables = Object.fromEntries((collection.variable ?? []).map((/** @type {any} */ { key, value }) => [key, value]));
  const filled = (/** @type {any} */ text) =>
    String(text ?? "").replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, name) => (variables[name] ? String(variables[name]) : `$${name}`));
  const pairs = (/** @type {any} */ list) =>
    /** @type {[string, string][]} */ (
      (list ?? [])
        .filter((/** @type {any} */ { disabled }) => !disabled)
        .map((/** @type {any} */ { key, value }) => [filled(key), filled(value)])
    );
  /** @type {Exchange[]} */
  const exchanges = [];
  const read = (/** @type {any} */ item, /** @type {any} */ inherited) => {
    const auth = item.auth ?? item.request?.auth ?? inherited;
    for (const inner of item.item ?? []) read(inner, auth);
    const { request } = item;
    if (!request) return;
    const body =
      request.body?.mode === "graphql"
        ? {
            kind: /** @type {const} */ ("json"),
            value: { query: filled(request.body.graphql.query), variables: answerBody(filled(request.body.graphql.variables ?? "{}")) },
          }
        : request.body?.mode === "raw"
          ? filled(request.body.raw)
          : request.body?.mode
            ? {
                kind: /** @type {const} */ ("form"),
                value: Object.fromEntries(pairs(request.body[request.body.mode])),
                isMultipart: request.body.mode === "formdata",
              }
            : undefined;
    const headers = pairs(request.header);
    const bearer = auth?.type === "bearer" && pairs(auth.bearer).find(([key]) => key === "token")?.[1];
    if (bearer && request.auth?.type !== "noauth" && item.auth?.type !== "noauth") headers.push(["Authorization", `Bearer ${bearer}`]);
    const [example] = item.response ?? [];
    const answer = example && {
      status: example.code ?? 200,
      headers: Object.fromEntries(pairs(example.header).map(([name, value]) => [name.toLowerCase(), value])),
      body: answerBody(example.body ?? ""),
    };
    const url = filled(typeof request.url === "string" ? request.url : request.url?.raw);
    exchanges.push(exchangeOf({ method: request.method, url, headers, body, answer, name: item.name }));
  };
  read(collection, undefined);
  return exchanges;
}

/** @param {any} file */
function readOpenApi(file) {
  const resolve = (/** @type {any} */ node, depth = 0) => {
    let found = node;
    for (let hops = 0; typeof found?.$ref === "string" && hops < 20; hops++) {
      if (!found.$ref.startsWith("#/"))
        throw new ReadError(`This file points into another one (${found.$ref}). Bundle it into one file first.`);
      found = found.$ref
        .slice(2)
        .split("/")
        .reduce(
          (/** @type {any} */ at, /** @type {string} */ key) => at?.[decodeURIComponent(key).replace(/~1/g, "/").replace(/~0/g, "~")],
          file,
        );
    }
    return depth > 0 && found === undefined ? {} : found;
  };
  /** A value that fits a schema. @param {any} given @returns {any} */
  const sample = (given, depth = 0) => {
    const schema = resolve(given) ?? {};
    if (schema.example !== undefined) return schema.example;
    if (schema.examples?.[0] !== undefined) return schema.examples[0];
    if (schema.default !== undefined) return schema.default;
    const parts = schema.allOf ?? schema.oneOf?.slice(0, 1) ?? schema.anyOf?.slice(0, 1);
    if (parts && depth < 8) {
      const made = parts.map((/** @type {any} */ inner) => sample(inner, depth + 1));
      return made.every((/** @type {any} */ value) => Object(value) === value)
        ? Object.assign({}, ...made, schema.properties && sample({ ...schema, allOf: undefined }, depth + 1))
        : made[0];
    }
    if (schema.properties && depth < 8)
      return Object.fromEntries(Object.entries(schema.properties).map(([name, inner]) => [name, sample(inner, depth + 1)]));
    if (schema.type === "array") return depth < 8 ? [sample(schema.items, depth + 1)] : [];
    if (schema.enum) return schema.enum[0];
    return schema.type === "integer" || schema.type === "number"
      ? 3600
      : schema.type === "boolean"
        ? true
        : schema.type === "object"
          ? {}
          : "string";
  };
  const content = (/** @type {any} */ from) =>
    Object.entries(from?.content ?? {}).sort(([a], [b]) => Number(/json/.test(b)) - Number(/json/.test(a)))[0];
  const shown = (/** @type {any} */ media) =>
    media?.example ?? /** @type {any} */ (resolve(Object.values(media?.examples ?? {})[0]))?.value ?? sample(media?.schema);
  const server = String(
    file.servers?.[0]?.url ?? (file.host ? `${file.schemes?.[0] ?? "https"}://${file.host}${file.basePath ?? ""}` : ""),
  ).replace(/\{(\w+)\}/g, (text, name) => file.servers?.[0]?.variables?.[name]?.default ?? text);
  /** @type {Exchange[]} */
  const exchanges = [];
  for (const [path, item] of Object.entries(file.paths ?? {})) {
    for (const [method, operation] of Object.entries(resolve(item) ?? {})) {
      if (!/^(get|post|put|patch|delete)$/.test(method)) continue;
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((each) => resolve(each));
      const [type, media] = content(resolve(operation.requestBody)) ?? [];
      // Swagger 2 has bodies and forms among the parameters.
      const own = parameters.find((each) => each?.in === "body");
      const fields = parameters.filter((each) => each?.in === "formData");
      const value = media
        ? shown(media)
        : own
          ? sample(own.schema)
          : fields.length > 0
            ? Object.fromEntries(fields.map((each) => [each.name, each.default ?? "string"]))
            : undefined;
      const isForm = fields.length > 0 || /form/.test(type ?? "");
      const [status, response] = Object.entries(operation.responses ?? {}).find(([code]) => /^2/.test(code)) ?? [];
      const answer = resolve(response);
      const body = answer && (content(answer) ? shown(content(answer)?.[1]) : sample(answer.schema ?? { type: "null", default: "" }));
      const secured = operation.security ?? file.security;
      exchanges.push(
        exchangeOf({
          method,
          url: server.replace(/\/$/, "") + path,
          headers: secured?.some((/** @type {any} */ each) => Object.keys(each).length > 0) ? [["Authorization", "Bearer $token"]] : [],
          body: value === undefined ? undefined : { kind: isForm ? "form" : "json", value, isMultipart: /multipart/.test(type ?? "") },
          answer: answer && { status: Number(status) || 200, headers: {}, body },
          isSample: true,
          name: operation.summary ?? operation.operationId,
        }),
      );
    }
  }
  for (const scheme of Object.values(file.components?.securitySchemes ?? file.securityDefinitions ?? {})) {
    const url = resolve(scheme)?.flows?.password?.tokenUrl ?? (scheme.flow === "password" ? scheme.tokenUrl : undefined);
    const whole = url && (/^\w+:/.test(url) ? url : `${server.replace(/\/$/, "")}/${url.replace(/^\//, "")}`);
    if (!whole || exchanges.some((each) => each.url === whole)) continue;
    exchanges.push(
      exchangeOf({ method: "POST", url: whole, body: bodyOf("grant_type=password&username=string&password=string"), isSample: true }),
    );
  }
  return exchanges;
}
