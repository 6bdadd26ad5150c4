// Appsmith's queries: kept as texts with {{ }}, filled in the worker, sent by Appsmith's server; here, by this process.

/**
 * A REST query as the editor keeps it.
 * @typedef {{ method?: string, url: string, headers?: Record<string, string>, body?: string, form?: Record<string, string>, inputs?: object }} Query
 */

/** The texts that Appsmith evaluates before each run, by place. */
export function queryEntity(name, /** @type {Query} */ { url, headers = {}, body, form = {}, inputs }) {
  const texts = { url, ...prefixed("header:", headers), ...prefixed("form:", form), ...(body === undefined ? {} : { body }) };
  return { type: "QUERY", actionId: name, name, texts, inputs, data: undefined, responseMeta: {}, isLoading: false };
}

const prefixed = (prefix, entries) => Object.fromEntries(Object.entries(entries).map(([key, value]) => [prefix + key, value]));
const under = (texts, prefix) =>
  Object.entries(texts)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value]);

/** Sends one, and tells what Appsmith's server would tell the page. */
export async function execute(/** @type {Query} */ query, texts) {
  const form = under(texts, "form:");
  const headers = Object.fromEntries(under(texts, "header:"));
  if (texts.body !== undefined) headers["content-type"] = "application/json";
  const body = form.length ? new URLSearchParams(form) : texts.body;
  try {
    const response = await fetch(texts.url, { method: query.method ?? "GET", headers, body });
    return told(response.status, await response.text(), response.headers);
  } catch (error) {
    return {
      isExecutionSuccess: false,
      statusCode: "PE-RST-5000",
      headers: {},
      body: `Could not reach ${new URL(texts.url).host}: ${error.message}`,
    };
  }
}

const names = { 200: "OK", 201: "CREATED", 400: "BAD_REQUEST", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND" };
const moreNames = { 204: "NO_CONTENT", 429: "TOO_MANY_REQUESTS", 500: "INTERNAL_SERVER_ERROR", 503: "SERVICE_UNAVAILABLE" };

/** An answer in Appsmith's words: the status as text, headers as lists, JSON parsed where it is JSON. */
export function told(status, text, headers = new Headers()) {
  return {
    isExecutionSuccess: status >= 200 && status < 300,
    statusCode: `${status} ${names[status] ?? moreNames[status] ?? ""}`.trim(),
    headers: Object.fromEntries([...headers].map(([key, value]) => [key, [value]])),
    body: parsed(text),
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
