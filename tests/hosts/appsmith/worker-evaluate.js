// How Appsmith evaluates scripts against the data tree.

import { DOM_APIS } from "./worker-dom.js";
import { accessors } from "./worker-library.js";
import { ping, queryFunctions } from "./worker-platform.js";
import { baseline, replaceTree, tree } from "./worker-tree.js";

/** The functions of each JS object, evaluated once each: no closure joins them. */
const functions = {};
const bindings = new Map();
const indirectEval = eval;

/** A page's entities. The store stays as it is when a page changes, since the worker lives on. */
export function setTree(entities) {
  entities.appsmith.store ??= tree.appsmith.store;
  replaceTree(entities);
  for (const name of Object.keys(functions)) delete functions[name];
  for (const [name, entity] of Object.entries(tree)) if (entity.type === "JS_OBJECT") defineJsObject(name, entity);
  evaluateBindings();
}

function defineJsObject(name, entity) {
  functions[name] = {};
  for (const { key, source } of entity.functions) {
    const { result, error } = evaluateSync(source);
    if (!error) functions[name][key] = result;
  }
  for (const { key, source } of entity.variables) {
    const { result, error } = evaluateSync(source);
    entity[key] = result;
    if (error) ping({ method: "EVAL_ERROR", data: { path: `${name}.${key}`, error } });
  }
}

/** The page's view of the store after its reducers ran: differences against the view it told before. */
export function updateStore({ changed, removed }) {
  for (const key of removed) delete tree.appsmith.store[key];
  Object.assign(tree.appsmith.store, changed);
  evaluateBindings();
}

export function updateEntity({ name, values }) {
  if (!tree[name]) return;
  tree[name] = { ...tree[name], ...values };
  evaluateBindings();
}

/** A widget's property that shows an expression. */
export function bind({ name, expression }) {
  bindings.set(name, expression);
  evaluateBindings();
}

/** Evaluates what shows the tree, then puts the context back for scripts that wait. */
function evaluateBindings() {
  const values = {};
  for (const [name, expression] of bindings) {
    const { result, error } = evaluateSync(expression);
    values[name] = error ? { error } : { value: cloned(result) };
  }
  if (bindings.size) ping({ method: "BINDINGS", data: values });
  restoreContext();
}

export function restoreContext() {
  self.$isDataField = false;
  Object.assign(self, context(true));
}

function context(isTrigger) {
  const names = {};
  for (const [name, entity] of Object.entries(tree)) {
    names[name] = entity;
    if (entity.type === "QUERY") names[name] = { ...entity, ...queryFunctions(name) };
    if (entity.type === "JS_OBJECT") names[name] = { ...entity, ...jsFunctions(name, entity, isTrigger) };
  }
  return names;
}

function jsFunctions(name, entity, isTrigger) {
  const out = {};
  for (const [key, fn] of Object.entries(functions[name] ?? {})) {
    out[key] = isTrigger ? recorded(`${name}.${key}`, fn) : (...args) => fn(...args);
    if (entity.results?.[key] !== undefined) out[key].data = entity.results[key];
  }
  return out;
}

/** A JS object's function: its result is kept as `.data`, and its error is tagged with where it came from. */
function recorded(path, fn) {
  const failed = (error) => {
    error.source = { path };
    error.userScript = fn.toString();
    saveResult(path, undefined);
  };
  return (...args) => {
    let result;
    try {
      result = fn(...args);
    } catch (error) {
      failed(error);
      throw error;
    }
    if (!(result instanceof Promise)) return (saveResult(path, result), result);
    return result.then(
      (value) => (saveResult(path, value), value),
      (error) => {
        failed(error);
        throw error;
      },
    );
  };
}

function saveResult(path, value) {
  const [name, key] = path.split(".");
  const data = { path, value: undefined };
  try {
    data.value = structuredClone(value);
  } catch {
    data.error = `Execution of ${path} returned an unserializable data`;
  }
  if (tree[name]) tree[name].results = { ...tree[name].results, [key]: data.value };
  ping({ method: "PROCESS_JS_FUNCTION_EXECUTION", data });
}

/** Deletes all that is not Appsmith's, a library's or the browser's: scripts leave nothing behind. */
function resetGlobalScope() {
  const libraries = new Set(accessors());
  for (const key of Object.keys(self)) {
    if (baseline.has(key) || DOM_APIS.has(key) || libraries.has(key)) continue;
    if (["evaluationVersion", "window", "document", "location"].includes(key)) continue;
    try {
      delete self[key];
    } catch {
      self[key] = undefined;
    }
  }
}

/** An event: onClick, on page load, or a script of the editor. */
export async function evaluateTrigger(script) {
  resetGlobalScope();
  restoreContext();
  Object.assign(self, { ARGUMENTS: undefined, THIS_CONTEXT: {} });
  try {
    const source = `async function $$closedFn () { const $$result = ${script}; return await $$result }\n$$closedFn.call(THIS_CONTEXT)`;
    return { result: cloned(await indirectEval(source)), errors: [] };
  } catch (error) {
    return { errors: [readable(error)] };
  }
}

/** A data field: evaluated at once, with every platform function shut. */
export function evaluateSync(script, names = {}) {
  self.$isDataField = true;
  Object.assign(self, { THIS_CONTEXT: {} }, context(false), names);
  try {
    const result = indirectEval(`function $$closedFn () { const $$result = ${script}\nreturn $$result }\n$$closedFn.call(THIS_CONTEXT)`);
    if (result instanceof Promise) {
      result.catch(() => {}); // nobody will ever hear of it: no finding about the library
      throw new Error("Found a Promise() during evaluation. Data fields cannot execute asynchronous code.");
    }
    return { result };
  } catch (error) {
    return { error: readable(error) };
  } finally {
    self.$isDataField = false;
  }
}

/** What is no Error is shown by its name and message, else as JSON. */
function readable(error) {
  if (error instanceof Error) return { name: error.name, message: error.message, code: error.code };
  return { name: error?.name || "UncaughtPromiseRejection", message: error?.message || JSON.stringify(error) };
}

function cloned(value) {
  try {
    return structuredClone(value);
  } catch {
    return undefined;
  }
}

/** A text's parts, where a binding ends as soon as its braces are even, whatever stands in quotes. @param {string} text */
function segmentsOf(text) {
  const start = text.indexOf("{{");
  let sum = 0;
  for (let at = Math.max(start, 0); start >= 0 && at < text.length; at += 1) {
    sum += { "{": 1, "}": -1 }[text[at]] ?? 0;
    if (sum === 0 && text.slice(at - 1, at + 1) === "}}") return [text.slice(start, at + 1), ...segmentsOf(text.slice(at + 1))];
  }
  return start < 0 ? [] : [text.slice(start)];
}

/** Parameters go through a binding that is made of their JSON, and are lost where that is none. @param {object} params */
function evaluatedParams(params) {
  const results = segmentsOf(`{{${JSON.stringify(params)}}}`).map((segment) => evaluateSync(segment.slice(2, -2)).result);
  return results.length === 1 ? results[0] : {};
}

/** Fills `{{ }}` of a query's texts. In a JSON body a value is written as JSON, elsewhere as text. */
export function evaluateQuery({ texts, params: given, inputs }) {
  const params = evaluatedParams(given);
  const names = { executionParams: params, inputs: { ...inputs, ...params } };
  const value = (script) => evaluateSync(script.replace(/this\.params\b/g, "executionParams"), names).result;
  const filled = {};
  for (const [place, text] of Object.entries(texts)) {
    const write = place === "body" ? (found) => JSON.stringify(found) ?? "null" : (found) => String(found ?? "");
    filled[place] = text.replace(/\{\{([\s\S]*?)\}\}/g, (_, script) => write(value(script)));
  }
  restoreContext();
  return filled;
}
