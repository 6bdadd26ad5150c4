// @ts-check
// What the workbench must know of a document: its flows, their steps, and what they ask for. Whether it is right, doorkey says.

import { isSecretName } from "./secrets.js";

/** Where examples send their requests; in the workbench the embedded auth server stands there. */
export const SERVER = "https://auth.example.com";

/** The kinds of steps, and how the names of their results begin. */
const PREFIXES = /** @type {Record<string, string>} */ ({
  form: "form",
  request: "http",
  query: "query",
  script: "js",
  define: "define",
  authorize: "authorize",
});
/** A field of a form and of the list of inputs. @typedef {{ key: string, step?: string, name: string, label: string, type: string, required: boolean, value?: unknown, help?: string, options?: unknown[] }} Field */
const USUAL = [
  { name: "email", type: "email", required: true },
  { name: "password", type: "password", required: true },
];

/**
 * The options of a document, which is options or one flow; and where that flow stands in them.
 * @param {any} document
 */
export function optionsOf(document) {
  const isFlow = Array.isArray(document) || (document !== null && typeof document === "object" && "url" in document);
  return isFlow ? { options: { flows: { signin: document } }, path: "flows.signin" } : { options: document, path: "" };
}

/** The steps of a document's sign-in that leave the page. @param {any} document */
export function leavesOf(document) {
  const { options, path } = optionsOf(document);
  return stepsOf(options?.flows?.signin, path || "flows.signin").filter(({ kind }) => kind === "authorize");
}

/** The parameters by which a document's sign-in knows an answer. @param {any} document @returns {string[]} */
export const answersOf = (document) => leavesOf(document).flatMap(({ body }) => (Array.isArray(body?.answer) ? body.answer : []));

/** The steps of all flows of a document, as they stand there. @param {any} document @returns {any[]} */
export const stepsIn = (document) =>
  Object.values(Object(optionsOf(document).options?.flows))
    .flat()
    .map(Object);

/** The names of the flows that a document has, itself for a bare one. @param {any} document @returns {string[]} */
export function flowsOf(document) {
  return Object.keys(optionsOf(document).options?.flows ?? {});
}

/** A path into the options as one into the document. @param {any} document @param {string} path */
export function within(document, path) {
  const own = optionsOf(document).path;
  return own !== "" && path.startsWith(own) ? path.slice(own.length).replace(/^\./, "") : path;
}

/**
 * The steps of a flow with their ids and paths.
 * @param {any} flow @param {string} path
 * @returns {{ id: string, kind: string, path: string, body: any }[]}
 */
export function stepsOf(flow, path) {
  if (!Array.isArray(flow)) return flow && typeof flow === "object" ? [{ id: "http1", kind: "request", path, body: flow }] : [];
  const counts = /** @type {Record<string, number>} */ ({});
  return flow.map((step, index) => {
    const kind = Object.keys(PREFIXES).find((name) => Object(step)[name] !== undefined) ?? "step";
    counts[kind] = (counts[kind] ?? 0) + 1;
    return { id: step?.id ?? `${PREFIXES[kind]}${counts[kind]}`, kind, path: `${path}[${index}]`, body: Object(step)[kind] };
  });
}

/**
 * What a run of a flow asks a person for: the fields of its forms, and the inputs that its templates name.
 * @param {any} flow @returns {Field[]}
 */
export function fieldsOf(flow) {
  /** @type {Field[]} */
  const fields = [];
  for (const { id, kind, body } of stepsOf(flow, "")) {
    if (kind !== "form") continue;
    for (const field of Array.isArray(body?.fields) ? body.fields : USUAL) {
      if (typeof field?.name === "string") fields.push({ ...field, key: `${id}.${field.name}`, step: id, ...filled(field) });
    }
  }
  for (const name of inputNames(flow)) fields.push({ key: `inputs.${name}`, name, ...filled({ name, type: typeOf(name) }) });
  return fields;
}

/** @param {any} field */
function filled({ name, label, type, required }) {
  return {
    label: typeof label === "string" ? label : name[0].toUpperCase() + name.slice(1),
    type: typeof type === "string" ? type : "text",
    required: required === true,
  };
}

/** The members of `inputs` in expressions; where it stands alone, those that signin is called with. @param {any} flow */
function inputNames(flow) {
  const names = new Set();
  for (const expression of JSON.stringify(flow ?? null).match(/\{\{.*?\}\}/g) ?? []) {
    for (const [, name] of expression.matchAll(/(?<![\w.])inputs(?:\.([A-Za-z_]\w*))?/g)) {
      if (name) names.add(name);
      else USUAL.forEach((field) => names.add(field.name));
    }
  }
  return [...names];
}

/** @param {string} name */
function typeOf(name) {
  return isSecretName(name) ? "password" : /e-?mail/i.test(name) ? "email" : "text";
}
