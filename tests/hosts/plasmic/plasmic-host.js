// Plasmic's registry of functions, as far as templates can feel it: what is registered is called as $$.<namespace>.<name>.

export const $$ = (globalThis.$$ = {});

export function registerFunction(fn, { name, namespace, params, importPath }) {
  if (typeof fn !== "function" || !importPath || !Array.isArray(params)) throw new Error(`${name} can't be registered`);
  (namespace ? ($$[namespace] ??= {}) : $$)[name] = fn;
}
