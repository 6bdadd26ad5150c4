// @ts-check
// Files that hold many requests: a HAR of a browser, a collection of Postman, or a description by OpenAPI, which openapi.js reads.

import { answerBody, exchangeOf } from "./exchange.js";
import { readOpenApi } from "./openapi.js";

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
